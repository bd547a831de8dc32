"""Every write of the marketplace: one verb, one transaction, one audit entry.

`renting` makes contracts; `orders` and `endings` move them; `payments` and `problems`
are what happens around an order; `clock` does what time asks for; `relationships`,
`providers` and `offerings` keep what is sold by whom.
"""
