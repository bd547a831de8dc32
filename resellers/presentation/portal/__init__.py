"""Finished values for the reseller's own pages: no query, no choice in a template.

Source: 5-resellers, section 10; 10-face, "Earning".
"""
