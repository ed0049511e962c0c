"""One `TableSpec` a table: columns, units, keys, freshness. Schemas, checks and documents derive from it."""
