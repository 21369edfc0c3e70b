"""The public call `cnncalc.diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.difference.fingerprint import ComparedLayer, changes, items
from cnncalc.analysis.difference.followed import certain, comparable, not_compared
from cnncalc.analysis.difference.model import UNKNOWN, ComparedValue, Difference, FigureChange, LayerChange
from cnncalc.analysis.difference.pairing import Pairing, pair
from cnncalc.analysis.difference.wiring import Wiring
from cnncalc.analysis.model_field import traced_field
from cnncalc.analysis.partial import examine_part
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


def examine_both(
    old: Reference, new: Reference, *, parts: bool = False, **options: Any
) -> tuple[tuple[Graph, Report], tuple[Graph, Report]]:  # fmt: skip
    """Both models with their reports; with `parts`, also code that cannot be followed to its end, with a `rest`.

    Raises SpecError with the mistakes of both specs.
    """
    examined = examine_part if parts else examine
    sides: list[tuple[Graph, Report]] = []
    mistakes: list[Diagnostic] = []
    for source in (old, new):
        try:
            sides.append(examined(source, **options))
        except SpecError as error:
            mistakes += error.diagnostics
    if mistakes:
        raise SpecError(mistakes)
    before, after = sides
    return before, after


def difference_of(old: tuple[Graph, Report], new: tuple[Graph, Report]) -> Difference:
    """The difference of two models with given reports."""
    reports = old[1], new[1]
    before = comparable(items(old[0], old[1].layers), new[1])
    after = comparable(items(new[0], new[1].layers), old[1])
    pairing = pair(before, after)
    found = _layers(before, after, pairing, Wiring(old[0], new[0], before, after, pairing))
    layers = tuple(layer for layer in found if certain(layer, *reports))
    paired = [each.name for i, j in pairing.pairs for each in (before[i], after[j])]
    changed = [side.name for layer in layers for side in (layer.old, layer.new) if side is not None]
    return Difference(*reports, tuple(_totals(*reports)), layers, not_compared(*reports, [*paired, *changed]))


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
    for name in ("output", "layers", *_COUNTS, "receptive_field"):
        yield FigureChange(name, _of_model(old, name), _of_model(new, name))


def _of_model(report: Report, name: str) -> ComparedValue:
    """A metric of a model, unknown if it depends on code that cannot be followed."""
    if report.rest is not None and (name in report.at_least or name not in _COUNTS):
        return UNKNOWN
    if name == "output":
        return _shapes(report.outputs)
    if name == "layers":
        return len(report.layers)
    if name == "receptive_field":
        return traced_field(report)
    count: int = getattr(report.totals, name)
    return count


def _shapes(tensors: tuple[Tensor, ...]) -> ComparedValue:
    """The shape of a single tensor, or the shapes of several by name."""
    return tensors[0].shape if len(tensors) == 1 else {tensor.name: tensor.shape for tensor in tensors}
