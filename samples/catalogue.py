"""All samples by name.

Owns: the list that ``targets init --sample`` shows.
"""

from __future__ import annotations

from samples.achieved import achieved_workbook
from samples.contradiction import contradiction_workbook
from samples.enforcement import enforcement_workbook
from samples.errors import errors_workbook
from samples.eu import eu_workbook
from samples.languages import languages_workbook
from samples.patrol import patrol_workbook
from samples.policy import policy_workbook
from samples.short import short_workbook
from workbooks.template.blank import blank_workbook
from workbooks.template.samples import Sample

SAMPLES: dict[str, Sample] = {
    "example": Sample("a small complete plan, to be read in five minutes and overwritten", blank_workbook),
    "enforcement": Sample(
        "44 markets, 6 policy areas, half a year, on published enforcement figures", enforcement_workbook
    ),
    "achieved": Sample("the same plan with what happened in its first quarter: a review half-way", achieved_workbook),
    "eu": Sample("two published half-years: a total that fell, a mix that moved far more", eu_workbook),
    "policy": Sample(
        "a policy change: one queue takes 20 % longer from April; who loses what, and why", policy_workbook
    ),
    "languages": Sample(
        "27 EU member states, moderators by language, English overflow, precision and recall", languages_workbook
    ),
    "patrol": Sample(
        "a review queue with a backlog: inflow, exits, turnaround, on Wikipedia's own logs", patrol_workbook
    ),
    "short": Sample("hours that are short of what is asked: who misses what, and why", short_workbook),
    "contradiction": Sample(
        "limits that contradict each other and capacity, and how they give way", contradiction_workbook
    ),
    "errors": Sample("wrong input of every kind, to see how each is named", errors_workbook),
}
