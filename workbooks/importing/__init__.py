"""A new plan workbook from somebody's export: every column, name and period guessed, and every guess listed.

Owns: reading exports of any shape, the guesses, and what is named and left out.
Knows nothing of: existing plan workbooks; a new one is made.
"""
