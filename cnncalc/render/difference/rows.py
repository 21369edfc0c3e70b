"""The layers of a difference as rows, one for each layer."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.analysis.difference.fingerprint import SettingChange
from cnncalc.analysis.difference.model import LayerChange
from cnncalc.analysis.report import LayerReport
from cnncalc.layers.declare import show_value
from cnncalc.layers.registry import find
from cnncalc.render.difference.words import SIGNS, figures_text

_BARE = ("filters", "kernel", "units")
"""Settings that a short form has without their names."""


class Row(NamedTuple):
    """One row: a status, the layer or block, its type, and its changes."""

    status: str
    name: str
    what: str
    remarks: list[str]
    """Its changes: settings, inputs, position."""
    figures: list[str]

    @property
    def sign(self) -> str:
        return SIGNS[self.status]


def row_of(layer: LayerChange) -> Row:
    shown, status = layer.shown, layer.status
    if status in ("added", "removed"):
        return Row(status, shown.name, _described(shown), [], figures_text(layer))
    return Row(status, shown.name, shown.type, _remarks(layer), figures_text(layer))


def _remarks(layer: LayerChange) -> list[str]:
    assert layer.old is not None
    assert layer.new is not None
    found = []
    if layer.settings:
        found.append(settings_text(layer.settings))
    if layer.inputs:
        found.append("inputs " + " → ".join(", ".join(names) or "none" for names in layer.inputs))
    if layer.is_moved:
        before, after = (", ".join(side.inputs) for side in (layer.old, layer.new))
        found.append("moved" if before == after else f"moved from after {before} to after {after}")
    if layer.old.name != layer.new.name:
        found.append(f"{'renamed from' if layer.is_renamed else 'was'} {layer.old.name}")
    return found


def settings_text(settings: tuple[SettingChange, ...]) -> str:
    """`kernel 3x3 → 5x5, stride 1 → 2`."""
    return ", ".join(f"{change.setting} {change.old} → {change.new}" for change in settings)


def _described(layer: LayerReport) -> str:
    """An added or removed layer as a spec could have it, without default values: `conv 64 3x3 stride=2`."""
    found = find(layer.type)
    fields = found[0].fields if found else {}
    words = [layer.type]
    for name, value in layer.settings.items():
        if name in fields and _is_default(value, fields[name].default):
            continue
        text = show_value(value)
        words.append(text if name in _BARE else f"{name}={text}")
    return " ".join(words)


def _is_default(value: Any, default: Any) -> bool:
    if isinstance(value, tuple) and value:
        return value == default or all(_is_default(each, default) for each in value)
    return bool(value == default)
