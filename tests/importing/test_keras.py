"""Keras files: networks as Keras 3 saves them, the older dialects by hand, containers, refusals."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.report import Report
from cnncalc.diagnostics import SpecError
from cnncalc.importing.formats import Request
from cnncalc.importing.keras.container import config_of
from cnncalc.reading.limits import Limits
from tests.importing.keras_dialects import channels_first, keras_1, keras_2
from tests.oracles.record_keras_files import FILE, LAYERS, recorded


def written(folder: Path, model: Any, name: str = "model.json") -> Path:
    file = folder / name
    file.write_text(model if isinstance(model, str) else json.dumps(model), encoding="utf-8")
    return file


@cache
def _recorded(file: Path) -> dict[str, Any]:
    return recorded(file)


APPLICATIONS = (
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge", "DenseNet121", "DenseNet169",
    "DenseNet201", "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4",
    "EfficientNetB5", "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2",
    "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M", "EfficientNetV2S", "InceptionResNetV2", "InceptionV3",
    "MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small", "NASNetLarge", "NASNetMobile", "ResNet101",
    "ResNet101V2", "ResNet152", "ResNet152V2", "ResNet50", "ResNet50V2", "VGG16", "VGG19", "Xception",
)  # fmt: skip


_ONE_OF_EACH = (
    "ConvNeXtTiny", "DenseNet121", "EfficientNetV2B0", "MobileNetV3Small", "ResNet50V2",
)  # fmt: skip


def _unless_swept(*values: str, quick: Sequence[str]) -> Any:
    """A parameter that only the sweep takes, unless the last value is among the quick ones."""
    return pytest.param(*values, marks=() if values[-1] in quick else pytest.mark.sweep)


@pytest.mark.parametrize("name", [_unless_swept(name, quick=_ONE_OF_EACH) for name in APPLICATIONS])
def test_layer_for_layer(name: str, tmp_path: Path) -> None:
    """Each layer of a network of keras.applications has the shape and the parameters that Keras gives it.

    An activation of a layer is a layer of its own after it, a nested model is a block, and the shapes in the file are
    checked on the way.
    """
    expected = _recorded(FILE)[name]
    report = cnncalc.analyze(written(tmp_path, expected["model"]))
    inputs = {each.name for each in report.inputs}
    names = [layer for layer in expected["layers"] if layer not in inputs]
    found = {layer: _of(layer, report) for layer in names}
    assert found == {layer: expected["layers"][layer] for layer in names}
    assert report.totals.params == expected["params"]
    assert (report.findings, [each.name for each in report.layers if each.type == "opaque"]) == ((), [])


@pytest.mark.parametrize("name", [_unless_swept(name, quick=("MobileNetV2", "NASNetMobile")) for name in APPLICATIONS])
def test_an_archive_holds_the_same_configuration(name: str, tmp_path: Path) -> None:
    """A `.keras` file is read as its JSON: its parts are stored, the metadata first, as Keras 3.15 writes them."""
    model = _recorded(FILE)[name]["model"]
    file = tmp_path / "net.keras"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1", "date_saved": "2026-01-31@12:00:00"}')
        archive.writestr("config.json", model if isinstance(model, str) else json.dumps(model))
        archive.writestr("model.weights.h5", bytes(100))
    whole = config_of(Request(str(written(tmp_path, model))))
    assert config_of(Request(str(file))) == whole._replace(version=whole.version or "3.15.1")


def _of(name: str, report: Report) -> list[Any]:
    """The output shape and the parameters of a layer, or of the nested model of that name."""
    rows = [each for each in report.layers if each.name == name or each.name.startswith(f"{name}.")]
    return [list(rows[-1].output_shape), sum(each.params for each in rows)]


def test_every_network_is_recorded() -> None:
    """The names are those of keras.applications."""
    assert tuple(_recorded(FILE)) == APPLICATIONS


@pytest.mark.parametrize("name", _recorded(LAYERS))
def test_a_layer_or_an_operation(name: str, tmp_path: Path) -> None:
    """A small model has the parameters and the outputs that Keras gives it, and no layer of no type."""
    expected = _recorded(LAYERS)[name]
    report = cnncalc.analyze(written(tmp_path, expected["model"]))
    assert [list(each.shape) for each in report.outputs] == expected["outputs"]
    assert report.totals.params == expected["params"]
    assert (report.findings, [each.name for each in report.layers if each.type == "opaque"]) == ((), [])


_NETWORKS = (
    "MobileNet",
    "MobileNetV2",
    "ResNet50",
    "VGG16",
    "DenseNet121",
    "EfficientNetB0",
    "Xception",
    "InceptionV3",
)
_DIALECTS = {
    "Keras 2.8": keras_2,
    "Keras 2.15": lambda model: keras_2(model, modules=True),
    "TensorFlow.js": lambda model: {"modelTopology": {"keras_version": "2.8.0", "model_config": keras_2(model)}},
    "channels first": channels_first,
    "Keras 1": keras_1,
}
_OF_KERAS_1 = ("ResNet50", "VGG16", "VGG19", "DenseNet121", "Xception", "InceptionV3")
"""Networks without a layer that Keras 1 did not have."""


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        _unless_swept(dialect, name, quick=("MobileNet", "VGG16", "ResNet50", "Xception"))
        for dialect in _DIALECTS
        for name in (_OF_KERAS_1 if dialect == "Keras 1" else _NETWORKS)
    ],
)
def test_a_network_in_an_older_dialect(dialect: str, name: str, tmp_path: Path) -> None:
    """The layers are those that Keras 3 states, in every older form and with the channels first."""
    expected = _recorded(FILE)[name]
    report = cnncalc.analyze(written(tmp_path, _DIALECTS[dialect](expected["model"])))
    rows = {layer.name: [_last(layer.output_shape, dialect), layer.params] for layer in report.layers}
    own = {key: value for key, value in expected["layers"].items() if key in rows}
    assert {key: rows[key] for key in own} == own
    assert len(own) == len(expected["layers"]) - 1  # all but the input
    assert report.totals.params == expected["params"]


def _last(shape: Sequence[int], dialect: str) -> list[int]:
    """A shape with the channels as the last axis."""
    return [*shape[1:], shape[0]] if dialect == "channels first" and len(shape) == 3 else list(shape)


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
    assert [(each.type, each.output_shape) for each in report.layers] == [("rescaling", (11,))] * 2


def test_a_dense_layer_at_each_position_is_no_finding(tmp_path: Path) -> None:
    """N106 is about specs, whose author may mean another framework's layer."""
    dense = ("Dense", {"name": "d", "units": 5, "batch_input_shape": [None, 13, 17, 6]})
    assert "N106" not in [each.code for each in cnncalc.lint(str(written(tmp_path, sequential(dense))))]
    spec = written(tmp_path, "convention: keras\ninput: 13x17x6\nlayers: [dense 5]\n", "net.yaml")
    assert "N106" in [each.code for each in cnncalc.lint(str(spec))]


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


