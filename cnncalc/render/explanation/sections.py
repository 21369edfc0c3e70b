"""An explanation as titled sections, which every form of it shows in the same order."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from cnncalc.analysis.derivation import Derivation, WrittenDerivation
from cnncalc.analysis.explanation import Explanation, NamedNumbers, Size
from cnncalc.arithmetic.notation import TEXT
from cnncalc.number_text import show_shape, thousands, times

_shape = partial(show_shape, times="×")
"""Formulas write `14×14×20`."""


class SectionEntry(NamedTuple):
    """One statement: `label: symbol = derivation, prose`, each part where there is one."""

    label: str = ""
    symbol: str = ""
    derivation: Derivation | None = None
    prose: str = ""
    prefer: str = "all"
    """Which part of the derivation: `all`, its `formula` or its `steps`."""

    def chosen(self, written: WrittenDerivation) -> tuple[str, ...]:
        """The preferred part of the derivation in some notation."""
        return {"formula": (written.formula,), "steps": written.steps, "all": written.chain}[self.prefer]


class Section(NamedTuple):
    """A heading and its entries."""

    title: str
    entries: tuple[SectionEntry, ...]


def heading(explanation: Explanation) -> tuple[str, str, str]:
    """The layer's name and type, what goes in with an arrow after it, what comes out."""
    named = explanation.name if explanation.name == explanation.type else f"{explanation.name}: {explanation.type}"
    given = " and ".join(map(_shape, explanation.inputs))
    return named, f"{given} → " if given else "", _shape(explanation.output)


def sections(explanation: Explanation) -> list[Section]:
    """All sections that have an entry."""
    return [*opening(explanation), *figures(explanation), *closing(explanation)]


def opening(explanation: Explanation) -> list[Section]:
    """The sections before the figures."""
    return _filled(
        ("Rule", _prose([explanation.rule] if explanation.rule else [])),
        ("Symbols", _prose([_symbols(explanation)] if explanation.names else [])),
    )


def figures(explanation: Explanation) -> list[Section]:
    """The sections of the figures that a layer has wherever it is in a model."""
    return _filled(
        ("Output size", _sizes(explanation)),
        ("Padding", _paddings(explanation)),
        ("Coverage", _prose(explanation.coverage)),
        ("Weights", _prose(_weights(explanation))),
        *_counts(explanation),
        ("Backward MACs", _numbers(explanation.backward)),
        ("Backward keeps", _numbers(explanation.kept)),
        ("Bytes", _numbers(explanation.traffic)),
        ("Bounds", [SectionEntry(each.name, prose=f"= {each.formula} = {each.value}") for each in explanation.bounds]),
    )


def closing(explanation: Explanation) -> list[Section]:
    """The sections after the figures."""
    return _filled(
        ("Receptive field", [*_growth(explanation), *_prose(explanation.field)]),
        ("Note", _prose(explanation.remarks)),
        ("Source", _prose(explanation.sources)),
    )


def alike(explanation: Explanation) -> Explanation:
    """The explanation without what its `figures` do not show; equal ones have the same."""
    return explanation._replace(name="", names=(), growth=(), field=(), remarks=(), sources=())


def _filled(*found: tuple[str, list[SectionEntry]]) -> list[Section]:
    return [Section(title, tuple(entries)) for title, entries in found if entries]


def _prose(sentences: Iterable[str]) -> list[SectionEntry]:
    return [SectionEntry(prose=sentence) for sentence in sentences]


def _symbols(explanation: Explanation) -> str:
    return ", ".join(
        f"{name.symbol} = {_values(name.values)}" + (f" ({name.meaning})" if name.meaning else "")
        for name in explanation.names
    )


def _values(values: tuple[int, ...]) -> str:
    """One number, or those of every axis as a shape."""
    return thousands(values[0]) if len(values) == 1 else _shape(values)


