"""The registry: finds layer types by name.

A type's module is named after it (`conv` lives in `convolution/conv.py`), so a spec that uses canonical names imports
only what it needs, and so does one that spells them as frameworks do (`Conv2d`, `MaxPooling2D`). Another alias or an
unknown word loads every module once. The types are not listed here: the modules of the families' folders are
discovered. Other packages register types under the entry-point group `cnncalc.layers`; these are loaded when a name is
not a bundled one, or when all types are requested.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from cnncalc.diagnostics import PluginError
from cnncalc.layers.base import REGISTRY, Layer
from cnncalc.layers.spelling import normal

_SUFFIX = re.compile(r"(.+?)_?([123])d(_?transpose)?$", re.IGNORECASE)
"""`Conv2d`, `conv_2d`, and Keras's `Conv2DTranspose`, where the number is in the middle."""

FRAMEWORK_NAMES: Mapping[str, str] = MappingProxyType({
    "activation": "identity", "adaptiveaveragepooling": "adaptive_avg_pool", "adaptivemaxpooling": "adaptive_max_pool",
    "averagepooling": "avg_pool", "batchnormalization": "batch_norm", "centercrop": "crop", "concatenate": "concat",
    "convolution": "conv", "cropping": "crop", "globalaveragepooling": "global_avg_pool",
    "globalmaxpooling": "global_max_pool", "groupnormalization": "group_norm", "layernormalization": "layer_norm",
    "linear": "dense", "maxpooling": "max_pool", "normalization": "standardization", "randomflip": "augmentation",
    "randomrotation": "augmentation", "randomzoom": "augmentation", "resizing": "resize_image", "silu": "swish",
    "simplernn": "rnn", "upsampling": "upsample", "zeropadding": "zero_pad",
})  # fmt: skip
"""Aliases that frameworks use most, normalized and without a number of axes: these load no other type."""


_ROOT = os.path.dirname(__file__)


@cache
def _modules() -> dict[str, str]:
    """Module names by file name, families and files in sorted order."""
    found = {}
    for family in sorted(
        entry.name for entry in os.scandir(_ROOT) if entry.is_dir() and not entry.name.startswith("_")
    ):
        for file in sorted(os.listdir(os.path.join(_ROOT, family))):
            if file.endswith(".py") and not file.startswith("_"):
                found[file[:-3]] = f"{__package__}.{family}.{file[:-3]}"
    return found


@cache
def _names_by_spelling() -> dict[str, str]:
    """The canonical names of the bundled types by their normalized spellings, and by the most usual aliases."""
    return {**FRAMEWORK_NAMES, **{normal(name): name for name in _modules()}}


def load_all() -> dict[str, type[Layer]]:
    """Every layer type by its canonical name, sorted: the bundled ones and the plug-ins'. Raises PluginError."""
    _load_bundled()
    _load_plugins()
    return dict(sorted(REGISTRY.items()))


@cache
def _load_bundled() -> None:
    for module in _modules().values():
        importlib.import_module(module)


@cache
def _load_plugins() -> None:
    """Import what installed packages register under the entry-point group `cnncalc.layers`. Raises PluginError."""
    from importlib.metadata import entry_points

    for plugin in sorted(entry_points(group="cnncalc.layers"), key=lambda plugin: plugin.name):
        before = dict(REGISTRY)
        try:
            plugin.load()
        except Exception as error:  # any error that a foreign module raises while it loads is reported as the plug-in's
            raise PluginError(f"the plug-in {plugin.name} ({plugin.value}) cannot be loaded: {error}") from error
        taken = [name for name, layer in before.items() if REGISTRY[name] is not layer]
        if taken:
            REGISTRY.update(before)
            message = f"the plug-in {plugin.name} ({plugin.value}) redefines {taken[0]}, which already exists"
            raise PluginError(message)


def find(name: str) -> tuple[type[Layer], int | None] | None:
    """The layer type called `name`, and the number of spatial axes that its suffix asserts, if any.

    Raises PluginError if the name is not a bundled one and a plug-in cannot be loaded.
    """
    found = _find(name)
    if found is None:
        _load_plugins()
        found = _find(name)
    return found


def _find(name: str) -> tuple[type[Layer], int | None] | None:
    layer = _canonical(name)
    if layer:
        return layer, None
    suffix = _SUFFIX.match(name)
    if suffix:
        layer = _canonical(_without_rank(suffix))
        if layer and layer.spatial_suffix:
            return layer, int(suffix[2])
    return _by_alias(name)


def is_canonical(name: str) -> bool:
    """Whether `name` is the canonical name of a type; bundled types are not imported for this."""
    return name in _modules() or name in REGISTRY


def is_type_name(name: str) -> bool:
    """Whether `name` is the canonical name of a type, with or without a number of axes: `conv3d`."""
    suffix = _SUFFIX.match(name.lower())
    return is_canonical(name) or bool(suffix and is_canonical(_without_rank(suffix).rstrip("_")))


def _canonical(name: str) -> type[Layer] | None:
    if name not in REGISTRY and name in _modules():
        importlib.import_module(_modules()[name])
    return REGISTRY.get(name)


def _by_alias(name: str) -> tuple[type[Layer], int | None] | None:
    wanted = normal(name).removeprefix(
        "lazy"
    )  # PyTorch's lazy modules infer their input channels, as every layer does here
    likely = _likely(wanted)
    found = _spelled(wanted, (likely,)) if likely else None
    if found is None:
        _load_bundled()
        found = _spelled(wanted, tuple(REGISTRY.values()))
    return found


def _likely(wanted: str) -> type[Layer] | None:
    """The bundled type of this spelling, with or without a number of axes: `maxpool2d`, `maxpooling2d`."""
    names, suffix = _names_by_spelling(), _SUFFIX.match(wanted)
    name = names.get(wanted) or (names.get(_without_rank(suffix)) if suffix else None)
    return _canonical(name) if name else None


def _spelled(wanted: str, layers: tuple[type[Layer], ...]) -> tuple[type[Layer], int | None] | None:
    spellings = _spellings(layers)
    if wanted in spellings:
        return spellings[wanted], None
    suffix = _SUFFIX.match(wanted)
    layer = spellings.get(_without_rank(suffix)) if suffix else None
    return (layer, int(suffix[2])) if suffix and layer and layer.spatial_suffix else None


@lru_cache(maxsize=64)
def _spellings(layers: tuple[type[Layer], ...]) -> dict[str, type[Layer]]:
    """The layers by all their normalized names."""
    return {normal(spelling): layer for layer in layers for spelling in (layer.type, *layer.aliases)}


def _without_rank(suffix: re.Match[str]) -> str:
    return suffix[1] + (suffix[3] or "")


def describe_family(family: str) -> str:
    """One sentence about a family: the docstring of its folder; empty for families of plug-ins."""
    if family not in {module.split(".")[-2] for module in _modules().values()}:
        return ""
    return (importlib.import_module(f"{__package__}.{family}").__doc__ or "").strip()


def known_names() -> list[str]:
    """Every spelling of every type, for "did you mean"."""
    return [spelling for layer in load_all().values() for spelling in (layer.type, *layer.aliases)]
