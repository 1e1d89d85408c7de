"""Nodes of a tree out of the paths in an export, each with an id of its own.

Owns: ids where several nodes have the same name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from solver.frozen import frozen
from workbooks.importing.facts import Path
from workbooks.template.contents import FilledTable, by_rows


@frozen
class GuessedTree:
    """A tree to be written.

    ids : path → id; the empty path is the whole tree, and has an id only where it is all there is
    """

    levels: tuple[str, ...]
    ids: Mapping[Path, str]

    def id_of(self, path: Path) -> str | None:
        """Return the id of a path, None for the whole tree."""
        return self.ids[path] if path else None


def grow_tree(paths: Iterable[Path], levels: Sequence[str], alone: str) -> GuessedTree:
    """Return the tree of all paths and what stands above them.

    Parameters
    ----------
    alone : id of the one node where the export has no column for this tree
    """
    full = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    if not full:
        return GuessedTree((), {(): alone})
    ordered = sorted(full, key=lambda path: tuple(name.casefold() for name in path))
    counts = Counter(path[-1].casefold() for path in ordered)
    ids: dict[Path, str] = {}
    taken: set[str] = set()
    for path in sorted(ordered, key=len):
        chosen = next(each for each in _choices(path, counts) if each.casefold() not in taken)
        ids[path] = chosen
        taken.add(chosen.casefold())
    return GuessedTree(tuple(levels), {path: ids[path] for path in ordered})


def _choices(path: Path, counts: Mapping[str, int]) -> Iterable[str]:
    name = path[-1]
    if counts[name.casefold()] == 1 or len(path) == 1:
        yield name
    for depth in range(1, len(path)):
        yield f"{name} ({', '.join(reversed(path[-1 - depth : -1]))})"
    number = 2
    while True:
        yield f"{name} {number}"
        number += 1


def tree_table(
    tree: GuessedTree, aliases: Mapping[str, tuple[str, ...]], handle_s: Mapping[str, float] | None = None
) -> FilledTable:
    """Return the table Org or Queues.

    Parameters
    ----------
    aliases : name → codes that mean it as well
    handle_s : id → seconds of one item; None for Org
    """
    names = ["Node", "Parent", "Name", "Level", "Alias", *(["Handle time"] if handle_s else [])]
    rows = []
    for path, node in tree.ids.items():
        level = tree.levels[len(path) - 1] if path and len(path) <= len(tree.levels) else None
        shown = path[-1] if path and path[-1] != node else None
        row = [node, tree.id_of(path[:-1]) if path else None, shown, level, ", ".join(_aliases(path, aliases)) or None]
        rows.append([*row, handle_s.get(node)] if handle_s else row)
    notes = {"Handle time": "Weighted by what was done, over all teams."} if handle_s else {}
    return FilledTable(by_rows(names, rows), notes)


def _aliases(path: Path, aliases: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return aliases.get(path[-1], ()) if path else ()
