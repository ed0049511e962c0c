"""The fault drill: vendor by fault."""
