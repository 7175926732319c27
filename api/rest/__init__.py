"""The REST interface: one router a noun."""
