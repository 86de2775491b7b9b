"""Icons of the toolbar, drawn with the product's own pen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from recognizer.ink import Ink, render
from recognizer.strokes import Stroke

Line = list[tuple[float, float]]

GRID_UNITS = 24
PEN_UNITS = 1.8
_BACK = [[(9.0, 13.5), (4.5, 9.0)], [(4.5, 9.0), (9.0, 4.5)], [(4.5, 9.0), (14.0, 9.0)]]


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Line:
    """Part of a circle, angles in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 24))
    return [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


def _edges(*corners: tuple[float, float]) -> list[Line]:
    """Straight lines from corner to corner; one line each, so that the corners stay sharp."""
    return [[a, b] for a, b in pairwise(corners)]


def _mirrored(lines: list[Line]) -> list[Line]:
    return [[(GRID_UNITS - x, y) for x, y in line] for line in lines]


_UNDO = [*_BACK, _arc(14, 14, 5, -90, 90), [(14.0, 19.0), (9.0, 19.0)]]
ICON_LINES: dict[str, list[Line]] = {
    "undo": _UNDO,
    "redo": _mirrored(_UNDO),
    "eraser": [
        *_edges((4, 14), (13, 5), (20, 12), (12, 20), (9, 20), (4, 14)),
        *_edges((8.5, 9.5), (15.5, 16.5)),
        *_edges((12, 20), (20, 20)),
    ],
    "thinner": _edges((6, 12), (18, 12)),
    "thicker": [*_edges((6, 12), (18, 12)), *_edges((12, 6), (12, 18))],
    "clear": [
        *_edges((4, 6.5), (20, 6.5)),
        *_edges((9, 6.5), (9.5, 4), (14.5, 4), (15, 6.5)),
        *_edges((6, 6.5), (7, 20), (17, 20), (18, 6.5)),
        *_edges((10.2, 10.5), (10.5, 16)),
        *_edges((13.8, 10.5), (13.5, 16)),
    ],
    "open": _edges((3.5, 19), (3.5, 5), (9.5, 5), (11.5, 7.5), (20.5, 7.5), (20.5, 19), (3.5, 19)),
    "save": [
        *_edges((12, 4), (12, 14)),
        *_edges((7.5, 9.8), (12, 14.3), (16.5, 9.8)),
        *_edges((4, 15.5), (4, 19.5), (20, 19.5), (20, 15.5)),
    ],
    "theme": [
        _arc(12, 12, 8, 0, 360),
        *([(12.0 + i, 12 - h), (12.0 + i, 12 + h)] for i, h in ((1, 7.4), (2.5, 7.2), (4, 6.4))),
        [(17.5, 7.8), (17.5, 16.2)],
        [(19.0, 9.5), (19.0, 14.5)],
    ],
    "full": [
        *_edges((4, 9), (4, 4), (9, 4)),
        *_edges((15, 4), (20, 4), (20, 9)),
        *_edges((20, 15), (20, 20), (15, 20)),
        *_edges((9, 20), (4, 20), (4, 15)),
    ],
    "help": [
        _arc(12, 12, 8.5, 0, 360),
        [*_arc(12, 9.7, 2.7, -170, 50), (12.1, 13.2), (12.0, 14.0)],
        [(12.0, 16.9)],
    ],
    "hand": [
        _arc(12, 8, 4.2, 0, 360),
        [*_arc(12, 21, 8, 180, 360)],
        *_edges((4, 21), (20, 21)),
    ],
    "play": [
        [*_arc(7.5, 13.5, 4.5, 90, 250), *_arc(16.5, 13.5, 4.5, -70, 90), (7.5, 18.0)],
        [(5.0, 13.2), (9.4, 13.2)],
        [(7.2, 11.0), (7.2, 15.4)],
        [(15.2, 14.4)],
        [(17.6, 12.2)],
    ],
    "sums": [
        *_edges((3, 8), (10, 8)),
        *_edges((6.5, 4.5), (6.5, 11.5)),
        *_edges((14, 5), (20, 11)),
        *_edges((20, 5), (14, 11)),
        *_edges((6, 16), (18, 16)),
        *_edges((6, 20), (18, 20)),
    ],
    "fool": [
        _arc(12, 12, 8.5, 0, 360),
        _arc(12, 11.5, 4.8, 20, 160),
        [(8.8, 9.2)],
        *_edges((13.8, 9.4), (17, 9.4)),
    ],
    "early": [
        _arc(12, 13.5, 7.5, 0, 360),
        *_edges((12, 13.5), (15, 9.8)),
        *_edges((10, 3), (14, 3)),
        *_edges((12, 3), (12, 6)),
    ],
    "trophy": [
        *_edges((7.5, 4), (16.5, 4)),
        [(7.5, 4.0), *_arc(12, 9, 4.5, 180, 0)[::-1], (16.5, 4.0)],
        _arc(6, 7.5, 2.5, 90, 270),
        _arc(18, 7.5, 2.5, -90, 90),
        *_edges((12, 13.5), (12, 18)),
        *_edges((8, 20), (16, 20)),
    ],
    "star": _edges(
        *(
            (12 + r * float(np.sin(a)), 12.5 - r * float(np.cos(a)))
            for a, r in zip(np.arange(11) * np.pi / 5, [9.0, 4.0] * 5 + [9.0], strict=True)
        )
    ),
    "inside": [
        *_edges((4, 4), (10, 4), (10, 10), (4, 10), (4, 4)),
        *_edges((14, 4), (20, 4), (20, 10), (14, 10), (14, 4)),
        *_edges((4, 14), (10, 14), (10, 20), (4, 20), (4, 14)),
        *_edges((14, 14), (20, 14), (20, 20), (14, 20), (14, 14)),
    ],
    "steps": _edges((3, 20), (3, 15), (8.5, 15), (8.5, 10), (14, 10), (14, 5), (20.5, 5)),
    "replay": [*_edges((7, 5), (19, 12), (7, 19), (7, 5))],
    "mode": [
        *_edges((3, 8), (5.5, 6), (5.5, 13)),
        *_edges((9, 15), (15, 15)),
        *_edges((12, 12), (12, 18)),
        _arc(18, 9, 2.6, 0, 360),
        [(20.6, 6.0), (20.6, 12.0)],
    ],
    "menu": [*_edges((4, 7), (20, 7)), *_edges((4, 12), (20, 12)), *_edges((4, 17), (20, 17))],
    "cross": [*_edges((6, 6), (18, 18)), *_edges((18, 6), (6, 18))],
    "up": [*_edges((12, 20), (12, 5)), *_edges((6, 11), (12, 5), (18, 11))],
    "file": [
        *_edges((6, 3.5), (14, 3.5), (18.5, 8), (18.5, 20.5), (6, 20.5), (6, 3.5)),
        *_edges((14, 3.5), (14, 8), (18.5, 8)),
    ],
    "pen": [
        *_edges((4, 20), (5, 15), (15.5, 4.5), (19.5, 8.5), (9, 19), (4, 20)),
        *_edges((13, 7), (17, 11)),
    ],
    "warning": [
        *_edges((12, 4), (21, 19.5), (3, 19.5), (12, 4)),
        *_edges((12, 10), (12, 14)),
        [(12.0, 16.8)],
    ],
    "done": _edges((5, 12.5), (10, 17.5), (19.5, 7)),
}


def icon_ink(name: str, size: int) -> Ink:
    """The icon as ink of (size, size)."""
    scale = size / GRID_UNITS
    strokes = [
        Stroke(np.array(line, dtype=np.float64) * scale, PEN_UNITS * scale)
        for line in ICON_LINES[name]
    ]
    return render(strokes, (size, size))
