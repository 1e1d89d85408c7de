"""Everything Excel and everything at the edge: reading, writing, templates, the command line.

Owns: packages, sheets, cells, files, locks, the terminal.
Knows nothing of: how targets are decided.
"""
