"""ONNX files: the time does not grow with the weights, and little with the nodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.test_speed import process, side_by_side
from tests.importing.onnx_files import block, model, node, tensor, value

pytestmark = pytest.mark.benchmark

IMPORTS = "import click, yaml, rich.table, rich.console"


def chain(nodes: int, weights: int) -> bytes:
    """Convolutions and activations in turn, in modules of 50, with so many bytes of weights in all."""
    made, constants, x = [], [], "x"
    for place in range(nodes // 2):
        scope = f"/layer{place // 25}/layer{place // 25}.{place % 25}"
        made += [
            node("Conv", f"{x} w{place}", f"c{place}", f"{scope}/conv/Conv", pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
            node("Relu", f"c{place}", f"r{place}", f"{scope}/relu/Relu"),
        ]
        constants.append(tensor(f"w{place}", [8, 8, 3, 3]) + (block(9, bytes(weights)) if weights else b""))
        x = f"r{place}"
    return model(made, [value("x", [1, 8, 16, 16])], [value(x, [1, 8, 16, 16])], constants)


def test_weights_are_skipped(tmp_path: Path) -> None:
    """The summary of 110 nodes with 98 MB takes at most twice the bare imports and 100 ms."""
    file = tmp_path / "heavy.onnx"
    file.write_bytes(chain(110, 98_000_000 // 55))
    ours, theirs = side_by_side(process("-m", "cnncalc", "summary", str(file)), process("-c", IMPORTS), runs=5)
    print(f"\n98 MB: {ours:.3f} s; {IMPORTS}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours <= 2 * theirs + 0.1


def test_a_graph_of_many_nodes(tmp_path: Path) -> None:
    """The summary of 5,000 nodes takes at most thirteen times the bare imports."""
    file = tmp_path / "long.onnx"
    file.write_bytes(chain(5_000, 0))
    ours, theirs = side_by_side(process("-m", "cnncalc", "summary", str(file)), process("-c", IMPORTS), runs=5)
    print(f"\n5,000 nodes: {ours:.3f} s; {IMPORTS}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 13
