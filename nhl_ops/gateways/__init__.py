"""Thin input and output: vendors, payload archive, state, warehouse, files, alerts, clock."""
