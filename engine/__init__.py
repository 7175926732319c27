"""The engine: executes diagrams, rules and forms and keeps the audit trail; knows no HTTP."""
