"""How large a package may be, and any part of it that is read.

Owns: the numbers. What a file claims about its sizes is compared with them, and what comes out is counted again.
"""

from __future__ import annotations

MOST_PARTS = 10_000
MOST_OF_A_PART = 512 * 2**20
MOST_IN_ALL = 2**30
MOST_OF_A_FILE = 400 * 2**20
"""Bytes of a workbook file: it is held in memory as a whole, as it was and as it will be, within one GiB."""
MOST_OF_A_TREE = 64 * 2**20
"""Bytes of a part that is held in memory as a tree: the workbook's own, formats, relationships, tables, charts."""
MOST_OF_STRINGS = 256 * 2**20
"""Bytes of the texts that all sheets share: they are held in memory as soon as any sheet is read."""
MOST_TAGS_OF_STRINGS = 16_000_000
"""Tags of those texts: four million plain ones."""
MOST_PACKED_TO_READ = 128 * 2**20
"""Bytes, as they are packed, of any part that is read: ten million cells of ordinary numbers take half."""
MOST_OF_A_TEXT = 2**20
"""Bytes of a sheet without the begin or the end of an element: a cell's text has 32,767 characters."""
MOST_PACKED = 100
"""How many times its packed size a part that is read may have, above ``SMALL``."""
SMALL = 100 * 2**10
MOST_TAGS = 40_000_000
"""Tags of a part that is read row by row: some seven million cells."""
MOST_TAGS_OF_A_TREE = 2_000_000
"""Tags, and attributes, of a part that is held in memory as a tree."""
MOST_TAGS_OF_STYLES = 1_500_000
"""Tags, and attributes, of the style part: twice what the 65,490 formats take that Excel knows."""
MOST_AROUND = 250_000
"""Cells of people's on one of the engine's sheets, around our table: each is held while the sheet is renewed."""
MOST_TEXT_AROUND = 32 * 2**20
"""Characters of all those cells together."""
MOST_OF_A_TABLE = 80_000_000
"""Cells of a table of ours that stands in a workbook, empty ones included."""
MOST_FAULTS = 1_000_000
"""Cells of an input sheet with errors, or formulas without a value."""
MOST_CELLS = 12_000_000
"""Cells of an input sheet, empty ones between others included: one million rows of twelve columns."""
