"""The variants of a spec with a hundred layers, as a ratio of processor times measured side by side."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from cnncalc import analyze, sweep
from tests.benchmarks.test_speed import side_by_side

pytestmark = pytest.mark.benchmark

SPEC = """
input: 64x64x3
variables: {width: 16}
layers:
  - repeat: 25
    layers:
      - conv ${width} 3x3 same
      - batch_norm
      - relu
      - conv ${width} 1x1
"""


def test_variants_against_analyze(tmp_path: Path) -> None:
    """A variant of a sweep takes no more processor time than an analysis of the variant alone."""
    path = tmp_path / "hundred.yaml"
    path.write_text(SPEC)

    def analyzed() -> None:
        for width in range(16, 26):
            for size in range(32, 152, 8):
                analyze(path, input=(size, size, 3), variables={"width": width})

    ranges = {"width": "16..25", "input": "32..144:8"}
    ours, theirs = side_by_side(lambda: list(sweep(path, ranges)), analyzed, runs=5, clock=process_time)
    ten_thousand = ours / 150 * 10_000
    print(f"\nsweep: {ours:.2f} s, 10,000 variants {ten_thousand:.0f} s; analyze {theirs:.2f} s; {ours / theirs:.2f}")
    assert ours / theirs <= 1
