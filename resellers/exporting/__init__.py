"""Tables of profiles, referrals and sales that staff take away.

Columns are declared as fields of django-import-export and read off rows in chunks of a
few queries each; the files themselves, with the rule of formulas, are `resellers.tables`.
The package's import engine is not used: it saves rows itself, where here an action
does, and its dry run holds the database's write lock for the whole file.
Source: 5-resellers, section 9, "Export".
"""
