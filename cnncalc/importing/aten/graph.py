"""A graph of aten operators as plain data, whether a module was traced or a file was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.tensor import TapeArray

UNTRACED = "aten.untraced"
"""The operator of a value that no operator of PyTorch computed, after those that left it."""


class AtenRef(NamedTuple):
    """A value of the graph among the arguments of a node: an input, an array, or what a node yields."""

    name: str


@dataclass
class AtenNode:
    """One call of an operator."""

    name: str
    """The value that it yields."""
    operator: str
    """The operator without its overload, `aten.conv2d`; `getitem` for one of several outputs."""
    overload: str = "default"
    arguments: tuple[Any, ...] = ()
    """Numbers, words, None, lists and `AtenRef`s, in the order of the operator's schema."""
    keywords: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[Shape | None, ...] = ()
    """The sizes of each output that is a tensor."""
    scope: tuple[str, ...] = ()
    """The modules around the call, outermost first."""
    kinds: tuple[str, ...] = ()
    """Their classes."""

    @property
    def is_in_place(self) -> bool:
        """Whether the operator changes its first argument."""
        return self.operator.endswith("_") and not self.operator.endswith("__")


class AtenInput(NamedTuple):
    """A tensor that the model is given."""

    name: str
    dims: Shape


@dataclass
class AtenGraph:
    """A model as its calls of operators."""

    name: str
    batch: int
    """The size of the batch, the first axis of every input."""
    inputs: list[AtenInput]
    arrays: dict[str, TapeArray]
    """The parameters, buffers and constants, by their names in the graph."""
    nodes: list[AtenNode]
    outputs: list[AtenRef]
    source: str = ""
    """The file, or the class of the module."""
    format: str = "PyTorch"
    untraced: int = 0
    """The number of values that no operator of PyTorch computed."""
    frozen: frozenset[str] = frozenset()
    """The names in the model of the parameters that are not trained."""
    knows_ties: bool = True
    """Whether parameters that are one array have one name."""
    is_run: bool = False
    """Whether it is that of one run on numbers, which may depend on them."""
    remarks: list[str] = field(default_factory=list)
    """The texts of warnings about what is lost."""
