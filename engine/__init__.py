"""The domain: plans, trees, checks, the decision model, the cascade and its reasons.

Owns: what a target means and how it is shared out.
Knows nothing of: files, the clock, Excel, solver libraries.
"""
