"""Formats of others: readers that make events of what has a place, and count all that has none."""
