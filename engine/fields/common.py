"""Columns that several tables share."""

from __future__ import annotations

from engine.fields.kinds import Field, Type

METRIC = Field("Metric", Type.METRIC, "Which metric", required=True, key=True)
ORG = Field("Org", Type.ORG, "Org node: id, alias or path", default="all org", key=True)
QUEUE = Field("Queue", Type.QUEUE, "Queue node: id, alias or path", default="all queues", key=True)
PERIOD = Field("Period", Type.PERIOD, "Period: id, or a date inside it", default="the whole horizon", key=True)
OWNER = Field("Owner", Type.TEXT, "Who decided it")
BASIS = Field(
    "Basis",
    Type.CHOICE,
    "What the value is counted in",
    default="total",
    choices=("total", "per working day", "per FTE day", "% of baseline", "points on baseline", "% of agreed"),
)
REASON = Field("Reason", Type.TEXT, "Why, in a sentence")
EACH = Field("Each", Type.TEXT, "Level names: the row holds for every such node or period below", key=True)
