"""Rates: averages weighted by a volume, moved toward their benchmarks by equal effort.

Owns: baselines, floors, ceilings and benchmarks of rates, and how targets on them are cascaded.
Knows nothing of: how the volumes that weigh them came about.
"""
