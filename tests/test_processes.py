"""Work is shared out among processes: in order, not too far ahead, and a death is told."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from recognizer.processes import CHUNKS_AHEAD, WorkerError, in_order, in_parallel


def square(number: int) -> int:
    # The first jobs take longest.
    time.sleep(0.05 if number < 3 else 0)
    return number * number


def process_id(_: int) -> int:
    return os.getpid()


def die(number: int) -> int:
    if number == 5:
        os._exit(1)
    return number


def interrupt(number: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return number


class Counter:
    """Counts its own jobs."""

    def __init__(self) -> None:
        self._done = 0

    def work(self, _: int) -> int:
        self._done += 1
        return self._done


def test_results_come_in_the_order_of_the_jobs() -> None:
    assert list(in_order(square, range(20), processes=2, chunk=3)) == [n * n for n in range(20)]
    assert in_parallel(square, range(7), "squaring") == [n * n for n in range(7)]


def test_one_process_is_this_one() -> None:
    assert set(in_order(process_id, range(3), processes=1)) == {os.getpid()}
    assert os.getpid() not in set(in_order(process_id, range(3), processes=2))


def test_jobs_are_not_taken_far_ahead() -> None:
    taken = 0

    def jobs() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    results = in_order(square, jobs(), processes=2, chunk=5)
    assert next(results) == 0
    assert taken <= 2 * CHUNKS_AHEAD * 5
    results.close()


def test_what_does_the_work_is_kept_between_jobs() -> None:
    assert sorted(in_order(Counter().work, range(6), processes=2, chunk=3))[-1] in (3, 6)


def test_a_process_that_dies_is_told_with_a_remedy() -> None:
    with pytest.raises(WorkerError, match=r"A process died.*Begin anew\."):
        list(in_order(die, range(20), processes=2, remedy="Begin anew."))


def test_ctrl_c_is_left_to_the_main_process() -> None:
    assert list(in_order(interrupt, range(4), processes=2)) == [0, 1, 2, 3]
