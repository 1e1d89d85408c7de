"""Small plans of any kind for hypothesis: they shrink to a handful of readable rows."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.plan import Sense, Settings
from tests.plans import PlanParts, tree

SITES = ("Site 1", "Site 2")
TEAMS = {"Site 1": ("Team 1", "Team 2"), "Site 2": ("Team 3",)}
POLICIES = ("Policy 1", "Policy 2")
QUEUES = {"Policy 1": ("Queue 1", "Queue 2"), "Policy 2": ("Queue 3",)}
MONTHS = ("Jan", "Feb")


def _two_levels(above: tuple[str, ...], below: dict[str, tuple[str, ...]]):
    return tree(*(line for node in above for line in (node, *(f"  {leaf}" for leaf in below[node]))))


@st.composite
def plan_parts(draw: st.DrawFn) -> PlanParts:
    """Return a plan of one or two sites and policies, up to two months, with any rows upon it."""
    sites, policies = SITES[: draw(st.integers(1, 2))], POLICIES[: draw(st.integers(1, 2))]
    months = MONTHS[: draw(st.integers(1, 2))]
    teams = [team for site in sites for team in TEAMS[site]]
    queues = [queue for policy in policies for queue in QUEUES[policy]]
    pairs = [(team, queue) for team in teams for queue in queues]
    history = st.one_of(st.none(), st.integers(0, 2000))
    baseline = {
        (team, queue, month): float(value)
        for team, queue in pairs
        for month in months
        if (value := draw(history)) is not None
    }
    usual = sum(baseline.values()) or 1000.0
    seconds = {queue: draw(st.sampled_from([30, 60, 300])) for queue in queues}
    where = st.tuples(
        st.sampled_from([None, *sites, *teams]),
        st.sampled_from([None, *policies, *queues]),
        st.sampled_from([None, *months]),
    )
    part = st.sampled_from([0.1, 0.5, 0.9, 1.0, 1.1, 2.0])
    targets = [
        (*scope, draw(st.sampled_from(Sense)), round(usual * draw(part) / _halves(scope)), draw(st.integers(1, 3)))
        for scope in draw(st.lists(where, max_size=4, unique=True))
    ]
    limits = []
    for scope in draw(st.lists(where, max_size=2, unique=True)):
        bound = round(usual * draw(part) / len(pairs))
        limits.append((*scope, *draw(st.sampled_from([(0, bound), (bound, float("inf")), (bound, bound)]))))
    hours = sum(value * seconds[queue] / 3600 for (_, queue, _), value in baseline.items()) or 50.0
    capacity = [
        (org, queue, month, round(hours * draw(part) / _halves((org, queue, month)), 2))
        for org, queue, month in draw(st.lists(where, max_size=3, unique=True))
    ]
    settings = Settings(
        mix_guard=draw(st.sampled_from([0.0, 0.05, 0.3])),
        misses=draw(st.sampled_from(["spread", "concentrate"])),
        fair_share_by=draw(st.sampled_from(["baseline", "hours", "even"])),
    )
    return PlanParts(
        _two_levels(sites, TEAMS), _two_levels(policies, QUEUES), tree(*months), seconds, baseline, pairs,
        targets, limits, capacity, settings,
    )  # fmt: skip


def _halves(scope: tuple[str | None, str | None, str | None]) -> float:
    """Return how much smaller a part of the plan is than the whole, roughly."""
    return 2.0 ** sum(node is not None for node in scope)
