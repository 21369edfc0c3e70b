"""The difference of two models, as plain values. `Difference.to_dict()` is the stable machine-readable form (format 1).

Percentages are given if both values are counts and the old one is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc import shown
from cnncalc.analysis.difference.fingerprint import SettingChange
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.arithmetic.convention import Shape

FORMAT = 1

ComparedValue = int | Shape | str | dict[str, Shape] | None
"""A value: a count, the sizes of axes, a word, or several named shapes; None if it is undefined."""

UNKNOWN = "?"
"""The value of a metric on a side whose code cannot be followed to its end."""

LAYER_FIGURES = ("output_shape", "params", "macs", "activation_bytes", "receptive_field")
"""The compared metrics of a layer."""


class FigureChange(NamedTuple):
    """A metric on both sides."""

    figure: str
    old: ComparedValue
    new: ComparedValue

    @property
    def is_known(self) -> bool:
        """Whether both sides are known."""
        return UNKNOWN not in (self.old, self.new)

    @property
    def is_changed(self) -> bool:
        return self.is_known and self.old != self.new

    @property
    def growth(self) -> int | None:
        """The growth from the old to the new value, if both are counts."""
        return self.new - self.old if isinstance(self.old, int) and isinstance(self.new, int) else None

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"old": _plain(self.old), "new": _plain(self.new)}
        if self.growth is not None:
            found["change"] = self.growth
            found["percent"] = round(100 * self.growth / self.old, 2) if self.old else None  # type: ignore[operator]
        return found


class LayerChange(NamedTuple):
    """A layer that differs between the sides; `old` is None if it was added, `new` if it was removed."""

    old: LayerReport | None
    new: LayerReport | None
    settings: tuple[SettingChange, ...] = ()
    """The settings that differ, including the type."""
    inputs: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """The inputs on each side, if they differ, by their names in the new model."""
    is_moved: bool = False
    is_renamed: bool = False
    """Whether the explicit part of its name changed; `conv_3` that became `conv_4` is not renamed."""

    @property
    def status(self) -> str:
        """`added`, `removed`, `changed`, `moved`, `renamed`, or `affected` if only other layers changed its metrics."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        if self.settings or self.inputs:
            return "changed"
        return "moved" if self.is_moved else "renamed" if self.is_renamed else "affected"

    @property
    def shown(self) -> LayerReport:
        """The layer to describe: the new one, or the old one if it was removed."""
        side = self.new or self.old
        assert side is not None
        return side

    def figures(self) -> Iterator[FigureChange]:
        """The metrics on both sides; None on a side without this layer."""
        for name in LAYER_FIGURES:
            yield FigureChange(name, _figure(self.old, name), _figure(self.new, name))

    def to_dict(self) -> dict[str, Any]:
        inputs = self.inputs and {"old": list(self.inputs[0]), "new": list(self.inputs[1])}
        return {
            "status": self.status,
            "old": self.old and self.old.name,
            "new": self.new and self.new.name,
            "type": self.shown.type,
            "moved": self.is_moved,
            "renamed": self.is_renamed,
            "settings": [change._asdict() for change in self.settings],
            "inputs": inputs,
            "figures": {change.figure: change.to_dict() for change in self.figures() if change.is_changed},
        }


@shown.in_notebooks
class Difference(NamedTuple):
    """The changes between two models."""

    old: Report
    new: Report
    totals: tuple[FigureChange, ...]
    """Every metric of the models, changed or not, in the order of the output."""
    layers: tuple[LayerChange, ...]
    """Every layer that differs between the sides, in the order of the new model; removed ones keep their position."""
    not_compared: tuple[str, ...] = ()
    """The layers that are not compared, because the code of a side cannot be followed to its end."""

    @property
    def is_empty(self) -> bool:
        """Whether no layer and no metric differs, and all are compared."""
        return not self.layers and not self.not_compared and not any(total.is_changed for total in self.totals)

    def total(self, figure: str) -> FigureChange:
        """A metric of the models. Raises KeyError for one that is not compared."""
        for total in self.totals:
            if total.figure == figure:
                return total
        raise KeyError(figure)

    def count(self, status: str) -> int:
        """The number of layers with a status."""
        return sum(layer.status == status for layer in self.layers)

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form, version `format`."""
        return {
            "format": FORMAT,
            "old": self.old.name,
            "new": self.new.name,
            "different": not self.is_empty,
            "totals": {total.figure: total.to_dict() for total in self.totals},
            "layers": [layer.to_dict() for layer in self.layers],
            **({"not_compared": list(self.not_compared)} if self.not_compared else {}),
        }


def _figure(layer: LayerReport | None, name: str) -> ComparedValue:
    found: ComparedValue = getattr(layer, name, None)
    return found


def _plain(value: ComparedValue) -> Any:
    if value == UNKNOWN:
        return None
    if isinstance(value, tuple):
        return list(value)
    return {name: list(shape) for name, shape in value.items()} if isinstance(value, dict) else value
