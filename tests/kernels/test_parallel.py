"""Parts of array functions in several threads: each part once, errors to the caller, and the numbers of one thread."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import warnings

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.forward import run as forward
from cnncalc.kernels import convolution, elementwise
from cnncalc.kernels.parallel import Helpers, for_each


def helper_threads() -> int:
    return sum(thread.name.startswith("cnncalc-helper") for thread in threading.enumerate())


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("parts", [0, 1, 3, 4, 100])
def test_each_part_once(count: int, parts: int) -> None:
    """With and without helpers, which start for four parts or more; no thread is left."""
    seen: list[int] = []
    with Helpers(count) as helpers, helpers.helping():
        for_each(seen.append, range(parts))
        assert helper_threads() <= (count if parts >= 4 else 0)
    assert sorted(seen) == list(range(parts))
    assert helper_threads() == 0


def test_a_helper_takes_parts() -> None:
    """Parts that wait for each other, two by two, end only if two run at once."""
    meeting = threading.Barrier(2, timeout=30)
    with Helpers(1) as helpers, helpers.helping():
        for_each(lambda part: meeting.wait(), range(4))


def test_without_helpers_the_caller_works() -> None:
    """Outside `helping`, even while helpers exist, and in a part that a helper runs itself."""
    threads: set[int] = set()
    with Helpers(1) as helpers:
        for_each(lambda part: threads.add(threading.get_ident()), range(9))
        assert threads == {threading.get_ident()}
        with helpers.helping():
            for_each(lambda part: None, range(9))
        assert helper_threads() == 1
        threads.clear()
        for_each(lambda part: threads.add(threading.get_ident()), range(9))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("wrong", range(4))
def test_an_error_reaches_the_caller(wrong: int) -> None:
    """Whichever part is wrong and whoever runs it; the parts that wait are not started."""
    started = []

    def work(part: int) -> None:
        started.append(part)
        time.sleep(0.001)
        if part == wrong:
            raise ValueError(f"part {part}")

    with Helpers(1) as helpers, helpers.helping():
        with pytest.raises(ValueError, match=f"part {wrong}"):
            for_each(work, range(1000))
        assert len(started) < 1000
        seen: list[int] = []
        for_each(seen.append, range(9))
    assert sorted(seen) == list(range(9))


def test_a_part_may_share_parts() -> None:
    seen: list[tuple[int, int]] = []
    with Helpers(2) as helpers, helpers.helping():
        for_each(lambda row: for_each(lambda column: seen.append((row, column)), range(7)), range(11))
    assert sorted(seen) == [(row, column) for row in range(11) for column in range(7)]


def test_a_part_runs_in_the_context_of_the_caller() -> None:
    """A division by zero that the caller ignores gives no warning in a helper."""
    meeting = threading.Barrier(2, timeout=30)
    y = np.empty((4, 5))

    def work(part: int) -> None:
        meeting.wait()
        np.divide(1.0, np.zeros(5), out=y[part])

    with warnings.catch_warnings(), Helpers(1) as helpers, helpers.helping(), np.errstate(divide="ignore"):
        warnings.simplefilter("error")
        for_each(work, range(4))
    assert np.isinf(y).all()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_works_without_the_threads() -> None:
    """The child has the pool but not its threads."""
    with Helpers(1) as helpers, helpers.helping():
        for_each(lambda part: None, range(9))
        child = multiprocessing.get_context("fork").Process(target=for_each, args=(time.sleep, [0.0] * 9))
        child.start()
        child.join(30)
        ended = child.exitcode
        child.kill()
    assert ended == 0


SPECS = [
    "23x19x8 -> conv 12 3x3 s2 p1 -> batch_norm -> swish -> depthwise_conv 5 p2 -> gelu -> max_pool 3 s2 p1",
    "22x23x6 -> conv 8 3x3 p1 g2 relu -> add(conv 8 1x1 | identity) -> squeeze_excite 4 -> avg_pool 2 -> sigmoid",
    "17x13x4 -> depthwise_conv 3 s2 p1 multiplier=2 relu6 -> multiply(sigmoid | identity) -> layer_norm -> flatten",
]


@pytest.mark.parametrize("convention", ["keras", "pytorch"])
@pytest.mark.parametrize("spec", SPECS)
def test_the_numbers_are_those_of_one_thread(monkeypatch: pytest.MonkeyPatch, spec: str, convention: str) -> None:
    """With channels last and first, for two samples, in blocks of 97 values: bit by bit."""
    monkeypatch.setattr(elementwise, "BLOCK_VALUES", 97)
    monkeypatch.setattr(convolution, "PART_VALUES", 97)
    monkeypatch.setattr(elementwise, "COPIED_VALUES", 97)
    graph = load(spec, convention=convention)
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(forward, "threads_of_products", lambda threads=threads: threads)
        steps = list(forward.run(graph, forward.random_inputs(graph, seed=3, batch=2)))
        assert [step.failure for step in steps] == [""] * len(steps)
        found.append([step.output for step in steps])
    for one, other in zip(*found, strict=True):
        assert one is not None
        np.testing.assert_array_equal(one, other)
    assert helper_threads() == 0
