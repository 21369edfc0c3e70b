"""The forward pass against PyTorch's, on the same machine and threads; asked for with `-m benchmark`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.forward_pass import THREADS
from tests.oracles.frameworks import missing

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(bool(missing("pytorch")), reason="torch not installed"),
]

ROOT = Path(__file__).parents[2]
ROUNDS, RUNS = 3, 5


def measure(engine: str, spec: str) -> tuple[float, int]:
    """Seconds of a forward pass, and bytes at the peak of its process."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(THREADS))
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.forward_pass", engine, spec, str(RUNS)],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **threads},
    )  # fmt: skip
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


@pytest.mark.parametrize(("spec", "most"), [("alexnet", 2.5), ("vgg16", 2.5), ("resnet50", 2.5), ("mobilenet_v2", 6)])
def test_against_pytorch(spec: str, most: float) -> None:
    """At 224×224: at most so many times PyTorch's time, and not above its memory. The engines take turns."""
    rounds = [(measure("numpy", spec), measure("pytorch", spec)) for _ in range(ROUNDS)]
    ours, theirs = (median(pair[side][0] for pair in rounds) for side in (0, 1))
    memory = [max(pair[side][1] for pair in rounds) for side in (0, 1)]
    print(
        f"\n{spec}: {ours * 1000:.0f} ms, PyTorch {theirs * 1000:.0f} ms, ratio {ours / theirs:.2f}; "
        f"peak {memory[0] >> 20} MiB, PyTorch {memory[1] >> 20} MiB"
    )
    assert ours / theirs <= most
    assert memory[0] <= memory[1]
