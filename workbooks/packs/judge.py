"""Answers of all sites together: which packs count, who is overdue, where a site contradicts itself.

Owns: these judgements. Nothing is taken over silently: what does not count is an issue with its file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.codes import issue
from engine.issues import Issue, Place
from engine.trees import Tree
from solver.frozen import frozen
from workbooks.packs.family import Family, come_to, ties
from workbooks.packs.pack import BY_ORG, BY_QUEUE, Pack
from workbooks.packs.read import COUNTER, OPEN, Answer, Returned

ANSWERED, PART, NOTHING, OVERDUE = "answered", "part", "open", "overdue"


@frozen
class Judged:
    """What counts. answers : by site; state : of each site that was asked, in words."""

    answers: Mapping[str, tuple[Answer, ...]]
    state: Mapping[str, str]
    issues: tuple[Issue, ...]


def judge(sent: Sequence[Pack], returned: Sequence[Returned], tree: Tree, today: str) -> Judged:
    """Return which answers count.

    Parameters
    ----------
    sent : oldest first; the last pack of a site is the one to be answered
    tree : the one that the plan was split by last
    today : ISO day
    """
    latest = latest_packs(sent)
    known = {pack.id: pack for pack in sent}
    issues: list[Issue] = []
    answers: dict[str, tuple[Answer, ...]] = {}
    files: dict[str, Returned] = {}
    for each in returned:
        refused = _refused(each, latest, known)
        if refused is not None:
            issues.append(refused)
            continue
        site = each.pack.site if each.pack is not None else ""
        if site not in answers:
            answers[site], files[site] = each.answers, each
            continue
        issues.append(_second(each, answers[site], files[site].file))
        if answers[site] != each.answers:
            answers[site] = ()
    counted = {site: _checked(files[site], given, tree, issues) for site, given in answers.items() if given}
    state = {site: _state(Family(counted.get(site, ()), tree), pack, today) for site, pack in latest.items()}
    for site, word in state.items():
        if word == OVERDUE:
            issues.append(issue("TC945", Place("Responses"), f"{site}, due {latest[site].due}"))
    return Judged(counted, state, tuple(issues))


def latest_packs(sent: Sequence[Pack]) -> dict[str, Pack]:
    """Return the packs to be answered, by their node: the last ones, all of the tree that was split by last.

    Notes
    -----
    The same number, asked of a site and of a queue, would be negotiated twice.
    """
    return {pack.site: pack for pack in sent if pack.by == sent[-1].by}


def _refused(each: Returned, latest: Mapping[str, Pack], known: Mapping[str, Pack]) -> Issue | None:
    if each.pack is None:
        return issue("TC941", _place(each.file), each.refused)
    if each.pack.id not in known:
        return issue("TC941", _place(each.file), f"a pack for {each.pack.site} that this workbook did not send")
    now = next(iter(latest.values())).by
    if known[each.pack.id].by != now:
        whose = {BY_ORG: "nodes of the org tree", BY_QUEUE: "queues"}
        words = f"{each.pack.site} was asked in a split by {each.pack.by}; since then {whose[now]} were asked"
        return issue("TC948", _place(each.file), words)
    if latest[each.pack.site].id != each.pack.id:
        return issue("TC940", _place(each.file), f"{each.pack.site} was sent another proposal since, version "
                     f"{latest[each.pack.site].version}")  # fmt: skip
    if each.refused:
        return issue("TC942", _place(each.file), each.refused)
    return None


def _second(each: Returned, first: tuple[Answer, ...], file: str) -> Issue:
    if first == each.answers:
        return issue("TC947", _place(each.file), f"the same answers as {file}")
    return issue("TC944", _place(each.file), f"other answers than {file}")


def _checked(returned: Returned, given: tuple[Answer, ...], tree: Tree, issues: list[Issue]) -> tuple[Answer, ...]:
    """Return the answers of a site that count; what contradicts itself is open."""
    family = Family(given, tree)
    checked = []
    for each in given:
        parts = family.parts(each)
        total = come_to([(other.line, other.meant) for other in parts])
        wrong = each.wrong
        if (
            each.answer != OPEN
            and any(other.answer == COUNTER for other in parts)
            and not ties(total, each.meant, each.line)
        ):
            wrong = f"{each.meant:,.10g}, but its parts come to {total:,.10g}"
        if wrong:
            row, column = returned.cells[each.line.key]
            place = Place("Responses", returned.file, row, column)
            issues.append(issue("TC943", place, f"{each.line.where}: {wrong}"))
        checked.append(_opened(each) if wrong else each)
    return tuple(checked)


def _opened(each: Answer) -> Answer:
    return Answer(each.line, OPEN, each.value, each.reason, each.by, each.at, "contradicts its parts")


def _state(family: Family, pack: Pack, today: str) -> str:
    """Return how far a site is; a number that it left open while it answered on all parts of it is answered."""
    given = family.given
    said = sum(family.is_answered(each) for each in given)
    if given and said == len(given):
        return ANSWERED
    if pack.due and today > pack.due:
        return OVERDUE
    return PART if said else NOTHING


def _place(file: str) -> Place:
    return Place("Responses", file)
