"""The files a person opens, rendered from the tables of contracts/: workbook, CSV, audit, reports, status.

Every writer takes frames and a target path and replaces the target in one step; a failing render leaves the
former file. No writer reads a clock: times come in. Vendor text passes domain/escaping.py on its way out.
"""
