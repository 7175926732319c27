"""One function is one intention of a user and one transaction."""
