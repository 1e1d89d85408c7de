"""Regions of the markets. The grouping is ours; the report lists markets only."""

from __future__ import annotations

REGIONS: dict[str, tuple[str, ...]] = {
    "North America": ("Canada", "United States"),
    "Latin America": ("Argentina", "Brazil", "Colombia", "Dominican Republic", "Ecuador", "Mexico", "Peru"),
    "Europe": ("France", "Germany", "Italy", "Netherlands", "Poland", "Romania", "Spain", "United Kingdom"),
    "Eastern Europe & Central Asia": ("Azerbaijan", "Kazakhstan", "Ukraine"),
    "Middle East & North Africa": (
        "Algeria",
        "Egypt",
        "Iraq",
        "Israel",
        "Lebanon",
        "Libya",
        "Morocco",
        "Saudi Arabia",
        "Turkey",
        "United Arab Emirates",
    ),
    "Sub-Saharan Africa": ("Nigeria", "Somalia", "South Africa"),
    "South Asia": ("Bangladesh", "Pakistan"),
    "South-East Asia & Pacific": (
        "Australia",
        "Cambodia",
        "Indonesia",
        "Laos",
        "Malaysia",
        "Myanmar",
        "Philippines",
        "Thailand",
        "Vietnam",
    ),
}


def region_of(market: str) -> str:
    """Return the region of a market."""
    return next(region for region, markets in REGIONS.items() if market in markets)
