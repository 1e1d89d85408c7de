"""Sparse matrices: the one door to ``scipy.sparse``.

As it is imported, scipy asks for every public name of numpy, and so loads numpy's Fortran wrapper and its test tools,
for which it has no use: nearly half of what the import costs, a twentieth of a small run. While it looks, these two
names stand for nothing; afterwards numpy loads them for whoever asks, as ever.

Owns: how scipy's sparse matrices are imported.
"""

from __future__ import annotations

import numpy as np

_UNUSED = [name for name in ("f2py", "testing") if name not in vars(np)]
for _name in _UNUSED:
    setattr(np, _name, None)
try:
    from scipy.sparse import block_diag, bmat, csc_matrix, csr_matrix, hstack, identity, vstack  # noqa: TID251
finally:
    for _name in _UNUSED:
        delattr(np, _name)

__all__ = ["block_diag", "bmat", "csc_matrix", "csr_matrix", "hstack", "identity", "vstack"]
