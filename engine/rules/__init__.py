"""The rules HR owns, made executable: numbers, expressions, decision tables, forms, deadlines."""
