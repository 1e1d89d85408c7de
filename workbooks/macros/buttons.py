"""The buttons: what each is called, which macro it starts, and what it does.

Owns: this list; the sheet Control, the ribbon of the add-in and the documentation derive from it.
"""

from __future__ import annotations

from solver.frozen import frozen


@frozen
class Button:
    """One button. macro : a Sub of the module TargetsButtons; verb : what the Sub asks for; icon : Office's name."""

    caption: str
    macro: str
    verb: str
    about: str
    icon: str


BUTTONS = (
    Button(
        "Check", "TargetsCheck", "check",
        "Lists everything that is wrong or surprising in Diagnostics. Changes no result.", "ReviewAcceptChange",
    ),
    Button(
        "Cascade", "TargetsCascade", "cascade",
        "Shares the targets out and brings the result sheets up to date. Stops if somebody typed over a result.",
        "CalculateNow",
    ),
    Button(
        "Keep edits", "TargetsKeep", "cascade keep",
        "Cascade; numbers typed over results become rows of Limits, with you as the owner.", "FileSave",
    ),
    Button(
        "Discard edits", "TargetsDiscard", "cascade discard",
        "Cascade; numbers typed over results are lost.", "Delete",
    ),
    Button(
        "Variance", "TargetsVariance", "variance",
        "Compares actuals with what was agreed, and shows the figures in Variance.", "ChartTypeColumnInsertGallery",
    ),
    Button(
        "Review", "TargetsReview", "review",
        "The same, and shows the page for the meeting.", "FileViewDigitalSignatures",
    ),
    Button(
        "Hold selection", "TargetsHold", "hold",
        "Selected targets of Cascade, Org Targets or Queue Targets become rows of Limits, with you as the owner. "
        "Select on the sheet first; then click here, or press Ctrl+Shift+H there.", "Lock",
    ),
    Button(
        "Explain selection", "TargetsExplain", "explain",
        "Why is the selected target what it is? The explanation appears as a note on its cell (Ctrl+Shift+E there).",
        "Help",
    ),
    Button(
        "Undo", "TargetsUndo", "undo",
        "Puts the result sheets back as they were before the last click that wrote them.", "Undo",
    ),
)  # fmt: skip
