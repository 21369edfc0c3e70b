"""The comparison of models of which one cannot be followed to its end: only of the layers known on both sides."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.difference.fingerprint import ComparedLayer
from cnncalc.analysis.difference.model import LayerChange
from cnncalc.analysis.report import Report


def comparable(layers: list[ComparedLayer], other: Report) -> list[ComparedLayer]:
    """The layers that may have a counterpart in another model: those up to the last one that it is known to have."""
    if other.rest is None:
        return layers
    known = {layer.name for layer in other.layers}
    unknown = {layer.name for layer in other.rest.layers}
    end = max((place for place, layer in enumerate(layers, 1) if layer.name in known), default=0)
    return [layer for layer in layers[:end] if layer.name not in unknown]


def certain(change: LayerChange, old: Report, new: Report) -> bool:
    """Whether a layer that one model seems not to have cannot be after the place where that model breaks off.

    There, modules have names, and functions are not listed.
    """
    if change.old is not None and change.new is not None:
        return True
    other = old if change.old is None else new
    return other.rest is None or (other.rest.is_counted and change.shown.params > 0)


def not_compared(old: Report, new: Report, compared: Iterable[str]) -> tuple[str, ...]:
    """The names of the layers that are not compared, in the order of the new model."""
    if old.rest is None and new.rest is None:
        return ()
    known = set(compared)
    names = dict.fromkeys(layer.name for report in (new, old) for layer in report.all_layers)
    return tuple(name for name in names if name not in known)
