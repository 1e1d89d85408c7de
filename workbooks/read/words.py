"""Words with a meaning of their own in input cells: signs for nothing, and what totals are called.

Owns: these lists, as data.
"""

from __future__ import annotations

NOTHING = frozenset({"-", "–", "—", "−", "n/a", "n.a.", "#n/a"})
"""Not given, as people say it; compared in lower case."""

TOTALS = frozenset(
    {
        "total", "totals", "grand total", "sub-total", "subtotal", "sum", "overall total", "summe", "gesamt",
        "gesamtsumme", "gesamtergebnis", "zwischensumme", "somme", "total général", "sous-total", "suma",
        "total general", "somma", "totale", "totale complessivo", "soma", "total geral", "totaal", "eindtotaal",
        "suma końcowa", "razem",
    }
)  # fmt: skip
"""First words of rows that are no records; compared in lower case."""
