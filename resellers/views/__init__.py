"""Pages of resellers, and the links that mails carry."""
