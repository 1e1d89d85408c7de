"""Whole units: a plan of fractions becomes one of items, and what was asked still ties.

Owns: which sums are kept while cells are rounded, and the flow that rounds them.
Knows nothing of: how the plan came about.
"""
