r"""An explanation as LaTeX that compiles inside a document with `\usepackage{amsmath}`."""

from __future__ import annotations

import re
from itertools import pairwise

from cnncalc.analysis.explanation import Explanation
from cnncalc.analysis.legend import Symbol
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.render.explanation.sections import Section, SectionEntry, heading, sections
from cnncalc.render.latex_text import escape

_WIDTH = 322.0
"""The width for a display, in points: the text of an `article` in 10 points has 345."""
_ROW = " \\\\\n"


def render_latex(explanation: Explanation) -> str:
    """The explanation as a paragraph with its equations."""
    named, given, out = heading(explanation)
    parts = [rf"\paragraph{{{escape(named)}, {escape(given)}{escape(out)}}}", r"\begin{sloppypar}"]
    for section in sections(explanation):
        parts.append(_symbols(explanation) if section.title == "Symbols" else _section(section))
    return "\n".join([*parts, r"\end{sloppypar}"]) + "\n"


def _symbols(explanation: Explanation) -> str:
    return rf"\textbf{{Symbols.}} {', '.join(map(_symbol, explanation.names))}.\par"


def _symbol(name: Symbol) -> str:
    values = LATEX.thousands(name.values[0]) if len(name.values) == 1 else r" \times ".join(map(str, name.values))
    return f"${name.latex} = {values}$" + (f" ({escape(name.meaning)})" if name.meaning else "")


def _section(section: Section) -> str:
    title = rf"\textbf{{{section.title}.}}"
    if all(entry.derivation is None for entry in section.entries):
        sentences = r"\\ ".join(_statement(entry) for entry in section.entries)
        return rf"{title} {sentences}\par"
    equations = [entry for entry in section.entries if entry.derivation or entry.label]
    below = [rf"{_prose(entry.prose)}\par" for entry in section.entries if entry not in equations]
    left = max(_points(rf"\text{{{entry.label}}}") for entry in equations)
    rows = _ROW.join(row for entry in equations for row in _rows(entry, _WIDTH - left))
    return "\n".join([title, r"\begin{align*}", rows, r"\end{align*}", *below])


def _statement(entry: SectionEntry) -> str:
    return f"{_prose(entry.label)}: {_prose(entry.prose.removeprefix('= '))}" if entry.label else _prose(entry.prose)


def _prose(text: str) -> str:
    """Text that may break after a sign inside a word as well."""
    return re.sub(r"\\_|\$\\(?:times|cdot)\$|\$-\$|/", lambda sign: sign[0] + r"\allowbreak{}", escape(text))


def _rows(entry: SectionEntry, room: float) -> list[str]:
    """The rows of one entry: its label, or its formula, is left of the first equals sign."""
    label = rf"\text{{{escape(entry.label)}}}" if entry.label else ""
    prose = rf"\text{{{escape(entry.prose.removeprefix('= '))}}}" if entry.prose else ""
    if entry.derivation is None:
        return [f"{label} &= {prose}" if entry.prose.startswith("= ") else rf"{label} &\phantom{{=}} {prose}"]
    left = label or (LATEX.symbol(entry.symbol, "") if entry.symbol else "")
    first, *more = _filled(entry, prose, room)
    begin = "&= " if left or entry.prefer == "steps" or entry.derivation.is_bare else r"&\phantom{=} "
    return [f"{left} {begin}{first}".lstrip(), *(f"&{row}" for row in more)]


def _filled(entry: SectionEntry, prose: str, room: float) -> list[str]:
    """The chain of equations in rows of at most `room` points where it can be broken; the formula has its own."""
    assert entry.derivation is not None
    formula, *steps = [[piece.strip() for piece in LATEX.pieces(node)] for node in _chain(entry)]
    rows = _broken(formula, room)
    has_formula = entry.prefer == "all" and not entry.derivation.is_bare
    for number, step in enumerate(steps):
        whole = " ".join(step)
        if (number or not has_formula) and _points(rows[-1]) + _points(f" = {whole}") <= room:
            rows[-1] += f" = {whole}"
        else:
            first, *more = _broken(step, room)
            rows += [f"= {first}", *more]
    if not prose:
        return rows
    if _points(rows[-1]) + _points(prose) <= room:
        return [*rows[:-1], rf"{rows[-1]} \quad {prose}"]
    return [*rows, rf"\phantom{{=}} {prose}"]


def _chain(entry: SectionEntry) -> list[Formula]:
    """The formulas between the equals signs, without consecutive duplicates."""
    assert entry.derivation is not None
    formula, steps = entry.derivation.formula, list(entry.derivation.steps)
    nodes = {"formula": [formula], "steps": steps, "all": [formula, *steps]}[entry.prefer]
    return [
        node
        for before, node in pairwise([None, *nodes])
        if node and (before is None or TEXT.write(before) != TEXT.write(node))
    ]


def _broken(pieces: list[str], room: float) -> list[str]:
    """A formula in rows: as many pieces on each as fit."""
    rows = pieces[:1]
    for piece in pieces[1:]:
        if _points(rows[-1]) + _points(piece) <= room:
            rows[-1] += f" {piece}"
        else:
            rows.append(rf"\phantom{{=}}\quad {piece}")
    return rows


def _points(latex: str) -> float:
    """The approximate width in points, in a text of 10 points: measured for Computer Modern."""
    longer = re.sub(r"\\frac{([^{}]*)}{([^{}]*)}", lambda parts: max(parts[1], parts[2], key=len), latex)
    plain = re.sub(r"\\(left|right|text|phantom|frac|lfloor|rfloor|lceil|rceil)|[{}_^]", "", longer)
    signs = len(re.findall(r"[=+-]", plain))
    dots = plain.count(r"\cdot")
    brackets = 6 * len(re.findall(r"\\[lr](?:ceil|floor)|\\ldots", latex))
    others = re.sub(r"\\\w+|[=+\-\s,]", "", plain)
    return 13 * signs + 7.5 * dots + 5.3 * len(others) + 3 * latex.count(",") + 10 * latex.count(r"\quad") + brackets
