"""Rules as data: expressions, decision tables, forms and deadlines."""
