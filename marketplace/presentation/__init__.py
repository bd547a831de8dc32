"""What pages say about the marketplace: finished words, never a query or a price.

Templates print these values as they are. Amounts come from `pricing` and frozen
columns; here they only get their digits, their unit and the sentence around them.
"""
