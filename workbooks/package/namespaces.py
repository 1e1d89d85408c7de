"""Namespaces of a package: the same words in two dialects.

Owns: names of elements, relationship types and content types, transitional and strict.
"""

from __future__ import annotations

from solver.frozen import frozen

CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PAIRS = (
    ("spreadsheetml/2006/main", "spreadsheetml/main"),
    ("officeDocument/2006/relationships", "officeDocument/relationships"),
    ("drawingml/2006/spreadsheetDrawing", "drawingml/spreadsheetDrawing"),
    ("drawingml/2006/chart", "drawingml/chart"),
    ("drawingml/2006/main", "drawingml/main"),
)
MAIN = _TRANSITIONAL + _PAIRS[0][0]
REL = _TRANSITIONAL + _PAIRS[1][0]
MAIN_STRICT = _STRICT + _PAIRS[0][1]

WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
PIVOT_CACHE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
TREES = (STYLES, TABLE, COMMENTS, DRAWING, CHART, VML, RELATIONSHIPS_TYPE)
"""Types of parts that are read into trees, besides the workbook's own."""


@frozen
class Dialect:
    """Which of the two dialects a package speaks."""

    is_strict: bool

    @property
    def main(self) -> str:
        """Namespace of workbook and sheet elements."""
        return MAIN_STRICT if self.is_strict else MAIN

    @property
    def rel(self) -> str:
        """Namespace of ``r:id``, and the beginning of relationship types."""
        return self.said(REL)

    def tag(self, name: str) -> str:
        """Return an element name as lxml writes it."""
        return f"{{{self.main}}}{name}"

    def said(self, text: str) -> str:
        """Return text of ours, written in the transitional dialect, in this one."""
        if self.is_strict:
            for transitional, strict in _PAIRS:
                text = text.replace(_TRANSITIONAL + transitional, _STRICT + strict)
        return text
