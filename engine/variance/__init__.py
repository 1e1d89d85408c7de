"""What happened against what was agreed: variances that add up, effects, noise, causes, landing.

Owns: the mathematics of achievement, from arrays to arrays.
Knows nothing of: sheets, and how targets were cascaded.
"""
