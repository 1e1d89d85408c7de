"""What if: cells of the input changed, and the whole plan solved again. Nothing here guesses from prices alone.

Knows nothing of: workbooks. Edits are cells of input tables, so that what is said can be typed as it is said.
"""
