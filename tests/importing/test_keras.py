"""Keras files: networks as Keras 3 saves them, the older dialects by hand, containers, refusals."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.oracles.record_keras_files import FILE, NAMES


def written(folder: Path, model: Any, name: str = "model.json") -> Path:
    file = folder / name
    file.write_text(model if isinstance(model, str) else json.dumps(model), encoding="utf-8")
    return file


def _recorded(name: str) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(FILE) as archive:
        return archive.read(f"{name}.json").decode(), json.loads(archive.read(f"{name}.rows"))


@pytest.mark.parametrize("name", NAMES)
def test_layer_for_layer(name: str, tmp_path: Path) -> None:
    """Each layer of a network of keras.applications has the shape and the parameters that Keras gives it.

    An activation of a layer is a layer of its own after it, and the shapes in the file are checked on the way.
    """
    text, expected = _recorded(name)
    report = cnncalc.analyze(written(tmp_path, text))
    rows = {layer.name: [list(layer.output_shape), layer.params] for layer in report.layers}
    own = {key: value for key, value in expected["layers"].items() if key in rows}
    assert {key: rows[key] for key in own} == own
    assert len(own) > 0.9 * len(expected["layers"])
    assert report.totals.params == expected["params"]
    assert report.findings == ()


def sequential(*layers: tuple[str, dict[str, Any]], bare: bool = False) -> dict[str, Any]:
    """A Sequential; `bare` is the form before Keras 2.2.3, whose configuration is a list."""
    listed = [{"class_name": name, "config": config} for name, config in layers]
    return {"class_name": "Sequential", "config": listed if bare else {"name": "net", "layers": listed}}


CONV_1 = (
    "Convolution2D",
    {
        "name": "c", "nb_filter": 5, "nb_row": 3, "nb_col": 2, "subsample": [2, 1], "border_mode": "same",
        "dim_ordering": "tf", "bias": True, "activation": "relu", "batch_input_shape": [None, 13, 17, 6],
        "init": "glorot_uniform", "W_regularizer": None, "trainable": True,
    },
)  # fmt: skip
CONV_2 = (
    "Conv2D",
    {
        "name": "c", "filters": 5, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "use_bias": True,
        "data_format": "channels_last", "activation": "relu", "batch_input_shape": [None, 13, 17, 6],
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
    },
)  # fmt: skip
DENSE_1 = ("Dense", {"name": "d", "output_dim": 7, "activation": "softmax"})
DENSE_2 = ("Dense", {"name": "d", "units": 7, "activation": "softmax", "use_bias": True})
FLATTEN = ("Flatten", {"name": "f", "data_format": "channels_last"})


@pytest.mark.parametrize(
    "model",
    [
        sequential(CONV_1, ("Flatten", {"name": "f"}), DENSE_1, bare=True),
        sequential(CONV_2, FLATTEN, DENSE_2, bare=True),
        sequential(CONV_2, FLATTEN, DENSE_2),
        {"modelTopology": {"keras_version": "2.15.0", "model_config": sequential(CONV_2, FLATTEN, DENSE_2)}},
        {"model_config": sequential(CONV_2, FLATTEN, DENSE_2)},
    ],
    ids=["keras-1", "keras-2.0", "keras-2.2.4", "tensorflow.js", "hdf5-export"],
)
def test_one_network_in_each_dialect(model: Any, tmp_path: Path) -> None:
    """3·2·6·5 + 5 and 7·17·5·7 + 7 parameters: SAME with stride 2x1 makes 13x17 into 7x17."""
    report = cnncalc.analyze(written(tmp_path, model))
    assert [(each.name, each.params) for each in report.layers] == [
        ("c", 185), ("c_relu", 0), ("f", 0), ("d", 4172), ("d_softmax", 0),
    ]  # fmt: skip
    assert report.outputs[0].shape == (7,)


def functional(layers: list[dict[str, Any]], inputs: list[Any], outputs: list[Any], name: str = "Model") -> Any:
    config = {"name": "net", "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": name, "config": config}


def layer(class_name: str, name: str, nodes: list[Any], **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}


def old(*references: Any) -> list[Any]:
    """A node of Keras 2: `[layer, node, tensor, {}]` for each input."""
    return [
        [name, node, 0, {}] for name, node in (each if isinstance(each, tuple) else (each, 0) for each in references)
    ]


def tensor(name: str, node: int = 0, shape: list[Any] | None = None) -> dict[str, Any]:
    config = {"shape": shape, "dtype": "float32", "keras_history": [name, node, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def new(*arguments: Any, **keywords: Any) -> dict[str, Any]:
    """A node of Keras 3."""
    return {"args": list(arguments), "kwargs": keywords}


INPUT = layer("InputLayer", "x", [], batch_input_shape=[None, 11])


def _siamese(first: Any, second: Any, join: Any) -> list[dict[str, Any]]:
    other = layer("InputLayer", "y", [], batch_input_shape=[None, 11])
    return [INPUT, other, layer("Dense", "shared", [first, second], units=5), layer("Concatenate", "both", [join])]


@pytest.mark.parametrize(
    "layers",
    [
        _siamese(old("x"), old("y"), old("shared", ("shared", 1))),
        _siamese(new(tensor("x")), new(tensor("y")), new([tensor("shared"), tensor("shared", 1)])),
    ],
    ids=["keras-2", "keras-3"],
)
def test_a_shared_layer_counts_once(layers: list[dict[str, Any]], tmp_path: Path) -> None:
    """11·5 + 5 parameters on two inputs, joined to 10 features."""
    model = functional(layers, [["x", 0, 0], ["y", 0, 0]], [["both", 0, 0]])
    report = cnncalc.analyze(written(tmp_path, model))
    assert (report.totals.params, report.outputs[0].shape) == (60, (10,))


def test_nested_models_are_opened(tmp_path: Path) -> None:
    """A Sequential used twice inside of a Functional: 11·11 + 11 parameters, counted once, and the sum of both."""
    inner = sequential(("InputLayer", {"name": "i", "batch_shape": [None, 11]}), ("Dense", {"name": "d", "units": 11}))
    nested = {"class_name": "Sequential", "name": "block", "config": inner["config"]}
    layers = [
        INPUT,
        {**nested, "inbound_nodes": [old("x"), old(("block", 0))]},
        layer("Add", "sum", [old("x", ("block", 1))]),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["sum", 0, 0]])))
    assert (report.totals.params, [each.name for each in report.layers]) == (132, ["block.d", "block.d_2", "sum"])


def test_operations_on_tensors(tmp_path: Path) -> None:
    """`x * 2`, as Keras 3 and as TensorFlow's operation layers record it; neither changes the shape."""
    layers = [
        INPUT,
        layer("Multiply", "twice", [new(tensor("x"), 2.0)]),
        layer("TFOpLambda", "more", [["twice", 0, 0, {"y": 1.0, "name": None}]], function="math.add"),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["more", 0, 0]], "Functional")))
    assert [(each.type, each.output_shape) for each in report.layers] == [("power", (11,)), ("power", (11,))]


