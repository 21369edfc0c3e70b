"""Brief explanations: one line per figure, and equal layers together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.explanation import Explanation
from cnncalc.number_text import show_shape, thousands
from cnncalc.render.explanation.sections import heading
from cnncalc.render.markdown_text import code, escape
from cnncalc.render.text import styled
from cnncalc.render.text import width as cells

_LABEL = 17


class BriefFigure(NamedTuple):
    """One figure: its name, its numbers, and the result."""

    label: str
    working: str
    """The formula with its numbers; empty if there is none."""
    result: str


class EqualLayers(NamedTuple):
    """Layers whose figures are the same, apart from the receptive field; in execution order."""

    layers: list[Explanation]

    @property
    def title(self) -> tuple[str, str, str]:
        """The first layer and the number of others, what goes in, what comes out."""
        named, given, out = heading(self.layers[0])
        others = len(self.layers) - 1
        name, colon, kind = named.partition(": ")
        also = f" and {others} equal layer{'s' if others > 1 else ''}" if others else ""
        return f"{name}{also}{colon}{kind}", given, out

    def figures(self) -> Iterator[BriefFigure]:
        """Every figure that the layer has."""
        first = self.layers[0]
        computed = [size for size in first.sizes if size.symbol == "O" and not size.reason]
        for size in computed:
            if not size.derivation.is_bare:
                yield _figure(f"Output {'size' if len(computed) == 1 else size.axes[0]}", size.derivation)
        counts = (("Parameters", first.params), ("MACs", first.macs), ("FLOPs", first.flops))
        yield from (_figure(label, derivation) for label, derivation in counts if derivation)
        yield from self._field()

    def _field(self) -> Iterator[BriefFigure]:
        growth = self.layers[0].growth
        if growth and len(self.layers) == len(growth) == 1:
            yield _figure("Receptive field", growth[0].field)
        elif growth:
            yield BriefFigure("Receptive field", "", ", ".join(dict.fromkeys(map(_field_size, self.layers))))


def _figure(label: str, derivation: Derivation) -> BriefFigure:
    """The first step, which has the numbers in the formula, and the result."""
    steps = derivation.text.steps
    return BriefFigure(label, steps[0] if len(steps) > 1 else "", thousands(derivation.value))


def _field_size(layer: Explanation) -> str:
    sizes = [step.field.value for step in layer.growth for _ in step.axes]
    return str(sizes[0]) if len(set(sizes)) == 1 else show_shape(tuple(sizes), times="×")


def equal_layers(explanations: Iterable[Explanation]) -> list[EqualLayers]:
    """The layers in groups with the same figures, in the order of the first of each."""
    found: dict[Explanation, list[Explanation]] = {}
    for each in explanations:
        alike = each._replace(name="", growth=(), field=(), remarks=(), names=())
        found.setdefault(alike, []).append(each)
    return list(map(EqualLayers, found.values()))


def brief_text(group: EqualLayers, width: int | None = None, *, color: bool = False) -> str:
    """One line per figure, for a terminal; the working is left out of a line that it would make wider than `width`."""
    named, given, out = group.title
    lines = [f"{styled(named, 'bold', color=color)}, {given}{styled(out, 'bold', color=color)}"]
    for label, working, result in group.figures():
        whole = f"{working} = {result}" if working else result
        shown = whole if width is None or cells(whole) + _LABEL + 2 <= width else result
        lines.append(f"  {styled(f'{label:<{_LABEL}}', 'cyan', color=color)}{shown}")
    return "\n".join(lines) + "\n"


def brief_markdown(group: EqualLayers) -> str:
    """A heading and a list with one figure per item."""
    named, given, out = group.title
    figures = [
        f"- {label}: {code(f'{working} = {result}' if working else result)}"
        for label, working, result in group.figures()
    ]
    return "\n".join([f"### {escape(named).replace('_', chr(92) + '_')}, {given}{out}", "", *figures]) + "\n"
