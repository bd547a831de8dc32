"""The marketplace's part of the demo: 120 days of trade, lived through the actions.

Every row is written by the same actions as in earnest, with the time held at the moment
of each deed, so that audit, ledger and deadlines look like life. The same story for the
same `now`. Source: 4-marketplace, section 10.
"""
