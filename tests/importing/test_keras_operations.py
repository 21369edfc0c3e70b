"""Operations of Keras 3 in its files, with the shapes that Keras states for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from tests.importing.test_keras import functional, layer, new, tensor, written

OPERATIONS = [
    # class, its configuration, arguments after the tensor, and the output for 13x17x6
    ("Argmax", {"axis": -1, "keepdims": False}, [], (13, 17)),
    ("Argmin", {"axis": 1, "keepdims": True}, [], (1, 17, 6)),
    ("Cumsum", {"axis": 1, "dtype": None}, [], (13, 17, 6)),
    ("Logsumexp", {"axis": -1, "keepdims": False}, [], (13, 17)),
    ("Norm", {"ord": None, "axis": -1, "keepdims": False}, [], (13, 17)),
    ("Norm", {"ord": 1, "axis": 2, "keepdims": True}, [], (13, 1, 6)),
    ("Var", {"axis": [1, 2], "keepdims": False}, [], (6,)),
    ("Std", {"axis": 1, "keepdims": False}, [], (17, 6)),
    ("Roll", {"shift": 1, "axis": 1}, [], (13, 17, 6)),
    ("Take", {"axis": -1}, [[0, 2]], (13, 17, 2)),
    ("OneHot", {"num_classes": 8, "axis": -1, "sparse": False}, [], (13, 17, 6, 8)),
]


def _model(class_name: str, config: dict[str, Any], arguments: list[Any]) -> dict[str, Any]:
    image = layer("InputLayer", "x", [], batch_shape=[None, 13, 17, 6])
    made = layer(class_name, "o", [new(tensor("x"), *arguments)], **config) | {"module": "keras.src.ops.numpy"}
    return functional([image, made], [["x", 0, 0]], [["o", 0, 0]], "Functional")


@pytest.mark.parametrize(("class_name", "config", "arguments", "output"), OPERATIONS)
def test_an_operation_has_its_layer_type(
    class_name: str, config: dict[str, Any], arguments: list[Any], output: tuple[int, ...], tmp_path: Path
) -> None:
    """The shape is that of Keras 3.15, and no layer is opaque."""
    report = cnncalc.analyze(written(tmp_path, _model(class_name, config, arguments)))
    assert report.outputs[0].shape == output
    assert "opaque" not in [each.type for each in report.layers]


@pytest.mark.parametrize(
    ("class_name", "config", "arguments"),
    [
        ("Norm", {"ord": 3, "axis": -1, "keepdims": False}, []),
        ("Argmax", {"axis": None, "keepdims": False}, []),
        ("OneHot", {"num_classes": 8, "axis": 1}, []),
        ("Take", {"axis": -1}, [tensor("x")]),
        ("Where", {}, [0.0]),
    ],
)
def test_an_operation_without_a_type_is_an_error(
    class_name: str, config: dict[str, Any], arguments: list[Any], tmp_path: Path
) -> None:
    """Another norm, a position in the whole batch, another axis, positions from a tensor, a number to choose."""
    with pytest.raises(cnncalc.SpecError, match="has no layer type, and the file does not state its shape"):
        cnncalc.analyze(written(tmp_path, _model(class_name, config, arguments)))
