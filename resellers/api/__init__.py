"""The trunk over HTTP: /api/admin."""
