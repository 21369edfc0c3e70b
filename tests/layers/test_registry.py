"""Layer types by their names, as frameworks spell them, with the number of spatial axes in the name."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.diagnostics import PluginError
from cnncalc.layers import registry
from cnncalc.layers.base import REGISTRY, Layer
from tests.together import for_each


@for_each(
    ("name", "type", "axes"),
    [
        ("conv", "conv", None), ("conv2d", "conv", 2), ("conv_3d", "conv", 3), ("Conv1D", "conv", 1),
        ("nn.LazyConv2d", "conv", 2), ("Conv2DTranspose", "conv_transpose", 2),
        ("conv_transpose3d", "conv_transpose", 3),
        ("ConvTranspose1d", "conv_transpose", 1), ("MaxPooling2D", "max_pool", 2),
        ("keras.layers.Dense", "dense", None),
        ("nn.Linear", "dense", None), ("LazyLinear", "dense", None), ("BatchNorm2d", "batch_norm", 2),
        ("Softmax2d", "softmax2d", None), ("relu", "relu", None), ("RELU", "relu", None),
        ("InnerProduct", "dense", None),
        ("ZeroPad2d", "zero_pad", 2), ("GlobalAveragePooling3D", "global_avg_pool", 3),
    ],
)  # fmt: skip
def test_names(name: str, type: str, axes: int | None) -> None:
    assert registry.find(name) == (registry.load_all()[type], axes)


@for_each("name", ["dense2d", "relu3d", "conv4d", "convolute", "linear1d", "", "conv2", "lazy", "2d"])
def test_other_names(name: str) -> None:
    """`dense` has no spatial axes, and there are at most three."""
    assert registry.find(name) is None


@for_each(
    ("name", "canonical", "typed"),
    [
        ("conv", True, True), ("conv3d", False, True), ("Conv3D", False, True), ("conv_3d", False, True),
        ("conv_2d_transpose", False, True), ("Conv", False, False), ("linear", False, False), ("", False, False),
        ("_activation", False, False), ("__init__", False, False), ("base", False, False), ("conv4d", False, False),
        ("linear2d", False, False),
    ],
)  # fmt: skip
def test_canonical_names(name: str, canonical: bool, typed: bool) -> None:
    """The types' own names, as the modules have them; the second with a number of axes and any case of its letter."""
    assert (registry.is_canonical(name), registry.is_type_name(name)) == (canonical, typed)


def test_every_module_is_a_type() -> None:
    assert all(kind.type == name and registry.is_canonical(name) for name, kind in registry.load_all().items())
    assert list(registry.load_all()) == sorted(registry.load_all())


def test_few_modules_are_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canonical name imports its module once; usual aliases need no other type, and no plug-in."""
    relu = registry.load_all()["relu"]
    imported = []

    def import_module(name: str) -> None:
        imported.append(name)
        REGISTRY["relu"] = relu

    monkeypatch.setattr("importlib.import_module", import_module)
    monkeypatch.setattr(registry, "_load_bundled", lambda: pytest.fail("all types are loaded"))
    monkeypatch.setattr(registry, "_load_plugins", lambda: pytest.fail("plug-ins are loaded"))
    monkeypatch.delitem(REGISTRY, "relu")
    assert registry.find("relu") == registry.find("ReLU") == (relu, None)
    names = ["Conv2d", "MaxPooling2D", "nn.Linear", "LazyConv3d", "conv_2d", "SiLU", "softmax"]
    assert None not in [registry.find(name) for name in names]
    assert imported == ["cnncalc.layers.activation.relu"]


def test_a_plugin_s_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plug-ins are loaded for a name that no bundled type has."""
    relu = registry.load_all()["relu"]
    monkeypatch.setattr(registry, "_load_plugins", lambda: monkeypatch.setitem(REGISTRY, "extra_relu", relu))
    assert registry.find("extra_relu") == (relu, None)


def test_families() -> None:
    """The docstring of a family's folder; plug-ins have none."""
    assert registry.describe_family("pooling").endswith(".")
    assert registry.describe_family("activation").startswith("Functions of single elements")
    assert (registry.describe_family("plugin"), registry.describe_family("layers")) == ("", "")


def test_known_names() -> None:
    assert {"conv", "Conv2D", "relu"} & set(registry.known_names()) >= {"conv", "relu"}
    assert len(registry.known_names()) > 2 * len(registry.load_all())


class Plugin:
    """An entry point that registers what it is given, under the types' names."""

    name, value = "extra", "extra.layers"

    def __init__(self, *types: str, error: Exception | None = None) -> None:
        self._types, self._error = types, error

    def load(self) -> None:
        if self._error:
            raise self._error
        for name in self._types:
            type("Extra", (Layer,), {"type": name})


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads plug-ins into the registry, which is as before after the test."""
    import importlib.metadata

    def load(*plugins: Plugin) -> None:
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: list(plugins))
        registry._load_plugins.__wrapped__()

    registry.load_all()
    before = dict(REGISTRY)
    yield load
    REGISTRY.clear()
    REGISTRY.update(before)


def test_plugins(load: Any) -> None:
    """They add types, and may not take the name of another one."""
    load(Plugin("extra_pool"), Plugin())
    assert registry.is_canonical("extra_pool")
    assert registry.is_type_name("extra_pool2d")
    relu = REGISTRY["relu"]
    with pytest.raises(PluginError, match=r"the plug-in extra \(extra.layers\) redefines relu, which already exists"):
        load(Plugin("relu"))
    assert REGISTRY["relu"] is relu
    with pytest.raises(PluginError, match=r"the plug-in extra \(extra.layers\) cannot be loaded: no such library"):
        load(Plugin(error=ImportError("no such library")))
