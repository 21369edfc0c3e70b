"""The recorded constructors are those of the installed frameworks."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

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


def test_onnx():
    """Every operator of the default domain has the recorded attributes."""
    defs = pytest.importorskip("onnx").defs
    latest = {each.name: sorted(each.attributes) for each in defs.get_all_schemas() if not each.domain}
    own = recorded("onnx")
    assert {name for name in own if own[name] != latest.get(name)} == set()
