"""What people typed about the whole plan, its name and version, as far as a site may read it.

Owns: that such a text names nobody else.
"""

from __future__ import annotations

import re

from engine.trees import Tree
from workbooks.packs.contents import nodes_below

_SHORTEST = 3
"""Letters of a name from which it is looked for in texts: shorter ones are parts of other words."""


def names_others(text: str, tree: Tree, site: int) -> bool:
    """Whether a text names a node that is neither the site, nor below it, nor above it."""
    own = set(nodes_below(tree, site))
    above = int(tree.parent[site])
    while above >= 0:
        own.add(above)
        above = int(tree.parent[above])
    known = {name.casefold() for node in own for name in (tree.ids[node], tree.names[node])}
    others = {name.casefold() for node in range(len(tree)) for name in (tree.ids[node], tree.names[node])} - known
    found = [name for name in others if len(name) >= _SHORTEST and name in text.casefold()]
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text.casefold()) for name in found)
