"""Signing in, and staying who one is.

Owns no rows: django-allauth keeps addresses and authenticators, `config.Counter`
keeps the tries, `resellers` the people. A *try* is one guess at a password or code,
counted before it is checked; a *lock* is the end of the tries an account or a network
address has; *fresh* is a session that proved itself within the last ten minutes.
"""
