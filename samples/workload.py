"""What is not published about the work: review times, crews, time lost. All of it assumptions.

Owns: the assumptions of the enforcement samples and the handle times and crews that follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from samples.figures import BASELINE, Figures
from workbooks.template.contents import Assumption, Formula

SECONDS_PER_HOUR = 3600
CLASSES = {"quick": 15.0, "standard": 48.0, "hard": 180.0}
"""Seconds of one review, by class of queue."""

HARD = frozenset(
    {
        "Human Exploitation",
        "Sexual Exploitation & Gender-Based Violence",
        "Suicide & Self-Harm",
        "Violent & Hateful Orgs & Individuals",
        "Youth Exploitation & Abuse",
    }
)
QUICK = frozenset(
    {
        "Alcohol, Tobacco & Drugs",
        "Dangerous Activities & Challenges",
        "Fake Engagement",
        "Gambling",
        "Nudity & Body Exposure",
        "Sexually Suggestive Content",
        "Unoriginal Content & QR Codes",
    }
)

_SEEN_WHY = (
    "Removals that automation did not make, 2023 Q3 and Q4, these markets (computed from the report, rounded). "
    "That each took one review is the assumption."
)


@dataclass(frozen=True, slots=True)
class Workload:
    """The assumptions about the work of one sample.

    seen_by_people : share of removals that a person reviewed
    crew_margin : how much larger crews are than the average quarter of the baseline needed
    """

    seen_by_people: float
    crew_margin: float
    hours_per_day: float = 8.0
    working_days: float = 65.0
    shrinkage: float = 0.3
    occupancy: float = 0.85

    @property
    def hours_per_fte(self) -> float:
        """Productive hours of one FTE in a quarter."""
        return self.hours_per_day * self.working_days * (1 - self.shrinkage) * self.occupancy

    def handle_time(self, queue: str) -> Formula:
        """Return the seconds one removal takes on average: share seen by people × seconds of a review."""
        kind = class_of(queue)
        return Formula(f"Seen_by_people*Review_seconds_{kind}", self.seen_by_people * CLASSES[kind])

    def seconds(self, queue: str) -> float:
        """Return the same as a number."""
        return self.seen_by_people * CLASSES[class_of(queue)]

    def crew(self, figures: Figures, market: str) -> float:
        """Return the whole FTE that the market's average quarter of the baseline needs, plus the margin."""
        return float(max(1, ceil(self._hours_needed(figures, market) * (1 + self.crew_margin) / self.hours_per_fte)))

    def _hours_needed(self, figures: Figures, market: str) -> float:
        """Hours of an average quarter; 2023 Q3 has no sub-policies, so it takes the mix of 2023 Q4."""
        mix_quarter = BASELINE[-1]
        hours = 0.0
        for area in figures.areas():
            volumes = figures.queue_volumes(mix_quarter, market, area)
            total = sum(volumes.values())
            if total == 0:
                continue
            mean_seconds = sum(volume * self.seconds(queue) for queue, volume in volumes.items()) / total
            average = sum(figures.area_volume(quarter, market, area) for quarter in BASELINE) / len(BASELINE)
            hours += average * mean_seconds / SECONDS_PER_HOUR
        return hours

    def assumptions(self) -> tuple[Assumption, ...]:
        """Return the assumptions as they stand on their sheet."""
        return (
            Assumption("Seen_by_people", "Removals that a person reviews", self.seen_by_people, "%", _SEEN_WHY, "0.0%"),
            Assumption(
                "Review_seconds_quick",
                "One review, quick queues",
                CLASSES["quick"],
                "s per review",
                "Press: about 15 seconds per short video, 700 to 1,000 a day.",
            ),
            Assumption(
                "Review_seconds_standard",
                "One review, standard queues",
                CLASSES["standard"],
                "s per review",
                "Press: 48 seconds for a video of one minute; about 200 posts a day elsewhere.",
            ),
            Assumption(
                "Review_seconds_hard",
                "One review, hard queues",
                CLASSES["hard"],
                "s per review",
                "Press: fewer than 150 items a day on hard queues, that is 3 minutes and more.",
            ),
            Assumption(
                "Hours_per_day",
                "Paid hours per FTE and working day",
                self.hours_per_day,
                "h/FTE/day",
                "A common contract. Press reports name longer shifts.",
            ),
            Assumption(
                "Working_days",
                "Working days of a quarter",
                self.working_days,
                "days",
                "Mondays to Fridays of 2024 Q1, and of Q2; public holidays are left out.",
                "0",
            ),
            Assumption(
                "Shrinkage_assumed",
                "Shrinkage: leave, training, breaks, wellness, meetings",
                self.shrinkage,
                "% of paid hours",
                "Planners often see 25 % to 35 %.",
                "0.0%",
            ),
            Assumption(
                "Occupancy_assumed",
                "Occupancy: share of queue time spent handling",
                self.occupancy,
                "% of queue time",
                "A common range is 75 % to 88 %.",
                "0.0%",
            ),
        )


def class_of(queue: str) -> str:
    """Return the class of a queue: quick, standard or hard."""
    if queue in HARD:
        return "hard"
    return "quick" if queue in QUICK else "standard"
