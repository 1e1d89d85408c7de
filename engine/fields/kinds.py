"""What a column, a table and a setting are, and how headers are compared.

Owns: the shapes of the field table.
"""

from __future__ import annotations

from enum import StrEnum
from math import inf

from solver.frozen import frozen


class Type(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # 0…1, shown as a percentage
    DATE = "date"
    CHOICE = "choice"
    FLAG = "yes or no"
    METRIC = "metric"
    ORG = "org node"
    QUEUE = "queue node"
    PERIOD = "period"
    ID = "id"  # what the row itself is called
    ANY = "any"  # Settings: the type depends on the setting


@frozen
class Field:
    """One column of an input table.

    unit : shown in brackets in the template's header; does not count when headers are matched
    default : what a blank means, in words; "" = not given
    lower, upper : bounds of a number; ``above`` = the lower bound itself is out
    choices : what a CHOICE may be
    percent : a text such as "105 %" is read as the share it means
    words : texts that may stand where a number is expected, and what is done about them is the table's own affair
    key : the column is part of what identifies a row (two rows with equal keys are duplicates)
    """

    name: str
    type: Type
    description: str
    required: bool = False
    unit: str = ""
    default: str = ""
    lower: float = -inf
    upper: float = inf
    above: bool = False
    choices: tuple[str, ...] = ()
    percent: bool = False
    words: tuple[str, ...] = ()
    key: bool = False


@frozen
class Table:
    """One input table.

    wide : extra columns may be periods (no Period and Value column) or metrics (no Metric and Value column)
    levels : instead of Node and Parent, each level of the tree may be a column
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    optional: bool = False
    wide: bool = False
    levels: bool = False

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(field for field in self.fields if field.name == name)


def normalise_header(text: object) -> str:
    """Return a header as it is compared: no case, spaces, ``_``, ``-``, line breaks, nor a unit in brackets."""
    words = str(text)
    while (start := words.rfind("(")) >= 0 and (end := words.find(")", start)) >= 0:
        words = words[:start] + words[end + 1 :]
    return "".join(letter for letter in words.casefold() if not letter.isspace() and letter not in "_-\u00a0*")


@frozen
class Setting:
    """One row of Settings: Setting names it, Value holds it."""

    name: str
    type: Type
    default: object
    description: str
    choices: tuple[str, ...] = ()
    lower: float = -inf
    upper: float = inf
