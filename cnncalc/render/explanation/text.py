"""An explanation as text for a terminal."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from cnncalc.analysis.explanation import Explanation
from cnncalc.render.explanation.sections import Section, SectionEntry, alike, closing, figures, heading, opening
from cnncalc.render.text import styled, wrap
from cnncalc.render.text import width as cells

WIDTH = 80
"""The width if none is known."""
_INDENT = "  "
_LABEL = 17
_GLUE = "\N{NO-BREAK SPACE}"


class TextExplanations:
    """Explanations in lines of at most `width` cells where their formulas can be broken, 80 if it is None.

    A section that recurs, and the figures of equal layers, are laid out once.
    """

    def __init__(self, width: int | None = None, *, color: bool = False) -> None:
        self._width, self._color = max(width or WIDTH, 40), color
        self._known: dict[Section, list[str]] = {}
        self._figures: dict[Explanation, list[str]] = {}

    def render(self, explanation: Explanation) -> str:
        named, given, out = heading(explanation)
        lines = [f"{styled(named, 'bold', color=self._color)}, {given}{styled(out, 'bold', color=self._color)}"]
        key = alike(explanation)
        shown = self._figures.get(key)
        if shown is None:
            shown = self._figures[key] = self._laid(figures(explanation))
        lines += [*self._laid(opening(explanation)), *shown, *self._laid(closing(explanation))]
        return "\n".join(lines) + "\n"

    def _laid(self, sections: list[Section]) -> list[str]:
        lines: list[str] = []
        for section in sections:
            laid = self._known.get(section)
            if laid is None:
                laid = self._known[section] = _section(section, self._width, color=self._color)
            lines += laid
        return lines


def render_text(explanation: Explanation, width: int | None = None, *, color: bool = False) -> str:
    """One explanation as text."""
    return TextExplanations(width, color=color).render(explanation)


def _section(section: Section, width: int, *, color: bool) -> list[str]:
    style = "dim" if section.title in ("Source", "Symbols") else ""
    bodies = [
        line for entry in section.entries if not entry.label for line in _broken(entry, width - len(_INDENT) - _LABEL)
    ]
    labels = [section.title, *[""] * max(0, len(bodies) - 1)]
    lines = [
        (_INDENT + styled(f"{label:<{_LABEL}}", "cyan", color=color) + styled(body, style, color=color)).rstrip()
        for label, body in zip(labels, bodies or [""], strict=True)
    ]
    labelled = [entry for entry in section.entries if entry.label]
    column = max([_LABEL - len(_INDENT), *(len(entry.label) + 1 for entry in labelled)])
    return lines + [line for entry in labelled for line in _labelled(entry, column, width)]


def _labelled(entry: SectionEntry, column: int, width: int) -> list[str]:
    """`height and width = …`, further lines below the equals sign."""
    lead = f"{_INDENT * 2}{entry.label:<{column}}"
    body = _broken(entry, width - len(lead) - 2 * bool(entry.derivation))
    sign = "= " if entry.derivation else ""
    return [lead + sign + body[0], *(" " * len(lead) + line for line in body[1:])]


def pieces(entry: SectionEntry) -> list[str]:
    """The texts between the equals signs of an entry."""
    return [entry.symbol] * bool(entry.symbol) + [*entry.chosen(entry.derivation.text)] if entry.derivation else []


def _broken(entry: SectionEntry, room: int) -> list[str]:
    """A chain of equations with as many on each line as fit, and the prose after it."""
    chain, prose = pieces(entry), entry.prose
    if not chain:
        return _wrapped(prose, room)
    chain[-1] += "," if prose else ""
    lines = _factors(chain[0], room)
    used = cells(lines[-1])
    for piece in chain[1:]:
        needed = 3 + cells(piece)
        if used + needed <= room:
            lines[-1] += f" = {piece}"
            used += needed
        else:
            first, *more = _factors(piece, room - 2)
            lines += [f"= {first}", *(f"  {part}" for part in more)]
            used = cells(lines[-1])
    if prose and used + 1 + cells(prose) <= room:
        lines[-1] += f" {prose}"
    elif prose:
        lines += _wrapped(prose, room)
    return lines


def _factors(piece: str, room: int) -> list[str]:
    """A product or sum too long for one line, broken before its signs: those in the fewest parentheses first."""
    if cells(piece) <= room:
        return [piece]
    lines = [""]
    for part in _parts(piece, _depths(piece), room, 0):
        if cells((lines[-1] + part).strip()) <= room or not lines[-1]:
            lines[-1] += part
        else:
            lines.append(part)
    return [line.strip() for line in lines]


def _depths(piece: str) -> list[int]:
    """The number of parentheses around each character."""
    steps = [(char in "(⌊⌈") - (char in ")⌋⌉") for char in piece]
    return list(accumulate(steps, initial=0))[:-1]


def _parts(piece: str, depths: list[int], room: int, level: int) -> list[str]:
    """A formula cut before each `·`, `+` and `−` between two terms in `level` parentheses; long parts cut deeper."""
    if cells(piece.strip()) <= room or level > max(depths):
        return [piece]
    cuts = [at for at in range(1, len(piece)) if depths[at] == level and _is_between(piece, at)]
    return [
        part
        for start, end in pairwise([0, *cuts, len(piece)])
        for part in _parts(piece[start:end], depths[start:end], room, level + 1)
    ]


def _is_between(piece: str, at: int) -> bool:
    return piece[at] == "·" or (piece[at] in "+−" and piece[at - 1] == " ")


def _wrapped(prose: str, room: int) -> list[str]:
    """Prose in lines that do not break inside a formula, unless it is longer than a line."""
    glued = prose
    for formula in dict.fromkeys(re.findall(r" [=+−>] | \([^()]{1,40}\)", prose)):
        glued = glued.replace(formula, formula.replace(" ", _GLUE))
    words = [word.replace(_GLUE, " ") if _GLUE in word and cells(word) > room else word for word in glued.split(" ")]
    return [line.replace(_GLUE, " ") for line in wrap(" ".join(words), max(room, 20))]
