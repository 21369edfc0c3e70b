"""Errors of ONNX files whose nodes have no output: each states the reason, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.onnx_files import block, model, node, value

IMAGE = value("x", [1, 6, 13, 17])


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([node("Relu", "x", "y", "r") + block(7, "mine")],
         r'r: Relu has no layer type here, and .* its shape \(add the shape of its output "y" to the .* value_info'),
        ([node("Whatever", "x", "y", "w")],
         r"w: Whatever has no layer type here, and .* state its shape \(run onnx.shape_inference.infer_shapes"),
        ([node("MaxPool", "x", "y", "p", kernel_shape=[14, 2])],
         r"error\[E301\]: p: kernel 14 is larger than the input 13"),
        ([node("Relu", "q", "p", "a1"), node("Relu", "p", "q", "a2"), node("Add", "x q", "y", "s")],
         "the nodes a1, a2 form a cycle"),
        ([node("Add", "x y", "y", "s")], "the node s reads its own output"),
        ([node("Relu", "q", "y", "a1"), node("Relu", "x", "q", "a2")],
         'a1: the input "q" is not computed before this node, but by a2'),
        ([node("Relu", "q", "y", "a1"), node("Relu", "z", "q", "a2")], 'a2: the input "z" is never computed'),
        ([node("Relu", f"v{k + 1}", f"v{k}", f"n{k}") for k in range(10)] + [node("Relu", "v0", "v10", "n10")],
         "the nodes n0, n1, n2, n3, n4, n5, n6, n7 and 3 more form a cycle"),
    ],
)  # fmt: skip
def test_nodes_without_a_shape_are_errors_with_the_reason(nodes: list[bytes], message: str, tmp_path: Path) -> None:
    """The output's shape is open: an operator of another domain, a kernel larger than the input, a wrong order."""
    data = model(nodes, [IMAGE], [value("y", ["N", "C", "H", "W"])])
    file = tmp_path / "net.onnx"
    file.write_bytes(data)
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze(file)
