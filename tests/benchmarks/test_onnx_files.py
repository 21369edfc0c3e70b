"""ONNX files: the time does not grow with the weights, and little with the nodes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.test_speed import process, side_by_side
from tests.importing.onnx_files import block, model, node, tensor, value

pytestmark = pytest.mark.benchmark

STATISTICS = ("weight", "bias", "running_mean", "running_var")
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


def residual(blocks: int) -> bytes:
    """Blocks of two normalized convolutions and a shortcut, 7 nodes each, whose small weights the file holds."""
    made, constants, x = [], [], "x"
    for place in range(blocks):
        scope, shortcut = f"/layer{place // 50}/layer{place // 50}.{place % 50}", x
        for k in (1, 2):
            conv, norm, name = f"c{place}_{k}", f"n{place}_{k}", f"layer{place // 50}.{place % 50}"
            made += [
                node("Conv", f"{x} {name}.conv{k}.weight", conv, f"{scope}/conv{k}/Conv", pads=[1, 1, 1, 1]),
                node(
                    "BatchNormalization",
                    " ".join([conv, *(f"{name}.bn{k}.{each}" for each in STATISTICS)]),
                    norm,
                    f"{scope}/bn{k}/BatchNormalization",
                ),
            ]
            constants.append(tensor(f"{name}.conv{k}.weight", [8, 8, 3, 3]) + block(9, bytes(4 * 576)))
            constants += [tensor(f"{name}.bn{k}.{each}", [8]) + block(9, bytes(32)) for each in STATISTICS]
            x = norm
            if k == 1:
                x = f"r{place}_1"
                made.append(node("Relu", norm, x, f"{scope}/relu/Relu"))
        made += [
            node("Add", f"{x} {shortcut}", f"a{place}", f"{scope}/Add"),
            node("Relu", f"a{place}", f"r{place}_2", f"{scope}/relu_1/Relu"),
        ]
        x = f"r{place}_2"
    return model(made, [value("x", [1, 8, 16, 16])], [value(x, [1, 8, 16, 16])], constants)


def test_weights_are_skipped(tmp_path: Path) -> None:
    """The summary of 110 nodes with 98 MB takes at most twice the bare imports and 100 ms."""
    file = tmp_path / "heavy.onnx"
    file.write_bytes(chain(110, 98_000_000 // 55))
    ours, theirs = side_by_side(process("-m", "cnncalc", "summary", str(file)), process("-c", IMPORTS), runs=5)
    print(f"\n98 MB: {ours:.3f} s; {IMPORTS}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours <= 2 * theirs + 0.1


@pytest.mark.parametrize(("name", "data"), [("chain", chain(5_000, 0)), ("residual", residual(715))])
def test_a_graph_of_many_nodes(name: str, data: bytes, tmp_path: Path) -> None:
    """The summary of 5,000 nodes takes at most twelve times the bare imports."""
    file = tmp_path / "long.onnx"
    file.write_bytes(data)
    ours, theirs = side_by_side(process("-m", "cnncalc", "summary", str(file)), process("-c", IMPORTS), runs=5)
    print(f"\n5,000 nodes, {name}: {ours:.3f} s; {IMPORTS}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 12
