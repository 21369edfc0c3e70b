"""The recorded constructors are those of the installed frameworks."""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path

import pytest

from cnncalc.graph.framework_names import framework_names

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "signatures.jsonl").read_text(encoding="utf-8").splitlines()
]
BY_KEYWORDS = ("LSTM", "GRU", "RNN")
"""PyTorch's recurrent layers take `*args`; their order is that of their documentation."""


def recorded(framework: str) -> dict[str, list[str]]:
    return {row["name"]: row["parameters"] for row in ROWS if row["framework"] == framework}


def constructors(module: object, base: type) -> dict[str, list[str]]:
    """The parameters of every class of a module, losses aside."""
    classes = {name: getattr(module, name) for name in dir(module) if "Loss" not in name}
    return {
        name: [
            {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(each.kind, "") + each.name
            for each in list(inspect.signature(kind.__init__).parameters.values())[1:]
        ]
        for name, kind in classes.items()
        if inspect.isclass(kind) and issubclass(kind, base)
    }


def test_torch():
    """Every module of torch.nn has the recorded parameters."""
    torch = pytest.importorskip("torch")
    found, own = constructors(torch.nn, torch.nn.Module), recorded("torch.nn")
    assert set(found) - set(own) == set()
    assert {name for name in own if name not in BY_KEYWORDS and own[name] != found.get(name)} == set()


def test_keras():
    """Every layer of keras.layers has the recorded parameters."""
    keras = pytest.importorskip("keras")
    found, own = constructors(keras.layers, keras.layers.Layer), recorded("keras.layers")
    without = {name: [each for each in names if not each.startswith("**")] for name, names in found.items()}
    assert set(found) - set(own) == set()
    assert {name for name in own if own[name] != without.get(name)} == set()


LIBRARIES = {
    "torch.nn": "torch", "torch.nn.functional": "torch", "torch": "torch", "torch.nn.utils.parametrizations": "torch",
    "torchvision.ops": "torchvision", "keras.layers": "keras", "keras.ops": "keras", "keras.activations": "keras",
    "tf": "tensorflow", "tf.nn": "tensorflow", "tf.math": "tensorflow", "tf.image": "tensorflow",
}  # fmt: skip
"""The modules whose names are listed, with the library that has them; tf.layers ended with TensorFlow 1."""


@pytest.mark.parametrize("module", LIBRARIES)
def test_listed_names_exist(module):
    """Every name that `cnncalc layers --names` lists of a module is in the installed library."""
    found = pytest.importorskip(LIBRARIES[module], exc_type=(ImportError, RuntimeError))
    for part in module.split(".")[1:]:
        found = getattr(found, part, None) or importlib.import_module(module)
    names = {name for row in framework_names() if row.module == module for name in row.names}
    assert names
    assert {name for name in names if not hasattr(found, name)} == set()


def test_onnx_inputs():
    """The listed arguments of an operator are its attributes and inputs."""
    defs = pytest.importorskip("onnx").defs
    known = {
        each.name: {*each.attributes, *(item.name for item in each.inputs)}
        for each in defs.get_all_schemas()
        if not each.domain
    }
    rows = [row for row in framework_names() if row.framework == "ONNX"]
    listed = {name: {each.name for each in row.arguments} for row in rows for name in row.names}
    assert {name: own - known[name] for name, own in listed.items() if own - known[name]} == {}


def test_onnx():
    """Every operator of the default domain has the recorded attributes."""
    defs = pytest.importorskip("onnx").defs
    latest = {each.name: sorted(each.attributes) for each in defs.get_all_schemas() if not each.domain}
    own = recorded("onnx")
    assert {name for name in own if own[name] != latest.get(name)} == set()
