"""The public call `cnncalc.diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.difference.fingerprint import ComparedLayer, changes, items
from cnncalc.analysis.difference.model import ComparedValue, Difference, FigureChange, LayerChange
from cnncalc.analysis.difference.pairing import Pairing, pair
from cnncalc.analysis.difference.wiring import Wiring
from cnncalc.analysis.model_field import traced_field
from cnncalc.analysis.report import Report, Tensor
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.graph.model import Graph
from cnncalc.reading.load import Reference

_COUNTS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops", "param_bytes",
    "activation_elements", "peak_activation_bytes",
)  # fmt: skip


def diff(old: Reference, new: Reference, **options: Any) -> Difference:
    """The changes from `old` to `new`; the options are those of `analyze`, and apply to both.

    Raises SpecError with the mistakes of both specs if one is invalid.

    >>> found = diff("32x32x3 -> conv 20 3x3 same", "32x32x3 -> conv 20 5x5 same")
    >>> [change.setting for change in found.layers[0].settings], found.total("params").growth
    (['kernel'], 960)
    """
    return difference_of(*examine_both(old, new, **options))


def examine_both(old: Reference, new: Reference, **options: Any) -> tuple[tuple[Graph, Report], tuple[Graph, Report]]:
    """Both models with their reports. Raises SpecError with the mistakes of both specs."""
    sides: list[tuple[Graph, Report]] = []
    mistakes: list[Diagnostic] = []
    for source in (old, new):
        try:
            sides.append(examine(source, **options))
        except SpecError as error:
            mistakes += error.diagnostics
    if mistakes:
        raise SpecError(mistakes)
    before, after = sides
    return before, after


def difference_of(old: tuple[Graph, Report], new: tuple[Graph, Report]) -> Difference:
    """The difference of two models with given reports."""
    before, after = items(old[0], old[1].layers), items(new[0], new[1].layers)
    pairing = pair(before, after)
    layers = tuple(_layers(before, after, pairing, Wiring(old[0], new[0], before, after, pairing)))
    return Difference(old[1], new[1], tuple(_totals(old[1], new[1])), layers)


def _layers(
    old: list[ComparedLayer], new: list[ComparedLayer], pairing: Pairing, wiring: Wiring
) -> Iterator[LayerChange]:
    """The layers that differ; a removed layer comes before the next later layer that still exists."""
    kept = {i for i, _ in pairing.pairs}
    partner = {j: i for i, j in pairing.pairs}
    told = 0
    for j, item in enumerate(new):
        i = partner.get(j)
        if i is not None and (i, j) not in pairing.moved:
            yield from (LayerChange(old[gone].figures, None) for gone in range(told, i) if gone not in kept)
            told = max(told, i)
        if i is None:
            yield LayerChange(None, item.figures)
            continue
        change = LayerChange(
            old[i].figures, item.figures, changes(old[i].makeup, item.makeup), wiring.changed(old[i], item),
            (i, j) in pairing.moved, _is_renamed(old[i], item),
        )  # fmt: skip
        if change.status != "affected" or any(figure.is_changed for figure in change.figures()):
            yield change
    yield from (LayerChange(old[gone].figures, None) for gone in range(told, len(old)) if gone not in kept)


def _is_renamed(old: ComparedLayer, new: ComparedLayer) -> bool:
    return (old.place, old.local) != (new.place, new.local)


def _totals(old: Report, new: Report) -> Iterator[FigureChange]:
    yield FigureChange("convention", old.convention, new.convention)
    yield FigureChange("layout", old.layout, new.layout)
    yield FigureChange("dtype", old.dtype, new.dtype)
    yield FigureChange("input", _shapes(old.inputs), _shapes(new.inputs))
    yield FigureChange("output", _shapes(old.outputs), _shapes(new.outputs))
    yield FigureChange("layers", len(old.layers), len(new.layers))
    for name in _COUNTS:
        yield FigureChange(name, getattr(old.totals, name), getattr(new.totals, name))
    yield FigureChange("receptive_field", traced_field(old), traced_field(new))


def _shapes(tensors: tuple[Tensor, ...]) -> ComparedValue:
    """The shape of a single tensor, or the shapes of several by name."""
    return tensors[0].shape if len(tensors) == 1 else {tensor.name: tensor.shape for tensor in tensors}