def test_channels_first(tmp_path: Path) -> None:
    """Layers with channels_first make a spec in CHW."""
    conv = ("Conv2D", {"name": "c", "filters": 5, "kernel_size": [3, 3], "data_format": "channels_first",
                       "batch_input_shape": [None, 6, 13, 17]})  # fmt: skip
    assert cnncalc.analyze(written(tmp_path, sequential(conv))).outputs[0].shape == (5, 11, 15)


def test_wrappers(tmp_path: Path) -> None:
    """Two directions of an LSTM of 5 on 7 features, 2·4·(7·5 + 5·5 + 5), then one dense layer at every step."""
    lstm = {"class_name": "LSTM", "config": {"units": 5, "return_sequences": True, "activation": "tanh"}}
    dense = {"class_name": "Dense", "config": {"units": 3, "activation": "relu"}}
    model = sequential(
        ("InputLayer", {"name": "i", "batch_shape": [None, 4, 7]}),
        ("Bidirectional", {"name": "b", "layer": lstm, "merge_mode": "concat"}),
        ("TimeDistributed", {"name": "t", "layer": dense}),
    )
    report = cnncalc.analyze(written(tmp_path, model))
    assert (report.totals.params, report.outputs[0].shape) == (520 + 33, (4, 3))


def test_a_layer_of_the_users_is_opaque(tmp_path: Path) -> None:
    """A class that no type is has the shape that Keras 3 states where the layer is used."""
    layers = [
        INPUT,
        layer("MyLayer", "mine", [new(tensor("x", 0, [None, 11]))]),
        layer("Dense", "d", [new(tensor("mine", 0, [None, 9]))], units=2),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]])))
    assert [(each.type, each.output_shape) for each in report.layers] == [("opaque", (9,)), ("dense", (2,))]


def test_a_stated_shape_that_differs_is_a_finding(tmp_path: Path) -> None:
    """The finding has both shapes and the layer's name."""
    layers = [
        INPUT,
        layer("Dense", "d", [new(tensor("x"))], units=5),
        layer("ReLU", "r", [new(tensor("d", 0, [None, 6]))]),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["r", 0, 0]])))
    (finding,) = report.findings
    assert all(word in str(finding) for word in ("d", "5", "6"))


def test_a_keras_file_is_a_zip(tmp_path: Path) -> None:
    """`.keras` holds config.json; its weights are never unpacked."""
    file = tmp_path / "net.keras"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr("config.json", json.dumps(sequential(CONV_2)))
        archive.writestr("model.weights.h5", b"\0" * 100)
    assert cnncalc.analyze(file).totals.params == 185


def _damaged(folder: Path) -> Iterator[tuple[str, Path, str]]:
    bomb = folder / "bomb.keras"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", b" " * 30_000_000)
    yield "a zip bomb", bomb, "larger than"
    short = folder / "short.keras"
    short.write_bytes(bomb.read_bytes()[:200])
    yield "a file cut off", short, "damaged"
    yield "JSON cut off", written(folder, '{"class_name": "Sequential", "config": [', "a.json"), "damaged"
    yield (
        "deep JSON",
        written(folder, '{"class_name": "Sequential", "config": ' + "[" * 100_000, "b.json"),
        "levels deep",
    )
    yield "no layers", written(folder, {"class_name": "Model", "config": {"name": "x"}}, "c.json"), "no list of layers"
    loop = [INPUT, layer("Add", "a", [old("x", "b")]), layer("ReLU", "b", [old("a")])]
    yield "a cycle", written(folder, functional(loop, [["x", 0, 0]], [["b", 0, 0]]), "d.json"), "never computed"
    hdf5 = folder / "net.h5"
    hdf5.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    yield "HDF5 without h5py, or damaged", hdf5, "HDF5"


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    """Each is one E111 with the reason."""
    for what, file, message in _damaged(tmp_path):
        with pytest.raises(SpecError) as caught:
            cnncalc.analyze(file)
        (found,) = caught.value.diagnostics
        assert (found.code, message in found.message) == ("E111", True), (what, found.message)
