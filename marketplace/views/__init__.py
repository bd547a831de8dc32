"""The pages of the marketplace, one module for each noun.

A view has four beats: who may, what came in, do it, answer. `access` answers the first.
"""
