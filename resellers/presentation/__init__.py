"""Finished values for pages and the administration: no template counts or decides."""
