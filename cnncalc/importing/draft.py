"""A draft: the flat list of a model's layers, as a file of another tool states them.

Every format's reader yields one. Nothing after it knows the format: names, groups, checks and the YAML text are made
from the draft alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Source


@dataclass
class Location:
    """Where something is in the file: characters `start` to `end` of a text file, else a path such as a node's name."""

    start: int = 0
    end: int = 0
    path: str = ""
    """For files without lines: a node's name, or a JSON path such as `config.layers[3]`."""


@dataclass
class DraftInput:
    """A tensor that the model is given. `shape` is without the batch axis, in the draft's layout."""

    name: str
    shape: tuple[int | None, ...] | None
    """None, or with None among the sizes, where the file leaves it open; `--input` then has to give it."""
    location: Location = field(default_factory=Location)


@dataclass
class DraftLayer:
    """One layer, in the words of this tool.

    `inputs` name earlier layers or inputs, in order; output k of a layer with several is `NAME.k`, as in a spec.
    """

    name: str
    """The name in the file; unique in the draft. Made readable, and fit for a spec, later."""
    type: str
    """A registered layer type, `conv`; or `opaque`, for an operation that has none."""
    arguments: dict[str, Any]
    """Our field names and plain values (numbers, words, lists); defaults of the convention may be left out.

    A wrapper, such as `time_distributed`, has the layer inside as `{"layer": {"conv": {…}}}`.
    """
    inputs: tuple[str, ...]
    location: Location = field(default_factory=Location)
    scope: tuple[str, ...] = ()
    """Modules around the layer, outermost first, where the file states them: `("layer1", "0")` for `layer1.0.conv1`."""
    kinds: tuple[str, ...] = ()
    """The classes of those modules where the file states them: `("Sequential", "Bottleneck")`."""
    trainable: bool | str = True
    shares: str | None = None
    """An earlier layer whose weights this one uses."""
    stated_shape: Shape | None = None
    """The output shape that the file states, without the batch axis; None where it does not, or leaves a size open."""
    stated_params: int | None = None
    """The number of parameters that the file states (its initializers, a framework's own count)."""
    operation: str = ""
    """The file's own word for it, `Conv`, for messages."""


@dataclass
class Draft:
    """A model as its file states it."""

    source: Source
    """The file; its text where it is one, else empty."""
    format: str
    """The format in words, `ONNX (opset 17)`."""
    convention: str
    layout: str
    """`HWC` or `CHW`: of every shape and every axis in the draft."""
    inputs: list[DraftInput]
    layers: list[DraftLayer]
    outputs: tuple[str, ...]
    """The names of the layers (or inputs) that the model gives back, in order."""
    name: str = ""
    doubts: list[Diagnostic] = field(default_factory=list)
    """Warnings of the reader. Those about `opaque` operations, one per kind with a count, are made from the layers."""
    states_params: bool = True
    """Whether the file states the parameters of its `opaque` operations."""
    follows_input: bool = True
    """Whether fields of the layers may come from the shapes of the inputs: other shapes need another reading."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """`description`, `source` and other plain keys for the head of a spec."""
