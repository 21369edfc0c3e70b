"""The rows of a difference, folded: whole blocks, renamed blocks, one change in many places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import groupby

from cnncalc.analysis.difference.model import Difference, FigureChange, LayerChange
from cnncalc.analysis.report import LayerReport
from cnncalc.number_text import thousands
from cnncalc.render.difference.rows import Row, row_of, settings_text
from cnncalc.render.difference.words import figure_change_text, figures_text
from cnncalc.render.summary.fold import merged

_MANY = 3
"""The least number of layers with the same changed settings that share a row."""


def rows(difference: Difference, *, everything: bool = False) -> list[Row]:
    """The rows of the layers that were changed themselves; with `everything`, of each layer that differs."""
    if everything:
        return [row_of(layer) for layer in difference.layers]
    blocks = _WholeBlocks(difference)
    found: list[Row] = []
    shown = _together([layer for layer in difference.layers if layer.status != "affected"])
    for (status, block, heads), several in groupby(shown, key=lambda layers: (layers[0].status, *blocks.of(layers[0]))):
        group = list(several)
        first = [layers[0] for layers in group]
        if block:
            found.append(_block(status, block, first))
        elif heads and len(group) > 1:
            found.append(Row(status, heads[1], f"{thousands(len(group))} layers", [f"renamed from {heads[0]}"], []))
        else:
            found += [row_of(layers[0]) if len(layers) == 1 else _many(layers) for layers in group]
    return _repeated(found)


def _together(layers: list[LayerChange]) -> Iterator[list[LayerChange]]:
    """The layers one by one; many that were changed in the same way together, at the position of the first."""
    alike: defaultdict[Hashable, list[LayerChange]] = defaultdict(list)
    for layer in layers:
        alike[_way(layer)].append(layer)
    for layer in layers:
        several = alike[_way(layer)]
        if _way(layer) is None or len(several) < _MANY:
            yield [layer]
        elif several[0] is layer:
            yield several


def _way(layer: LayerChange) -> Hashable:
    """The change of a layer, to be compared with others'; None if it does not join any."""
    if layer.status != "changed" or layer.inputs or layer.is_moved or layer.is_renamed:
        return None
    return layer.shown.type, layer.settings


def _many(layers: list[LayerChange]) -> Row:
    """One row for layers that were changed in the same way, with the sums of their figures."""
    first, last = layers[0].shown, layers[-1].shown
    olds, news = [layer.old for layer in layers], [layer.new for layer in layers]
    sums = [FigureChange(name, _sum(olds, name), _sum(news, name)) for name in ("params", "macs")]
    return Row(
        "changed", f"{thousands(len(layers))} layers", first.type,
        [settings_text(layers[0].settings), f"{first.name} … {last.name}"],
        [figure_change_text(change) for change in sums if change.is_changed],
    )  # fmt: skip


def _sum(layers: list[LayerReport | None], figure: str) -> int:
    return sum(getattr(layer, figure) for layer in layers if layer is not None)


class _WholeBlocks:
    """Blocks that were added, removed or renamed as a whole."""

    def __init__(self, difference: Difference) -> None:
        self._all = {"added": _sizes(difference.new.layers), "removed": _sizes(difference.old.layers)}
        self._changed = {
            status: _sizes(layer.shown for layer in difference.layers if layer.status == status) for status in self._all
        }

    def of(self, layer: LayerChange) -> tuple[tuple[str, ...], tuple[str, str] | None]:
        """The outermost block with the layer's status, and for a renamed block its old and new name."""
        if layer.status == "renamed" and layer.old is not None and layer.new is not None:
            return (), _heads(layer.old.name, layer.new.name)
        path = layer.shown.path
        if layer.status in self._all:
            for depth in range(1, len(path) + 1):
                size = self._changed[layer.status][path[:depth]]
                if size > 1 and size == self._all[layer.status][path[:depth]]:
                    return path[:depth], None
        return (), None


def _sizes(layers: Iterable[LayerReport]) -> Counter[tuple[str, ...]]:
    """The number of layers of each block, at every depth."""
    return Counter(layer.path[:depth] for layer in layers for depth in range(1, len(layer.path) + 1))


def _heads(old: str, new: str) -> tuple[str, str]:
    """Two names without the end that they share: `stage1.0.conv_1`, `layer1.0.conv_1` are `stage1` and `layer1`."""
    before, after = old.split("."), new.split(".")
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return ".".join(before), ".".join(after)


def _block(status: str, path: tuple[str, ...], group: list[LayerChange]) -> Row:
    whole = merged(path, [layer.shown for layer in group])
    change = LayerChange(None, whole) if status == "added" else LayerChange(whole, None)
    return Row(status, whole.name, whole.type, [], figures_text(change))


def _repeated(found: list[Row]) -> list[Row]:
    """Rows of a repeat's equal blocks as one: `stage3.6`, `stage3.7`, `stage3.8` as `stage3.6 … stage3.8`."""
    folded: list[Row] = []
    for _, several in groupby(enumerate(found), key=lambda entry: _run(*entry)):
        group = [row for _, row in several]
        first, last = group[0], group[-1]
        if len(group) > 1:
            first = first._replace(
                name=f"{first.name} … {last.name.rpartition('.')[2]}", what=f"{len(group)} × {first.what}",
                figures=[*first.figures[:1], *(f"{figure} each" for figure in first.figures[1:])],
            )  # fmt: skip
        folded.append(first)
    return folded


def _run(index: int, row: Row) -> tuple[object, ...]:
    """A key that the rows of one run share; a row outside of any run has its index."""
    head, _, number = row.name.rpartition(".")
    if row.status not in ("added", "removed") or not number.isdecimal() or not row.what.endswith("layers"):
        return (index,)
    return row.status, head, row.what, tuple(row.figures), int(number) - index


def left_out(difference: Difference) -> str:
    """The layers that only follow other changes, in short: `37 more layers differ in shape`; empty for none."""
    counts: Counter[str] = Counter()
    for layer in difference.layers:
        if layer.status == "affected":
            figures = [change.figure for change in layer.figures() if change.is_changed]
            counts[next(word for name, word in _FOLLOWING.items() if name in figures)] += 1
    parts = [f"{thousands(counts[word])} {word}" for word in dict.fromkeys(_FOLLOWING.values()) if counts[word]]
    if not parts:
        return ""
    number, _, word = parts[0].partition(" ")
    verb = "layer differs" if number == "1" else "layers differ"
    return ", ".join([f"{number} more {verb} {word}", *parts[1:]])


_FOLLOWING: Mapping[str, str] = {
    "output_shape": "in shape", "params": "in parameters", "macs": "in MACs",
    "activation_bytes": "in memory", "receptive_field": "only in receptive field",
}  # fmt: skip
