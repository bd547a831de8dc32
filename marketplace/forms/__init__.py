"""What people type, parsed: the actions decide whether it may happen."""
