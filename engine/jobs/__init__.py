"""Background work in idempotent batches, and the runners that wake it."""
