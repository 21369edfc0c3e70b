"""Layers that all differ, as ratios of processor times in one run; nothing is remembered from one run to the next."""

from __future__ import annotations

import gc
import re
import tracemalloc
from collections.abc import Callable
from functools import _lru_cache_wrapper
from time import process_time
from typing import Any

import pytest
import yaml

from cnncalc import analyze
from tests.benchmarks.test_speed import seconds

pytestmark = pytest.mark.benchmark

LAYERS = 10_000
ROUNDS = 5
KERNELS = (1, 3, 5, 7)


def forget() -> None:
    """Empty every cache of the package that outlives a call."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper) and (each.__module__ or "").startswith("cnncalc"):
            each.cache_clear()


def cold(*actions: Callable[[], object]) -> list[float]:
    """The least processor seconds of each action. They take turns, after a warm-up that imports what they need."""
    for action in actions:
        action()
    rounds = []
    for _ in range(ROUNDS):
        taken = []
        for action in actions:
            forget()
            taken.append(seconds(action, process_time))
        rounds.append(taken)
    return [min(each) for each in zip(*rounds, strict=True)]


def settings(layers: int) -> list[tuple[int, int, int]]:
    """Filters, kernel and padding of each layer; no two have the same filters."""
    return [(8 + number, KERNELS[number % 4], KERNELS[number % 4] // 2) for number in range(layers)]


def distinct(layers: int) -> str:
    return "64x64x3 -> " + " -> ".join(f"conv {n} {k}x{k} s1 p{p}" for n, k, p in settings(layers))


def identical(layers: int) -> str:
    return "64x64x3" + " -> conv 8 3x3 s1 p1" * layers


def spelt_out(layers: int) -> str:
    lines = (
        f"  - conv: {{filters: {n}, kernel: [{k}, {k}], stride: 1, padding: {p}, name: conv_{number}}}\n"
        for number, (n, k, p) in enumerate(settings(layers))
    )
    return "input: 64x64x3\nlayers:\n" + "".join(lines)


ITEM = re.compile(r"conv ([0-9]+) ([0-9]+x[0-9]+) s([0-9]+) p([0-9]+)")


def by_hand(text: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """A plain loop over the items of a chain of convolutions: the figures that the report has, and its totals."""
    first, *items = text.split(" -> ")
    *sizes, channels = map(int, first.split("x"))
    fields, jumps = [1] * len(sizes), [1] * len(sizes)
    layers = []
    for number, item in enumerate(items, 1):
        found = ITEM.fullmatch(item)
        assert found
        filters, stride, padding = int(found[1]), int(found[3]), int(found[4])
        kernel = [int(size) for size in found[2].split("x")]
        outputs = [(W - F + 2 * padding) // stride + 1 for W, F in zip(sizes, kernel, strict=True)]
        fields = [field + (F - 1) * jump for field, F, jump in zip(fields, kernel, jumps, strict=True)]
        jumps = [jump * stride for jump in jumps]
        positions = taps = 1
        for output, F in zip(outputs, kernel, strict=True):
            positions *= output
            taps *= F
        params = taps * channels * filters + filters
        macs = positions * filters * taps * channels
        elements = positions * filters
        layer = {
            "name": f"conv_{number}", "type": "conv", "input_shape": (*sizes, channels),
            "output_shape": (*outputs, filters), "params": params, "trainable_params": params,
            "unshared_params": params * positions, "macs": macs, "flops": 2 * macs + elements,
            "activation_elements": elements, "activation_bytes": 4 * elements,
            "receptive_field": tuple(fields), "effective_stride": tuple(jumps),
        }  # fmt: skip
        layers.append(layer)
        sizes, channels = outputs, filters
    summed = ("params", "unshared_params", "macs", "flops", "activation_elements")
    totals = {name: sum(layer[name] for layer in layers) for name in summed}
    shapes = [layer["input_shape"] for layer in layers]
    live = [a * b * c + layer["activation_elements"] for (a, b, c), layer in zip(shapes, layers, strict=True)]
    return layers, {**totals, "peak_activation_bytes": 4 * max(live)}


def test_the_loop_computes_the_same_figures() -> None:
    text = distinct(100)
    report = analyze(text)
    layers, totals = by_hand(text)
    for ours, theirs in zip(report.layers, layers, strict=True):
        row = ours._asdict() | {"input_shape": ours.input_shapes[0]}
        assert {name: row[name] for name in theirs} == theirs
    assert {name: getattr(report.totals, name) for name in totals} == totals


def test_inline_layers() -> None:
    """Against the loop above, and against layers that are all the same."""
    different, same = distinct(LAYERS), identical(LAYERS)
    ours, loop, repeated = cold(lambda: analyze(different), lambda: by_hand(different), lambda: analyze(same))
    print(
        f"\n{LAYERS:,} distinct layers: {ours / LAYERS * 1e6:.1f} µs each; loop by hand {loop / LAYERS * 1e6:.1f}, "
        f"ratio {ours / loop:.1f}; identical layers {repeated / LAYERS * 1e6:.1f}, ratio {ours / repeated:.2f}"
    )
    assert ours / loop <= 7
    assert ours / repeated <= 2.2


def events(text: str) -> None:
    """Parse YAML, and nothing else."""
    loader = yaml.CSafeLoader(text)
    while not isinstance(loader.get_event(), yaml.events.StreamEndEvent):
        pass


def test_spelt_out_layers() -> None:
    """Against libyaml's events of the same text alone."""
    text = spelt_out(LAYERS)
    ours, theirs = cold(lambda: analyze(text), lambda: events(text))
    print(f"\nspelt out: {ours / LAYERS * 1e6:.1f} µs each; libyaml's events {theirs / LAYERS * 1e6:.1f}; "
          f"ratio {ours / theirs:.2f}")  # fmt: skip
    assert ours / theirs <= 4.5


def concatenations(count: int) -> str:
    """Dense blocks: each concatenation joins the last 20 convolutions, which it names."""
    lines = (
        f"  - conv: {{filters: 4, kernel: 1, name: c{number}}}\n"
        f"  - concat: {{from: [{', '.join(f'c{each}' for each in range(max(number - 19, 0), number + 1))}]}}\n"
        for number in range(count)
    )
    return "input: 8x8x4\nlayers:\n" + "".join(lines)


def test_concatenations() -> None:
    """Against libyaml's events of the same text alone."""
    text = concatenations(2_000)
    ours, theirs = cold(lambda: analyze(text), lambda: events(text))
    edges = 20 * 2_000
    print(
        f"\nconcatenations: {ours / edges * 1e6:.2f} µs an edge; events {theirs / edges * 1e6:.2f}; {ours / theirs:.2f}"
    )
    assert ours / theirs <= 3.5


def test_memory() -> None:
    """The bytes that a report keeps of each layer."""
    text = distinct(LAYERS)
    analyze(text)
    forget()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    report = analyze(text)
    gc.collect()
    kept, most = (each - before for each in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    assert len(report.layers) == LAYERS
    print(f"\nmemory per distinct layer: {kept / LAYERS:.0f} bytes kept, {most / LAYERS:.0f} bytes at the peak")
    assert most / LAYERS <= 2_500
