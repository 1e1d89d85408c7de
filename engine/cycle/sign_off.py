"""How far each part of a plan is: draft, proposed, agreed or sealed, version by version.

A node stands where its own last word has it. Without one it stands where its parts have come to, all of them, and
without parts where the nearest node above has its word.

Owns: that rule, and what is surprising about who has signed what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.codes import issue
from engine.fields import SIGN_OFF_STATUSES
from engine.issues import NOWHERE, Issue
from engine.plan import Plan
from engine.signature import Signature
from engine.trees import ROOT, Tree
from solver.frozen import frozen

AGREED = SIGN_OFF_STATUSES.index("agreed")
NOTHING = -1
"""Rank of a node about which nobody has said anything."""


@frozen
class KeptVersion:
    """A version that the workbook keeps: its status is a word on the whole plan.

    at : ISO day and time; prints : fingerprints of its inputs and targets
    """

    name: str
    status: str
    by: str
    at: str
    prints: tuple[str, str] = ("", "")


@frozen
class Standing:
    """Where a node stands in a version.

    rank : position among the statuses, NOTHING where nobody has said anything
    word : the node's own last word, None where it stands where others are
    source : node whose word holds for it, itself included; -1 where its parts tell, or nothing does
    agreed, parts : of the nodes right below, how many have agreed themselves, and how many there are
    has_signed : whether it has a word of its own, or all of its parts have
    """

    version: str
    node: int
    is_queue: bool
    rank: int
    word: Signature | None
    source: int
    agreed: int
    parts: int
    has_signed: bool


def standings(plan: Plan, kept: Sequence[KeptVersion]) -> tuple[Standing, ...]:
    """Return where every node stands, the newest version first: org nodes in tree order, then queues that signed.

    Notes
    -----
    Versions that are not kept come last: a row of SignOff may name one by mistake.
    Org nodes are listed as far down as anybody has signed, and one level at least.
    """
    found: list[Standing] = []
    by_version = _by_version(plan, kept)
    names = {each.name for each in kept}
    newest_first = list(reversed(by_version.items()))
    for version, words in sorted(newest_first, key=lambda each: each[0] not in names):
        of_org = {word.node: word for word in words if not word.is_queue}
        deepest = max([1, *(int(plan.org.depth[node]) for node in of_org)])
        found += [each for each in _of_tree(plan.org, version, of_org) if plan.org.depth[each.node] <= deepest]
        of_queues = {word.node: word for word in words if word.is_queue}
        queues = _of_tree(plan.queues, version, of_queues, is_queue=True)
        found += [each for each in queues if each.word is not None]
    return tuple(found)


def sign_off_findings(plan: Plan, kept: Sequence[KeptVersion]) -> tuple[Issue, ...]:
    """Return what is surprising about the rows of SignOff."""
    if not plan.signed:
        return ()
    return (*_of_rows(plan, kept), *_ahead_of_parts(plan, kept))


def _by_version(plan: Plan, kept: Sequence[KeptVersion]) -> dict[str, list[Signature]]:
    """Return the words on each version, the last one last, by the name of the version, oldest first."""
    found: dict[str, list[Signature]] = {each.name: [] for each in kept}
    names = {each.name.casefold(): each.name for each in kept}
    for word in plan.signed:
        version = version_meant(word.version, plan, kept)
        name = names.setdefault(version.casefold(), version)
        found.setdefault(name, []).append(word)
    for each in kept:
        found[each.name] = _with_kept(found[each.name], each)
    return found


def _with_kept(words: Sequence[Signature], kept: KeptVersion) -> list[Signature]:
    """Return the words on a version with its status among them: a word of the same day came later, but for a seal."""
    day = kept.at[:10]
    status = Signature(ROOT, False, kept.name, kept.status, kept.by, day, "", NOWHERE)
    if kept.status == "sealed":
        return [*words, status]
    at = next((at for at, word in enumerate(words) if not word.at or word.at >= day), len(words))
    return [*words[:at], status, *words[at:]]


def version_meant(named: str, plan: Plan, kept: Sequence[KeptVersion]) -> str:
    """Return the version that a word is on: the one it names, else that of Settings where it is kept, else the last."""
    own = plan.settings.version
    is_kept = own.casefold() in {each.name.casefold() for each in kept}
    return named or (own if is_kept or not kept else kept[-1].name)


def _of_tree(tree: Tree, version: str, words: Mapping[int, Signature], *, is_queue: bool = False) -> Iterator[Standing]:
    """Yield where each node of a tree stands. words : the last one of each node that has any."""
    holds = [-1] * len(tree)  # node whose word is the nearest from a node upwards
    for node in range(len(tree)):
        above = int(tree.parent[node])
        holds[node] = node if node in words else (holds[above] if above >= 0 else -1)
    ranks = [SIGN_OFF_STATUSES.index(words[at].status) if at >= 0 else NOTHING for at in holds]
    is_told = [node in words for node in range(len(tree))]  # by itself or by parts, not from above alone
    has_signed = list(is_told)
    for node in range(len(tree) - 1, -1, -1):
        below = tree.children[node]
        if node not in words and below:
            ranks[node] = min(ranks[child] for child in below)
            is_told[node] = any(is_told[child] for child in below)
            has_signed[node] = all(has_signed[child] for child in below)
    for node, below in enumerate(tree.children):
        source = -1 if is_told[node] and node not in words else holds[node]
        agreed = sum(has_signed[child] and ranks[child] >= AGREED for child in below)
        yield Standing(version, node, is_queue, ranks[node], words.get(node), source, agreed, len(below),
                       has_signed[node])  # fmt: skip


def _of_rows(plan: Plan, kept: Sequence[KeptVersion]) -> Iterator[Issue]:
    versions = {each.name.casefold(): each for each in kept}
    names = ", ".join(dict.fromkeys(each.name for each in kept)) or "none"
    for word in plan.signed:
        version = version_meant(word.version, plan, kept)
        found = versions.get(version.casefold())
        who = f"{_name(plan, word)}, {word.status}"
        if found is None:
            yield issue("TC640", word.place, f"{who}: version {version or 'without a name'}; kept are: {names}")
        if SIGN_OFF_STATUSES.index(word.status) >= AGREED and not (word.by and word.at):
            missing = " and ".join(name for name, given in (("By", word.by), ("At", word.at)) if not given)
            yield issue("TC641", word.place, f"{who}, without {missing}")
        if found is not None and word.status == "sealed" and found.status != "sealed":
            yield issue("TC643", word.place, f"{who}: version {found.name} is kept as {found.status}")
        if found is not None and word.at and not _saw(word, found, kept):
            yield issue("TC644", word.place, f"{who} {word.at}: version {found.name} was kept {found.at}")


def _saw(word: Signature, found: KeptVersion, kept: Sequence[KeptVersion]) -> bool:
    """Whether the numbers of a version had been kept by the day of a word on it."""
    same = [each for each in kept if each.name == found.name and each.prints == found.prints]
    return any(each.at[:10] <= word.at for each in same)


def _ahead_of_parts(plan: Plan, kept: Sequence[KeptVersion]) -> Iterator[Issue]:
    """Yield nodes that have agreed while a node below them says less."""
    for version, words in _by_version(plan, kept).items():
        of_org = {word.node: word for word in words if not word.is_queue}
        for node, word in of_org.items():
            above = int(plan.org.parent[node])
            while above >= 0 and not _is_ahead(of_org.get(above), word):
                above = int(plan.org.parent[above])
            if above >= 0:
                whole = of_org[above]
                told = f"version {version}: {_name(plan, whole)} {whole.status}, {_name(plan, word)} {word.status}"
                yield issue("TC642", word.place, told)


def _is_ahead(whole: Signature | None, part: Signature) -> bool:
    if whole is None:
        return False
    rank = SIGN_OFF_STATUSES.index(whole.status)
    return rank >= AGREED and SIGN_OFF_STATUSES.index(part.status) < AGREED


def _name(plan: Plan, word: Signature) -> str:
    tree = plan.queues if word.is_queue else plan.org
    return tree.ids[word.node]
