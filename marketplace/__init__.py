"""Marketplace: onboarded providers resell the offerings of external ones.

Owns providers, offerings, reseller relationships, contracts, payments and reseller
orders. May import the trunk's floors below its pages (`resellers.actions` and down);
knows nothing of the other channel. Words: `docs/architecture.md`.
"""
