"""TikTok's published enforcement figures, as volumes per market, policy area and sub-policy.

Owns: reading the committed tables, and the mapping of what they leave open (see data/SOURCES.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from samples.records import records

BASELINE = ("2023Q3", "2023Q4")
PLANNED = ("2024Q1", "2024Q2")
QUARTERS = (*BASELINE, *PLANNED)

LEFT_OUT = "Youth Safety & Well-Being"
"""The area without a share of its own: its sub-policies have no volumes."""

AREA_OF = {
    "Misinformation": "Integrity & Authenticity",
    "Sexual Exploitation & Gender-Based Violence": "Safety & Civility",
}
"""Sub-policies printed without their area, and the area whose shares they complete."""

_SEPARATOR = " - "


def other(area: str) -> str:
    """Return the queue that takes what the sub-policies of an area leave over."""
    return f"Other {area}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was published.

    removed, automated : (quarter, market) → videos
    area_share : (quarter, market, area) → share of the market's removals
    sub_share : (quarter, market, area) → sub-policy → share within the area; missing where none was published
    """

    removed: Mapping[tuple[str, str], float]
    automated: Mapping[tuple[str, str], float]
    area_share: Mapping[tuple[str, str, str], float]
    sub_share: Mapping[tuple[str, str, str], Mapping[str, float]]

    def markets(self, quarter: str) -> tuple[str, ...]:
        """Markets listed in a quarter, in both tables."""
        with_shares = {market for at, market, _ in self.area_share if at == quarter}
        return tuple(sorted(with_shares & {market for at, market in self.removed if at == quarter}))

    def steady_markets(self) -> tuple[str, ...]:
        """Markets listed in all four quarters."""
        listed = [set(self.markets(quarter)) for quarter in QUARTERS]
        return tuple(sorted(set.intersection(*listed)))

    def passing_markets(self) -> dict[str, tuple[str, ...]]:
        """Markets listed in some of the four quarters only → those quarters."""
        steady = set(self.steady_markets())
        names = sorted({market for quarter in QUARTERS for market in self.markets(quarter)} - steady)
        return {name: tuple(quarter for quarter in QUARTERS if name in self.markets(quarter)) for name in names}

    def areas(self) -> tuple[str, ...]:
        """Policy areas with volumes."""
        return tuple(sorted({area for _, _, area in self.area_share}))

    def sub_policies(self, area: str, quarter: str) -> tuple[str, ...]:
        """Sub-policies of an area with a share in some market of a quarter."""
        found = {
            sub
            for (at, _, of), shares in self.sub_share.items()
            if at == quarter and of == area
            for sub, share in shares.items()
            if share > 0
        }
        return tuple(sorted(found))

    def area_volume(self, quarter: str, market: str, area: str) -> float:
        """Videos removed in a market under an area: removals × share."""
        return self.removed[quarter, market] * self.area_share.get((quarter, market, area), 0.0)

    def queue_volumes(self, quarter: str, market: str, area: str) -> dict[str, float]:
        """Return the area's volume by sub-policy, the remainder under ``other(area)``; they add up to the area.

        Published shares are rounded: where they add up to more than 1 they are scaled back to 1.
        """
        shares = self.sub_share.get((quarter, market, area), {})
        total = self.area_volume(quarter, market, area)
        scale = 1 / max(1.0, sum(shares.values()))
        volumes = {sub: total * share * scale for sub, share in sorted(shares.items()) if share > 0}
        left = total - sum(volumes.values())
        return {**volumes, other(area): left} if left > SMALLEST_SHARE * total else volumes

    def total(self, quarter: str, markets: tuple[str, ...], area: str | None = None) -> float:
        """Videos removed in markets under one area, or under all."""
        areas = (area,) if area else self.areas()
        return sum(self.area_volume(quarter, market, each) for market in markets for each in areas)

    def share_by_people(self, quarters: tuple[str, ...], markets: tuple[str, ...]) -> float:
        """Share of removals that automation did not make."""
        keys = [(quarter, market) for quarter in quarters for market in markets]
        return 1 - sum(self.automated[key] for key in keys) / sum(self.removed[key] for key in keys)


SMALLEST_SHARE = 0.0005
"""Half of the last digit published: what is less is noise of adding up."""


@cache
def figures() -> Figures:
    """Return the published figures of the four quarters."""
    removed: dict[tuple[str, str], float] = {}
    automated: dict[tuple[str, str], float] = {}
    for row in records("cger_market_quarter.csv"):
        key = row["quarter"], row["market"]
        removed[key] = float(row["videos_removed"])
        automated[key] = float(row["videos_removed_automation"] or 0)
    area_share: dict[tuple[str, str, str], float] = {}
    sub_share: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in records("cger_market_policy_quarter.csv"):
        if not row["category_share"]:
            continue  # blank = not published
        share, policy = float(row["category_share"]), row["policy"]
        if row["policy_level"] == "Policy":
            area_share[row["quarter"], row["market"], policy] = share
            continue
        area, _, sub = policy.partition(_SEPARATOR) if _SEPARATOR in policy else (AREA_OF[policy], "", policy)
        if area != LEFT_OUT:
            sub_share.setdefault((row["quarter"], row["market"], area), {})[sub] = share
    return Figures(removed, automated, area_share, sub_share)
