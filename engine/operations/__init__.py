"""What service tasks of a diagram may call, registered and reviewed."""
