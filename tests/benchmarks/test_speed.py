"""Speed, as ratios of medians measured side by side in one run; asked for with `-m benchmark`."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
import yaml

from cnncalc.analysis.analyze import analyze

pytestmark = pytest.mark.benchmark

RUNS = 9

LIBRARIES = "import click, yaml, rich.table, rich.console"


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    gc.collect()
    start = clock()
    action()
    return clock() - start


def side_by_side(
    one: Callable[[], object], other: Callable[[], object], runs: int = RUNS,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:  # fmt: skip
    """The medians of two actions that take turns, after a warm-up of each."""
    one(), other()
    pairs = [(seconds(one, clock), seconds(other, clock)) for _ in range(runs)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "baseline", "most"),
    [
        (("summary", "resnet50"), LIBRARIES, 1.4),
        (("explain", "resnet50"), LIBRARIES, 2.2),
        (("zoo",), LIBRARIES, 1.2),
        (("lint", "specs/vgg16.yaml"), LIBRARIES, 1.7),
        (("--version",), "import click", 1.3),
    ],
    ids=["summary", "explain", "zoo", "lint", "version"],
)
def test_whole_process(arguments: tuple[str, ...], baseline: str, most: float) -> None:
    """A command against the bare import of the libraries that it stands on."""
    ours, theirs = side_by_side(process("-m", "cnncalc", *arguments), process("-c", baseline))
    print(f"\ncnncalc {' '.join(arguments)}: {ours:.3f} s; {baseline}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= most


def test_equal_layers_are_explained_once(tmp_path: Path) -> None:
    """To explain 1,000 equal layers takes no longer than three times what 100 take, the start of Python included."""
    few, many = (tmp_path / f"{layers}.yaml" for layers in (100, 1_000))
    for file in (few, many):
        file.write_text(f"input: 64x64x8\nlayers:\n  - repeat: {file.stem}\n    layers: [conv 8 3x3 p1]\n")
    command = ("-m", "cnncalc", "explain", "--max-layers", "2000")
    ours, theirs = side_by_side(process(*command, str(many)), process(*command, str(few)))
    print(f"\nexplain 1,000 equal layers: {ours:.2f} s; 100: {theirs:.2f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 3


def chain(layers: int) -> str:
    """A chain of convolutions, each spelt out with a name of its own."""
    lines = (
        f"  - conv: {{filters: 8, kernel: [3, 3], stride: 1, padding: 1, name: conv_{number}}}\n"
        for number in range(layers)
    )
    return "input: 64x64x8\nlayers:\n" + "".join(lines)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("chains")
    made = {layers: folder / f"{layers}.yaml" for layers in (1_000, 10_000, 100_000)}
    for layers, file in made.items():
        file.write_text(chain(layers), encoding="utf-8")
    return made


def test_time_per_layer_is_constant(files: dict[int, Path]) -> None:
    """Ten and a hundred times the layers take ten and a hundred times as long, within 30 %."""
    each: dict[int, list[float]] = {layers: [] for layers in files}
    for _ in range(5):  # the lengths take turns, each for about as long, so that a busy machine slows all of them
        for layers, file in files.items():
            times = 20 if layers == 1_000 else 4 if layers == 10_000 else 1
            took = seconds(lambda file=file, times=times: [analyze(file).totals for _ in range(times)])
            each[layers].append(took / times)
    per_layer = {layers: median(found) / layers for layers, found in each.items()}
    print("\n" + ", ".join(f"{layers:,} layers: {time * 1e6:.1f} µs each" for layers, time in per_layer.items()))
    assert max(per_layer.values()) / min(per_layer.values()) <= 1.3


def test_a_long_chain_against_yaml_alone(files: dict[int, Path]) -> None:
    """Analyzing 100,000 layers takes no longer than three times composing the same text with libyaml."""
    text = files[100_000].read_text(encoding="utf-8")
    ours, theirs = side_by_side(
        lambda: analyze(files[100_000]), lambda: yaml.compose(text, Loader=yaml.CSafeLoader), runs=3
    )
    print(f"\nanalyze: {ours:.2f} s; yaml.compose: {theirs:.2f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 3
