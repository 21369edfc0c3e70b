"""The memory of freed arrays is used again: a second pass asks the system for no pages."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PASSES = """
import resource
from cnncalc.analysis.analyze import load
from cnncalc.forward.run import random_inputs, run

graph = load("256x56x56 -> relu -> relu -> relu -> relu", convention="pytorch")
inputs = random_inputs(graph, seed=0, batch=1)
for _ in range(2):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for step in run(graph, inputs):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="not glibc, whose memory is kept")
def test_a_second_pass_uses_the_memory_of_the_first() -> None:
    """An array of 256 x 56 x 56 numbers has 784 pages of 4 KiB; otherwise each pass asks for two arrays or more."""
    done = subprocess.run([sys.executable, "-c", PASSES], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[1]) < 100