@pytest.mark.parametrize(
    "keys",
    [
        {"class_name": "mine>Dense"},
        {"class_name": "Dense", "module": None, "registered_name": "mine>Dense"},
        {"class_name": "Dense", "module": "my.layers", "registered_name": None},
    ],
    ids=["Keras 2", "Keras 3", "not registered"],
)
def test_a_class_of_the_users_with_a_name_of_keras(keys: dict[str, Any], tmp_path: Path) -> None:
    """A class of another package is opaque, though its name is that of a layer of Keras."""
    layers = [
        INPUT,
        {**layer("Dense", "mine", [new(tensor("x", 0, [None, 11]))], units=5), **keys},
        layer("Dense", "d", [new(tensor("mine", 0, [None, 9]))], units=2),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]])))
    assert [(each.type, each.output_shape) for each in report.layers] == [("opaque", (9,)), ("dense", (2,))]


@pytest.mark.parametrize(
    ("function", "keywords", "output"),
    [
        ("math.reduce_mean", {"axis": [1, 2]}, (6,)),
        ("reshape", {"shape": [-1, 221, 6]}, (221, 6)),
        ("compat.v1.transpose", {"perm": [0, 3, 1, 2]}, (6, 13, 17)),
        ("expand_dims", {"axis": 1}, (1, 13, 17, 6)),
        ("image.resize", {"size": [26, 35]}, (26, 35, 6)),
        ("nn.relu", {}, (13, 17, 6)),
        ("cast", {"dtype": "float32"}, (13, 17, 6)),
        ("clip_by_value", {"clip_value_min": 0.0, "clip_value_max": 6.0}, (13, 17, 6)),
        ("__operators__.getitem", {"slice_spec": [{"start": None, "stop": None, "step": None}, 0]}, (17, 6)),
    ],
)
def test_functions_of_tensorflow(
    function: str, keywords: dict[str, Any], output: tuple[int, ...], tmp_path: Path
) -> None:  # fmt: skip
    """The operation layers of Keras 2 on 13x17x6, with the shapes that TensorFlow's functions give."""
    kind = "SlicingOpLambda" if "getitem" in function else "TFOpLambda"
    image = layer("InputLayer", "x", [], batch_input_shape=[None, 13, 17, 6])
    layers = [image, layer(kind, "o", [["x", 0, 0, keywords]], function=function)]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["o", 0, 0]], "Functional")))
    assert report.outputs[0].shape == output
    assert "opaque" not in [each.type for each in report.layers]


