"""What a forward pass may take: its memory and work by hand, and the limits that the documents name."""

from __future__ import annotations

import os
from io import StringIO

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.forward import memory
from cnncalc.forward.apply import MOST_TRACED, Allowance, GivenWeights, apply
from cnncalc.forward.literal import ArrayError, read_array
from tests.together import for_each

MIB = 1024**2

# A spec, the batch, whether kernels are untied too, and the numbers that are held beside 64 MiB for the window matrix:
# for each sample the peak, twice the largest output and what the layer needs; and twice the weights.
HELD = [
    ("8x8x3 -> conv 4 3x3", 1, False, (192 + 144) + 2 * 144 + 2 * 112),
    ("8x8x3 -> conv 4 3x3", 5, False, 5 * ((192 + 144) + 2 * 144) + 2 * 112),
    ("8x8x3 -> conv 4 3x3", 1, True, (192 + 144) + 2 * 144 + 2 * (112 + 36 * 112)),
    ("7x5 -> relu", 3, False, 3 * ((35 + 35) + 2 * 35 + 2 * 35)),  # an activation holds its curve beside the output
    ("8x8x3 -> batch_norm", 1, False, (192 + 192) + 2 * 192 + 2 * (6 + 6)),  # with its statistics
    # Attention, 2 heads of 6 over 5 positions: 3 numbers for each of 2·25 scores, five operations each.
    ("5x12 -> multi_head_attention 2", 1, False, None),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "batch", "unshared", "numbers"), HELD[:-1])
def test_memory_by_hand(spec: str, batch: int, unshared: bool, numbers: int) -> None:
    """Four bytes each; whatever batch and type of numbers the report is of."""
    graph = load(spec)
    for report in (report_on(graph), report_on(graph, batch=7, dtype="float16")):
        assert memory.needed_bytes(graph, report, batch=batch, unshared=unshared) == 4 * numbers + 64 * MIB


# A spec, its batch, and its work: two for each MAC, 20 for each other operation, and for each number that is written
# 200, or 600 if it lies on a curve; a step of a recurrent layer is 200,000 more.
WORK = [
    ("8x8x3 -> conv 4 3x3", 1, 2 * 144 * 27 + 20 * 144 + 200 * 144),  # 144 biases
    ("8x8x3 -> conv 4 3x3", 3, 3 * (2 * 144 * 27 + 20 * 144 + 200 * 144)),
    ("8x8x3 -> conv 4 3x3 bias=false", 1, 2 * 144 * 27 + 200 * 144),
    ("7x5 -> relu", 1, 20 * 35 + 600 * 35),
    ("7x5 -> flatten", 1, 200 * 35),
    ("7x5 -> rnn 3", 1, 7 * 200_000 + 2 * 7 * (5 + 3) * 3 + 20 * 7 * 3 * 2 + 200 * 3),  # a bias and a bend each
    ("7x5 -> rnn 3 layers=2", 1, 2 * 7 * 200_000 + 2 * 7 * (8 + 6) * 3 + 20 * 2 * 7 * 3 * 2 + 200 * 3),
    ("7x5 -> rnn 3", 2, 2 * (7 * 200_000 + 2 * 7 * (5 + 3) * 3 + 20 * 7 * 3 * 2 + 200 * 3)),
]  # fmt: skip


@for_each(("spec", "batch", "operations"), WORK)
def test_work_by_hand(spec: str, batch: int, operations: int) -> None:
    graph = load(spec)
    assert memory.work(graph, report_on(graph, batch=batch)) == operations


def test_attention_takes_its_scores() -> None:
    """Beside the output, three numbers for each two operations that belong to no product; work of 200 for each."""
    graph = load("5x12 -> multi_head_attention 2")
    report = report_on(graph)
    (layer,) = report.layers
    others = layer.flops - 2 * layer.macs
    held = 2 * 60 + 2 * 60 + 3 * others // 2 + 2 * layer.params
    assert memory.needed_bytes(graph, report, batch=1, unshared=False) == 4 * held + 64 * MIB
    assert memory.work(graph, report) == 2 * layer.macs + 200 * others + 600 * 60


def test_the_limits_that_the_documents_name() -> None:
    """docs/language.md: 400 MiB, 1 GiB for a bundled spec; 60 G and 400 G operations."""
    assert (memory.MOST_BYTES, memory.MOST_BYTES_BUNDLED) == (400 * MIB, 1024 * MIB)
    assert (memory.MOST_WORK, memory.MOST_WORK_BUNDLED) == (60 * 10**9, 400 * 10**9)


def test_free_memory_is_told_in_bytes() -> None:
    """At least this process's own gigabyte-free machine: more than 16 MiB, less than an exbibyte."""
    assert 16 * MIB < memory.free_bytes() < 2**60


# How much an allowance has, the layer on [1 2 3], and what is said where it is not enough.
REFUSED = [
    ({"outputs": 2}, "relu", "the output would have 3 numbers; the limit is 2"),
    ({"weights": 7}, "dense 2", "the layer has 8 weights; the limit is 7"),
    ({"work": 13}, "dense 2", "the layer takes 14 operations; the limit is 13"),  # 2·(2·3 + 1)
]


@pytest.mark.parametrize(("allowed", "item", "message"), REFUSED)
def test_more_than_an_allowance_is_refused(allowed: dict[str, int], item: str, message: str) -> None:
    data, weights = [read_array("[1 2 3]", "data")], {"kernel": read_array("[[1 2][3 5][7 11]]", "weights")}
    given = GivenWeights(weights if item.startswith("dense") else None)
    with pytest.raises(ArrayError, match=message):
        apply(item, data, given, allowance=Allowance(**allowed))
    ((name, amount),) = allowed.items()
    assert apply(item, data, given, allowance=Allowance(**{name: amount + 1})).output.size == (
        2 if given.weights else 3
    )


def test_one_allowance_is_spent_by_several_calls() -> None:
    """Ten numbers may come out: three calls of three, and no fourth."""
    data, allowance = [read_array("[1 2 3]", "data")], Allowance(outputs=10)
    for _ in range(3):
        apply("relu", data, allowance=allowance)
    with pytest.raises(ArrayError, match="the output would have 3 numbers; the limit is 1"):
        apply("relu", data, allowance=allowance)


def test_a_trace_has_ten_thousand_numbers_at_most() -> None:
    assert MOST_TRACED == 10_000
    pairs = read_array("[" + " ".join(["1"] * 10_001) + "]", "data")
    assert len(apply("max_pool 1", [pairs[:-1]], traced=True).traces) == 10_000
    with pytest.raises(ArrayError, match="the output would have 10,001 numbers; the limit with a trace is 10,000"):
        apply("max_pool 1", [pairs], traced=True)


def test_where_free_memory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux's MemAvailable, in units of 1024 bytes; else the free pages; else 2 GiB."""
    lines = "MemTotal:  99999 kB\nMemFree:  777 kB\nMemAvailable:    12345 kB\n"
    monkeypatch.setattr(memory, "open", lambda path, encoding: StringIO(lines), raising=False)
    assert memory.free_bytes() == 12345 * 1024
    lines = "MemTotal:  99999 kB\n"
    pages = {"SC_AVPHYS_PAGES": 7, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", pages.__getitem__)
    assert memory.free_bytes() == 7 * 4096

    def unknown(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr(os, "sysconf", unknown)
    assert memory.free_bytes() == 2 * 1024**3
