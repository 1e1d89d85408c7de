"""Workbooks that show one thing each, on real figures where they exist.

Owns: the sample plans, the public figures they stand on, and one small workbook per code of an issue.
Knows nothing of: how a plan is read or solved.
"""
