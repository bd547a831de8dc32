"""The resellers' part of the demo: two years of referrals and sales.

Three people have a story made by hand, a crowd of made-up profiles stands around them.
Every row is written by the same actions as in earnest, with the time held at the moment
of each deed. The same story for the same `now`, but for ids and codes. Source:
5-resellers, section 9; 9-quality, section 1.
"""
