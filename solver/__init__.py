"""Linear programs and the convex step after them: arrays in, certified solution out.

Owns: calling solvers, projecting onto linear rows, proving an answer.
Knows nothing of: targets, teams, workbooks. It sees columns and rows.
"""
