"""Every variant of a spec: its metrics, the conditions, the front, and the counts."""

from __future__ import annotations

import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import product

import pytest

import cnncalc
from cnncalc import SpecError
from cnncalc.sweeping.chunks import Chunks
from tests.together import for_each

SMALL = """
input: 9x9x3
variables: {width: 4, depth: 1}
layers:
  - repeat: ${depth}
    layers:
      - conv ${width} 3x3
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def params(width, depth):
    """3·3·3·w + w for the first layer, 9·w·w + w for each further one."""
    return 28 * width + (depth - 1) * (9 * width * width + width)


def macs(width, depth, size):
    """Each layer loses two rows and two columns."""
    return sum((size - 2 * k) ** 2 * 9 * width * (3 if k == 1 else width) for k in range(1, depth + 1))


def test_every_combination_by_hand(small):
    """The metrics of each combination, in the order of the loops; three layers need an input of 7."""
    found = cnncalc.sweep(small, {"width": "2,5", "depth": "1..3", "input": "5..11:2"})
    rows = {variant.values: found.figures(variant) for variant in found}
    expected = [each for each in product((2, 5), (1, 2, 3), (5, 7, 9, 11)) if each[2] > 2 * each[1]]
    assert list(rows) == expected
    for (width, depth, size), figures in rows.items():
        assert figures["params"] == params(width, depth)
        assert figures["macs"] == macs(width, depth, size)
        assert figures["receptive_field"] == (2 * depth + 1,) * 2
        assert figures["output"] == (size - 2 * depth, size - 2 * depth, width)
        assert figures["layers"] == depth
    assert (len(found), found.tally.tried, found.tally.kept, found.tally.failed) == (24, 24, 22, 2)


def test_failures_are_counted_with_their_first_reason(small):
    """An input of 5 becomes 3 and 1: the third layer fails, for each width."""
    found = cnncalc.sweep(small, {"width": "2,5", "depth": "1..3", "input": "5..11:2"})
    list(found)
    (group,) = found.tally.groups
    assert (group.number, group.first.values, group.first.failure.code) == (2, (2, 3, 5), "E301")
    assert "kernel 3 is larger than the input 1" in group.first.failure.message


# conditions, the combinations of width 1 to 4 and depth 1 to 3 that meet them
KEPT = [
    ("params<=100", [(w, d) for w in range(1, 5) for d in range(1, 4) if params(w, d) <= 100]),
    ("params<=200, macs>=1000", [(w, d) for w in range(1, 5) for d in range(1, 4) if params(w, d) <= 200 and macs(w, d, 9) >= 1000]),  # noqa: E501
    ("output=5x5", [(w, 2) for w in range(1, 5)]),
    (("receptive_field<=5", "output=7"), [(w, 1) for w in range(1, 5)]),
    # a variant with one layer has no second one, so that it does not meet the condition: 9·w·w + w <= 40
    ("conv_2.params<=40", [(w, d) for w in (1, 2) for d in (2, 3)]),
    ("macs<=1", []),
]  # fmt: skip


@for_each(("keep", "kept"), KEPT)
def test_conditions(small, keep, kept):
    """Only the variants that meet all conditions are given; the others are counted as tried."""
    found = cnncalc.sweep(small, {"width": "1..4", "depth": "1..3"}, keep=keep)
    assert [variant.values for variant in found] == kept
    assert (found.tally.tried, found.tally.kept) == (12, len(kept))


def front_by_hand(rows, better):
    """The rows that no other one is at least as good as everywhere, and better somewhere."""

    def beats(one, other):
        return all(map(better, one, other)) and one != other

    return {key for key, row in rows.items() if not any(beats(other, row) for other in rows.values())}


def test_the_front():
    """Fewer parameters, and a larger field: of each kernel, the narrowest layer. And the other way round."""
    source = {
        "input": "40x40x3", "variables": {"kernel": 3, "width": 4},
        "layers": [{"conv": {"filters": "${width}", "kernel": "${kernel}"}}],
    }  # fmt: skip
    found = cnncalc.sweep(source, {"kernel": "1..7", "width": "1..4"}, pareto="params,receptive_field")
    # of each kernel the narrowest: (3·k·k + 1)·1 parameters, field k
    assert [variant.values for variant in found.front()] == [(kernel, 1) for kernel in range(1, 8)]
    assert list(map(str, found.objectives)) == ["params (less is better)", "receptive_field (more is better)"]
    other = cnncalc.sweep(source, {"kernel": "1..7", "width": "1..4"}, pareto="params:max,receptive_field:min")
    rows = {(k, w): ((3 * k * k + 1) * w, -k) for k in range(1, 8) for w in range(1, 5)}
    assert {variant.values for variant in other.front()} == front_by_hand(rows, lambda one, two: one >= two)


def test_equal_variants_stay_on_the_front():
    """The variable changes nothing: all variants are equally good."""
    source = {"input": "8x8x1", "variables": {"unused": 1}, "layers": ["conv 2 3x3"]}
    assert len(cnncalc.sweep(source, {"unused": "1..5"}, pareto="macs,params").front()) == 5


# arguments, and a part of the message
REFUSED = [
    ({"vary": {}}, "nothing varies"),
    ({"vary": {"height": "1..3"}}, "neither an input nor a variable"),
    ({"keep": "parms<=3"}, 'unknown metric "parms"'),
    ({"keep": "conv_9.params<=3"}, 'unknown layer "conv_9"'),
    ({"pareto": "output"}, "a shape"),
    ({"pareto": "params:up"}, "min or max"),
    ({"pareto": ","}, "pareto needs metrics"),
    ({"vary": {"width": "1..1000000", "depth": "1..1000000"}}, "more than 100,000,000"),
    ({"vary": {"width": 0}}, "filters"),
    ({"batch": 0}, "batch: got 0"),
    ({"dtype": "float31"}, 'unknown word "float31"'),
    ({"convention": "torch"}, 'unknown word "torch"'),
]


@for_each(("given", "message"), REFUSED)
def test_refusals(small, given, message):
    """What no combination can make valid is an error before the first row."""
    given = {"vary": {"width": "1..2", "depth": "1..2"}, **given}
    with pytest.raises(SpecError, match=message):
        cnncalc.sweep(small, **given)


class Losing(Executor):
    """An executor that loses some chunks: `lost` says which submissions fail."""

    def __init__(self, lost):
        self.lost = set(lost)
        self.submitted = []

    def submit(self, function, /, *given, **named):
        future = Future()
        number = len(self.submitted)
        self.submitted.append(given[1:])
        if number in self.lost:
            future.set_exception(ConnectionError("the worker is lost"))
        else:
            future.set_result(function(*given, **named))
        return future


def test_a_lost_chunk_is_submitted_again(small):
    """The third chunk is lost twice, and comes once, in its place."""
    ranges = {"width": "1..5", "input": "3..4"}
    expected = list(cnncalc.sweep(small, ranges))
    executor = Losing({2, 4})
    found = cnncalc.sweep(small, ranges, executor=executor, jobs=2)
    assert list(found) == expected
    lost = executor.submitted[2]
    assert sorted(executor.submitted) == sorted([*dict.fromkeys(executor.submitted), lost, lost])
    assert (found.tally.tried, found.tally.kept) == (10, 10)


# seconds that each combination takes, and the sizes of the chunks by hand: half a second, at most four times the last
CHUNK_SIZES = [
    (10.0, 5, [1, 1, 1, 1, 1]),
    (0.2, 8, [1, 2, 2, 2, 1]),
    (0.1, 12, [1, 4, 5, 2]),
    (0.0, 3000, [1, 4, 16, 64, 256, 1000, 1000, 659]),
]


@for_each(("seconds", "number", "sizes"), CHUNK_SIZES)
def test_chunks_by_time(seconds, number, sizes):
    """A chunk has about half a second's work, so that an interrupted sweep of slow variants loses one of them."""
    chunks, found = Chunks(0, number), []
    for first, last in chunks:
        chunks.took((first, last), (last - first) * seconds)
        found.append(last - first)
    assert found == sizes


def test_a_chunk_that_is_always_lost_is_an_error(small):
    """Five chunks are submitted, of which the first is lost, and lost twice again: the error of the last attempt."""
    with pytest.raises(ConnectionError, match="the worker is lost"):
        list(cnncalc.sweep(small, {"width": "1..5"}, executor=Losing({0, 5, 6})))


def test_chunks_that_wait_are_few(small):
    """At most `jobs` chunks are submitted before the first is taken."""
    executor = Losing(())
    rows = iter(cnncalc.sweep(small, {"width": "1..100", "input": "3..12"}, executor=executor, jobs=3))
    next(rows)
    assert len(executor.submitted) == 3


def test_threads(small):
    """The same rows from an executor of the standard library."""
    ranges = {"width": "1..25", "input": "3..12"}
    with ThreadPoolExecutor(2) as threads:
        assert list(cnncalc.sweep(small, ranges, executor=threads)) == list(cnncalc.sweep(small, ranges))


def test_an_error_reaches_another_process():
    """Its diagnostics are the same after pickling, so that a worker's error is shown as any other."""
    error = SpecError([cnncalc.Diagnostic("E204", "a message", hint="a hint")])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.diagnostics[0].hint) == ("error[E204]: a message (a hint)", "a hint")
