"""What pages of the trunk ask; they parse, actions decide."""
