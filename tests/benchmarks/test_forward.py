"""The forward pass against PyTorch's, and against itself; on a quiet machine, `-m benchmark -s` prints the table.

python -m pytest -n0 -m benchmark -s tests/benchmarks/test_forward.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from tests.benchmarks.forward_pass import THREADS
from tests.oracles.frameworks import missing

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
ROUNDS, RUNS = 3, 5
LIMITS_OF_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Measured(NamedTuple):
    """Seconds of the first forward pass and of a later one, and bytes at the peak of its process."""

    first: float
    later: float
    peak: int


def measure(engine: str, spec: str) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.forward_pass", engine, spec, str(RUNS)],
        capture_output=True, text=True, check=True, cwd=ROOT, env=environment(THREADS),
    )  # fmt: skip
    first, later, peak = done.stdout.split()
    return Measured(float(first), float(later), int(peak))


def environment(threads: int | None) -> dict[str, str]:
    """This process's environment with a number of threads, or without one."""
    unlimited = {name: value for name, value in os.environ.items() if name not in LIMITS_OF_THREADS}
    return unlimited if threads is None else unlimited | dict.fromkeys(LIMITS_OF_THREADS, str(threads))


@pytest.mark.skipif(bool(missing("pytorch")), reason="torch not installed")
@pytest.mark.parametrize(
    ("spec", "most"),
    [
        ("alexnet", 2.5),
        ("vgg16", 1.1),
        ("resnet50", 1.1),
        ("mobilenet_v2", 1.8),
        ("efficientnet_b0", 2),
        ("convnext_tiny", 2),
        ("lstm_rows_pytorch", 3),
    ],
)
def test_against_pytorch(spec: str, most: float) -> None:
    """At the spec's size: at most so many times PyTorch's time, and not above its memory. The engines take turns."""
    rounds = [(measure("numpy", spec), measure("pytorch", spec)) for _ in range(ROUNDS)]
    ours, theirs = (median(pair[side].later for pair in rounds) for side in (0, 1))
    memory = [max(pair[side].peak for pair in rounds) for side in (0, 1)]
    print(
        f"\n{spec}: {ours * 1000:.1f} ms, PyTorch {theirs * 1000:.1f} ms, ratio {ours / theirs:.2f} (at most {most}); "
        f"peak {memory[0] >> 20} MiB, PyTorch {memory[1] >> 20} MiB"
    )
    assert ours / theirs <= most
    assert memory[0] <= memory[1]


def test_the_first_pass() -> None:
    """The first `verify` of VGG-16 in a process takes little longer than the next ones."""
    ratios = {
        engine: median(found.first / found.later for found in (measure(engine, "vgg16") for _ in range(ROUNDS)))
        for engine in ("verify", "numpy")
    }
    print(
        f"\nvgg16: first pass against later ones, verify {ratios['verify']:.2f} (at most 1.15), "
        f"with weights in place {ratios['numpy']:.2f}"
    )
    assert ratios["verify"] <= 1.15


def test_beside_a_busy_process() -> None:
    """`cnncalc verify` with a free choice of threads takes no longer than with one, while one core is busy."""
    command = [sys.executable, "-m", "cnncalc", "verify", "dcgan_generator"]
    taken: dict[int | None, list[float]] = {1: [], None: [], THREADS: []}
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            for _ in range(RUNS):
                for threads, seconds in taken.items():
                    start = time.perf_counter()
                    subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment(threads))
                    seconds.append(time.perf_counter() - start)
        finally:
            busy.kill()
    one = median(taken[1])
    print(
        f"\ndcgan_generator beside a busy process, against one thread: {median(taken[None]) / one:.2f} (at most 1.1), "
        f"with {THREADS} stated threads {median(taken[THREADS]) / one:.2f}"
    )
    assert median(taken[None]) / one <= 1.1
