"""The catalogue file: pure parsing and checking of the 40-column CSV.

`reader` turns bytes into filed offerings, row errors and warnings; `cells` reads one
cell at a time; `rebuild` writes a filed offering as columns again; `words` folds texts
for search. Source: 4-marketplace, section 7.
"""
