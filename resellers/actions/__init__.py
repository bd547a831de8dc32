"""Every write of the trunk: one verb, one transaction, one audit entry."""
