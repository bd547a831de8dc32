"""What the admin classes of every room are built of: lists, forms, buttons, history.

A room's `admin` says which rows there are and which actions staff may call; how a
button asks, refuses and answers is written here once.
"""
