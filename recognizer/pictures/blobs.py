"""Connected ink: which pixels of a picture belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


def label(mask: Mask) -> tuple[Labels, int]:
    """Number the connected parts of a mask; pixels that touch at a corner are connected.

    mask: (height, width). Returns the labels, 0 outside the mask and 1, 2, … inside, and
    their number. Runs of pixels are joined from row to row by union-find (Rosenfeld and
    Pfaltz: Sequential operations in digital picture processing, 1966).
    """
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    parents = list(range(len(rows)))
    _join(rows.tolist(), starts.tolist(), ends.tolist(), parents)
    roots = np.array([_root(parents, run) for run in range(len(rows))], dtype=np.intp)
    names, numbers = np.unique(roots, return_inverse=True)
    labels = np.zeros(mask.shape, dtype=np.int32)
    # Within the mask, pixels come in the order of the runs.
    labels[mask] = np.repeat(numbers + 1, ends - starts)
    return labels, len(names)


def _join(rows: list[int], starts: list[int], ends: list[int], parents: list[int]) -> None:
    """Join every run with those of the row above that it touches."""
    above = 0
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] <= ends[run]:
            parents[_root(parents, run)] = _root(parents, other)
            other += 1


def _root(parents: list[int], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = parents[run]
    return run