def _joined(axes: tuple[str, ...]) -> str:
    return axes[0] if len(axes) == 1 else f"{', '.join(axes[:-1])} and {axes[-1]}"


def _sizes(explanation: Explanation) -> list[SectionEntry]:
    sizes = explanation.sizes
    if not sizes and explanation.inputs != ((),) * len(explanation.inputs):
        return [SectionEntry(prose="no axis is left: a scalar, one number a sample")]
    if all(size.reason == "unchanged" for size in sizes):
        return [SectionEntry(prose=f"unchanged, {_shape(explanation.output)}")]
    windows = [size for size in sizes if size.symbol == "O" and not size.reason and not size.derivation.is_bare]
    shared = len(sizes) > 1 and len({TEXT.write(size.derivation.formula) for size in windows}) == 1
    entries = [SectionEntry("", "O", windows[0].derivation, prefer="formula")] if shared else []
    return entries + [_size(size, stated=shared and size in windows, only=len(sizes) == 1) for size in sizes]


def _size(size: Size, *, stated: bool, only: bool) -> SectionEntry:
    label = "" if only else _joined(size.axes)
    if size.reason == "unchanged":
        return SectionEntry(label, prose=f"unchanged, {_shape(size.values)}")
    if size.reason:
        return SectionEntry(label, prose=("= " if label else "") + f"{size.reason} = {thousands(size.values[0])}")
    return SectionEntry(label, "O" if only else "", size.derivation, prefer="steps" if stated else "all")


def _paddings(explanation: Explanation) -> list[SectionEntry]:
    return [
        SectionEntry(
            _joined(padding.axes) if len(explanation.paddings) > 1 else "",
            "total" if len(explanation.paddings) == 1 else "",
            padding.total,
            f"{padding.before} before and {padding.after} after",
        )
        for padding in explanation.paddings
    ]


def _weights(explanation: Explanation) -> list[str]:
    """The arrays, those with the same use in one sentence; an array without axes is one number."""
    groups: dict[tuple[int, bool], list[str]] = {}
    for array in explanation.weights:
        size = f" = {thousands(array.size)}" if len(array.shape) > 1 else ""
        named = f"{array.name} {_shape(array.shape) if array.shape else 1}{size}"
        groups.setdefault((array.positions, array.statistic), []).append(named)
    return [
        _joined(tuple(names))
        + (f", used at {thousands(positions)} positions" if positions > 1 else "")
        + (", not learned" if statistic else "")
        for (positions, statistic), names in groups.items()
    ]


def _counts(explanation: Explanation) -> list[tuple[str, list[SectionEntry]]]:
    found = [
        ("Parameters", explanation.params, ""),
        ("Without sharing", explanation.unshared, _ratio(explanation)),
        ("Not learned", explanation.statistics, ""),
        ("MACs", explanation.macs, ""),
        ("FLOPs", explanation.flops, ""),
    ]
    return [(title, [SectionEntry("", "", value, prose)]) for title, value, prose in found if value]


def _numbers(found: Iterable[NamedNumbers]) -> list[SectionEntry]:
    return [SectionEntry(each.name, "", each.numbers, each.remark) for each in found]


def _growth(explanation: Explanation) -> list[SectionEntry]:
    """r, the field, and j, how far apart neighbours are, each from what it was before the layer."""
    several = len(explanation.growth) > 1
    return [
        SectionEntry(f"{_joined(step.axes)}, {symbol}", "", derivation)
        if several
        else SectionEntry("", symbol, derivation)
        for step in explanation.growth
        for symbol, derivation in (("new r", step.field), ("new j", step.jump))
    ]


def _ratio(explanation: Explanation) -> str:
    if not explanation.params or not explanation.unshared or not explanation.params.value:
        return ""
    if explanation.unshared.value == explanation.params.value:
        return "the same: each weight is used at one position"
    return f"{times(explanation.unshared.value, explanation.params.value)} times as many"
