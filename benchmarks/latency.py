"""Latency from a pen move to the changed screen: for one digit, 20 digits and 150 strokes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import lines
from benchmarks.figures import Figure, percentile
from benchmarks.window import play

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch
    from recognizer.geometry import Points

PAUSE_SECONDS = 0.3

REPEATS, DRAWINGS, MOVES = 5, 4, 1000
"""Of one digit: windows, drawings in each, and moves of a drawing."""

REPEATS_20_DIGITS, DIGITS, DIGITS_PER_LINE, MOVES_PER_STROKE = 3, 20, 10, 500
"""Of 20 digits: windows, digits of a sketch and of its lines, and moves of a stroke."""

REPEATS_150_STROKES, STROKES, ROWS, COLUMNS = 3, 150, 10, 12
"""Of a crowded sketch: windows, strokes that are there before, and rows and columns of digits."""

CELL_SHARE = 0.8
"""How much of its cell a digit fills, so that neighbours come as close as people write them."""


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """The 99th percentile over all moves of one digit, and its spread over the repeats."""
    of = (
        "from the time a move is due to the end of the screen's update, 1,000 moves a second, "
        f"one second per stroke; spread over {repeats} windows"
    )
    return {"latency_p99_ms": _latency("latency:prepare", repeats, of)}


def measure_20_digits(repeats: int = REPEATS_20_DIGITS) -> dict[str, Figure]:
    """The same while the last of 20 digits is drawn."""
    of = (
        f"as for one digit, while the last of {DIGITS} is drawn in two lines of "
        f"{DIGITS_PER_LINE}; every digit once as the last, {MOVES_PER_STROKE} moves per stroke; "
        f"spread over {repeats} windows"
    )
    return {"latency_20_digits_p99_ms": _latency("latency:prepare_20_digits", repeats, of)}


def measure_inside(repeats: int = REPEATS) -> dict[str, Figure]:
    """The same while one looks inside the network, at its stages."""
    of = f"as for one digit, drawn on the screen Inside; spread over {repeats} windows"
    return {"latency_inside_p99_ms": _latency("latency:prepare_inside", repeats, of)}


def measure_150_strokes(repeats: int = REPEATS_150_STROKES) -> dict[str, Figure]:
    """The same while a digit is drawn beside 150 strokes."""
    of = (
        f"as for one digit, while the last of a sketch of {STROKES} strokes is drawn, "
        f"{MOVES_PER_STROKE} moves per stroke; spread over {repeats} windows"
    )
    return {"latency_150_strokes_p99_ms": _latency("latency:prepare_150_strokes", repeats, of)}


def _latency(scenario: str, repeats: int, of: str) -> Figure:
    """The 99th percentile over all moves of a scenario in ms, and its spread over the repeats."""
    runs = [play(scenario)["latencies"] for _ in range(repeats)]
    each = [1000 * percentile(run, 0.99) for run in runs]
    together = [latency for run in runs for latency in run]
    value = 1000 * percentile(together, 0.99)
    return Figure(value, "ms", of, (min(each), max(each)), len(together))


def prepare(watch: Watch) -> None:
    """Draw an 8 of a second several times, each on blank paper."""
    from benchmarks import driver

    driver.once_shown(watch, _draw)


def prepare_20_digits(watch: Watch) -> None:
    """Draw 19 digits at once, and then each of the ten in turn as the 20th."""
    from benchmarks import driver

    driver.once_shown(watch, _draw_20_digits)


def prepare_inside(watch: Watch) -> None:
    """Draw the same where the network's stages are shown meanwhile."""
    from benchmarks import driver

    driver.once_shown(watch, _draw_inside)


def _draw_inside(watch: Watch, hand: Hand) -> dict[str, Any]:
    hand.look_inside()
    return _draw(watch, hand)


def prepare_150_strokes(watch: Watch) -> None:
    """Draw digits of 150 strokes at once, and then one more several times."""
    from benchmarks import driver

    driver.once_shown(watch, _draw_150_strokes)


def _draw(watch: Watch, hand: Hand) -> dict[str, Any]:
    for _ in range(DRAWINGS):
        time.sleep(PAUSE_SECONDS)
        hand.draw(lines.eight(MOVES))
        time.sleep(PAUSE_SECONDS)
        hand.clear()
    return {"latencies": watch.latencies}


def _draw_20_digits(watch: Watch, hand: Hand) -> dict[str, Any]:
    for place in range(DIGITS - 1):
        for line in _placed(place % DIGITS_PER_LINE, place):
            hand.draw_at_once(line.tolist())
            hand.lift(line[-1].tolist())
    time.sleep(4 * PAUSE_SECONDS)
    for digit in range(DIGITS_PER_LINE):
        strokes = [_denser(line) for line in _placed(digit, DIGITS - 1)]
        for line in strokes:
            hand.draw(line.tolist())
        time.sleep(PAUSE_SECONDS)
        for _ in strokes:
            hand.undo()
        time.sleep(PAUSE_SECONDS)
    return {"latencies": watch.latencies}


def _draw_150_strokes(watch: Watch, hand: Hand) -> dict[str, Any]:
    drawn = place = 0
    while drawn < STROKES:
        for line in _in_cell(place % 10, *divmod(place, COLUMNS), ROWS, COLUMNS):
            hand.draw_at_once(line.tolist())
            hand.lift(line[-1].tolist())
            drawn += 1
        place += 1
    time.sleep(10 * PAUSE_SECONDS)
    for digit in (3, 2, 8):
        (line,) = _in_cell(digit, *divmod(place, COLUMNS), ROWS, COLUMNS)
        hand.draw(_denser(line).tolist())
        time.sleep(PAUSE_SECONDS)
        hand.undo()
        time.sleep(PAUSE_SECONDS)
    return {"latencies": watch.latencies}


def _in_cell(digit: int, row: int, column: int, rows: int, columns: int) -> list[Points]:
    """The demo's drawing of a digit in a cell of a table, as shares of the paper."""
    from recognizer.inkml import demo_drawings
    from recognizer.strokes import bounds

    strokes = demo_drawings()[digit]
    box, cell = bounds(strokes), np.array([1 / columns, 1 / rows])
    scale = CELL_SHARE * cell / box.side
    corner = cell * (column + (1 - CELL_SHARE) / 2, row + (1 - CELL_SHARE) / 2)
    return [(stroke.points - box.corner) * scale + corner for stroke in strokes]


def _placed(digit: int, place: int) -> list[Points]:
    """The demo's drawing of a digit in a cell, as shares of the paper."""
    from recognizer.inkml import demo_drawings
    from recognizer.strokes import bounds

    strokes = demo_drawings()[digit]
    box = bounds(strokes)
    row, column = divmod(place, DIGITS_PER_LINE)
    cell = np.array([1 / DIGITS_PER_LINE, 1 / 3])
    corner = cell * (column + (1 - CELL_SHARE) / 2, row + 0.5 + (1 - CELL_SHARE) / 2)
    size = np.array(box.size)
    # As wide as its cell allows; a 1 stays narrow.
    scale = CELL_SHARE * cell * np.minimum(size / size.max() * 1.4, 1) / size
    return [(stroke.points - box.corner) * scale + corner for stroke in strokes]


def _denser(line: Points) -> Points:
    """The same line in as many points as moves are made."""
    along = np.linspace(0, len(line) - 1, MOVES_PER_STROKE)
    return np.stack([np.interp(along, np.arange(len(line)), axis) for axis in line.T], axis=1)
