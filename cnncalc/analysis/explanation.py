"""The explanation of a layer: every number with its derivation."""

from typing import NamedTuple

from cnncalc import shown
from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.field_growth import Growth
from cnncalc.analysis.legend import Symbol
from cnncalc.arithmetic.convention import Shape


class Size(NamedTuple):
    """One output size, or that of several equal axes; `reason` explains a size without working."""

    axes: tuple[str, ...]
    values: tuple[int, ...]
    symbol: str
    derivation: Derivation
    reason: str


class ResolvedPadding(NamedTuple):
    """The padding that results from a word such as `same`, along equal axes: in total, and per side."""

    axes: tuple[str, ...]
    total: Derivation
    before: int
    after: int


class WeightArray(NamedTuple):
    """One array of weights; `positions` is the number of its uses."""

    name: str
    shape: Shape
    size: int
    positions: int
    statistic: bool


class NamedNumbers(NamedTuple):
    """A count with its name, such as the numbers of a tensor that the backward pass keeps, and a remark on it."""

    name: str
    numbers: Derivation
    remark: str


class NamedRatio(NamedTuple):
    """A ratio of counts and rates: `48,419,840 FLOPs / 19.5 TFLOP/s` and `2.48 µs`."""

    name: str
    formula: str
    value: str


@shown.in_notebooks
class Explanation(NamedTuple):
    """The explanation of one layer. Derivations are None if there is nothing to derive."""

    name: str
    type: str
    title: str
    rule: str
    convention: str
    inputs: tuple[Shape, ...]
    output: Shape
    fields: tuple[tuple[str, str], ...]
    names: tuple[Symbol, ...]
    """The symbols of the formulas, with their meanings."""
    sizes: tuple[Size, ...]
    paddings: tuple[ResolvedPadding, ...]
    coverage: tuple[str, ...]
    """Sentences about the positions that the windows do not use."""
    weights: tuple[WeightArray, ...]
    params: Derivation | None
    unshared: Derivation | None
    statistics: Derivation | None
    """Numbers that are stored but not learned, such as moving means."""
    unshared_statistics: Derivation | None
    macs: Derivation | None
    flops: Derivation | None
    growth: tuple[Growth, ...]
    """The receptive field after the layer; empty if it does not grow or has no closed form."""
    field: tuple[str, ...]
    """Sentences about a field whose positions differ, or that is not reported."""
    remarks: tuple[str, ...]
    sources: tuple[str, ...]
    kept: tuple[NamedNumbers, ...] = ()
    """The tensors that the backward pass keeps, for one sample, if they were asked for."""
    backward: tuple[NamedNumbers, ...] = ()
    """The MACs for each gradient, if they were asked for."""
    traffic: tuple[NamedNumbers, ...] = ()
    """The bytes that the layer reads and writes, if bounds were asked for."""
    bounds: tuple[NamedRatio, ...] = ()
    """The intensity and the bounds of time, if they were asked for."""


@shown.in_notebooks
class Explanations(list[Explanation]):
    """The explanations of several layers."""
