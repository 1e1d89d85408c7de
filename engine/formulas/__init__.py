"""Formula metrics: computed from other metrics and from columns of Capacity at every node, never cascaded.

Owns: the language of formulas, and what they come to.
Knows nothing of: how the metrics they are made of came about.
"""