def test_a_state_of_a_layer_of_sequences_is_refused(tmp_path: Path) -> None:
    """The state has another shape than the sequence, and no name in a spec."""
    layers = [
        layer("InputLayer", "x", [], batch_input_shape=[None, 7, 12]),
        layer("LSTM", "l", [old("x")], units=5, return_sequences=True, return_state=True),
        layer("Dense", "d", [[["l", 0, 1, {}]]], units=2),
    ]
    with pytest.raises(SpecError, match="the state of l is used"):
        cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]])))


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


def _doubling(levels: int) -> Any:
    """Models inside of one another, each of which calls the one inside twice."""
    model = layer("Dense", "d", [], units=3)
    for level in range(levels):
        twice = {**model, "inbound_nodes": [old("x"), old((model["name"], 0))]}
        image = layer("InputLayer", "x", [], batch_input_shape=[None, 3])
        model = {**functional([image, twice], [["x", 0, 0]], [[model["name"], 1, 0]]), "name": f"m{level}"}
    return model


def test_calls_are_counted(tmp_path: Path) -> None:
    """25 models inside of one another have 2^25 calls of the layer inside; as many as the limit are made."""
    with pytest.raises(SpecError, match="called more than 2,000 times"):
        cnncalc.analyze(written(tmp_path, _doubling(25)), limits=Limits(layers=2_000))


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


class _Hdf5:
    """A file of h5py with one attribute; reading it raises an exception if it is one."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.attrs = self

    def __enter__(self) -> _Hdf5:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def get(self, name: str) -> Any:
        assert name == "model_config"
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (json.dumps(sequential(CONV_2)), ""),
        (json.dumps(sequential(CONV_2)).encode(), ""),
        (7, "model_config is not a text but int"),
        (None, "weights without a model"),
        ("", "the JSON of the configuration is damaged"),
        ("[" * 50_000 + "]" * 50_000, "nested 50,000 levels deep"),
        ("x" * 10_485_761, "larger than 10,485,760 bytes"),
        (MemoryError("Unable to allocate 8.00 EiB"), "damaged: Unable to allocate"),
    ],
    ids=["text", "bytes", "number", "none", "empty", "deep", "huge", "huge by its header"],
)
def test_the_configuration_in_hdf5(value: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attribute of any kind gives a model or a message."""
    monkeypatch.setitem(sys.modules, "h5py", SimpleNamespace(File=lambda path, mode: _Hdf5(value)))
    file = tmp_path / "net.h5"
    file.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    if not message:
        assert cnncalc.analyze(file).totals.params == 185
        return
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze(file)
