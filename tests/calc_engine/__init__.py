"""xlwings driving LibreOffice Calc, for tests alone: our live adapter runs unchanged, in a program that calculates.

Where Excel does something of its own that our code has to live with, this does it, too: a copied formula refers to the
workbook it came from, texts that look like numbers become numbers where the cell is no text cell, a leading apostrophe
disappears, what is very hidden cannot be copied.
"""

from __future__ import annotations

import xlwings

from tests.calc import Calc
from tests.calc_engine.app import Engine


def activate(calc: Calc) -> xlwings.main.Engine:
    """Make Calc the only program that xlwings knows; return the engine."""
    engine = xlwings.main.Engine(impl=Engine(calc))
    xlwings.engines.add(engine)
    engine.activate()
    return engine
