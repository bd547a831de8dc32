"""The trunk: who earns, how much, what was posted, who did it.

Owns User, Account, LedgerEntry, AuditEntry, AccessKey and Job (the outbox).
Imports neither a channel nor config; the channels use its actions, ledger, jobs,
audit, keys, models, commission, money, pg and errors, never its pages.

Words: an *account* is who earns; an *entry* is one signed amount on it; a *job* is
work that waits for the commit; an *actor* is a person, an access key or the system.
"""
