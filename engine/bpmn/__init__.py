"""The only door to SpiffWorkflow: parse, lint, run, encode and migrate diagrams."""
