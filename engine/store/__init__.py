"""The only door to SQL: database, tables and one module a noun."""
