"""Demonstrations that one unit needs and that are too long for a notebook cell: a module a unit."""
