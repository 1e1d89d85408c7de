"""Codes of TC7: results."""

from __future__ import annotations

from engine.codes.kinds import CONFLICT, NOTE, Code

SOLVING: tuple[Code, ...] = (
    Code(
        "TC701",
        CONFLICT,
        "A target is not met",
        "the target",
        "Add hours there, release a limit, or lower the target; see Target Check.",
    ),
    Code(
        "TC702",
        CONFLICT,
        "A limit cannot be kept: it contradicts capacity or other limits",
        "limits that fit the hours and each other",
        "Release this limit, or one of those it meets; capacity never gives way.",
    ),
    Code(
        "TC703",
        CONFLICT,
        "Targets contradict each other",
        "targets that can hold together",
        "Make the amounts agree, or say by Priority which one counts first.",
    ),
    Code(
        "TC704",
        NOTE,
        "A queue left its fair outcome within the mix guard, so that a count target is met or missed by less",
        "the queue's fair outcome",
        "Nothing, if that is acceptable; otherwise set May lose of the queue to 0, or Mix guard lower.",
    ),
    Code(
        "TC705",
        NOTE,
        "The fairest plan was not found to full precision; a feasible plan stands in",
        "the fairest plan",
        "The targets are reached as stated; only the split among equals is less even. Report the workbook to us.",
    ),
    Code(
        "TC706",
        CONFLICT,
        "The time limit cut the answer short",
        "all priorities settled",
        "Raise the setting Time limit (s), or leave it blank.",
    ),
    Code(
        "TC707",
        CONFLICT,
        "The certificate found a difference between the plan and the answer",
        "an answer that holds when checked anew",
        "Do not use these targets; report the workbook to us.",
    ),
    Code(
        "TC708",
        NOTE,
        "A target that whole units miss by a few, because it crosses the sums of others",
        "the target, in fractions of items",
        "Nothing: whole items cannot match every sum at once; Decimals in Metrics may be set to 1 or to none.",
    ),
    Code(
        "TC709",
        NOTE,
        "A limit on a group that whole units alone break by a few, because it crosses the sums of others",
        "the limit, in fractions of items: they would keep it",
        "Nothing: it contradicts nothing. Decimals in Metrics may be set to 1 or to none, or the limit a bit wider.",
    ),
    Code(
        "TC720",
        CONFLICT,
        "Lines that cannot all hold, though any of them less they could",
        "lines that fit each other",
        "Change one line of each number: limits are somebody's choice, hours a fact until someone adds some.",
    ),
    Code(
        "TC721",
        NOTE,
        "What a limit or hold costs: what would be without it, by solving again",
        "a limit that costs nothing",
        "Nothing, if its reason is worth that; otherwise release it.",
    ),
    Code(
        "TC233",
        NOTE,
        "Limits and holds at an end whose cost was not asked",
        "what each of them costs",
        "Nothing; targets cascade --worth top asks the 20 largest, --worth all every one.",
    ),
    Code(
        "TC722",
        NOTE,
        "Misses are spread over targets: in fewer places, another amount would be missed in all",
        "misses spread, so that no target is given up",
        "Nothing, if that is wanted; otherwise set Misses to concentrate.",
    ),
    Code(
        "TC710",
        NOTE,
        "A target of a rate over work of which nothing is planned",
        "planned items that weigh the rate",
        "Nothing, or ask for work there first; a rate of nothing has no value.",
    ),
    Code(
        "TC711",
        NOTE,
        "Equal effort was not found to full precision for a rate; a reachable plan stands in",
        "the same effort for everybody",
        "The targets are reached as stated; only the split among equals is less even. Report the workbook to us.",
    ),
    Code(
        "TC712",
        NOTE,
        "A target of a handle time differs from the seconds the plan counts with",
        "the same seconds in both",
        "Put the seconds into Handle time or HandleTimes if capacity should follow the target.",
    ),
    Code(
        "TC715",
        NOTE,
        "What an SLA target asks of the backlog",
        "a backlog within what is handled in the turnaround",
        "Nothing, if the plan has less; otherwise add hours there before the period ends, or give it more time.",
    ),
)
