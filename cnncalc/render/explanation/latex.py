r"""An explanation as LaTeX that compiles inside a document with `\usepackage{amsmath}`."""

from __future__ import annotations

from cnncalc.analysis.explain import Explanation
from cnncalc.analysis.legend import Symbol
from cnncalc.arithmetic.notation import LATEX
from cnncalc.render.explanation.sections import Section, SectionEntry, heading, sections
from cnncalc.render.latex_text import escape

_ROW = " \\\\\n"


def render_latex(explanation: Explanation) -> str:
    """The explanation as a paragraph with its equations."""
    named, given, out = heading(explanation)
    parts = [rf"\paragraph{{{escape(named)}, {escape(given)}{escape(out)}}}"]
    for section in sections(explanation):
        parts.append(_symbols(explanation) if section.title == "Symbols" else _section(section))
    return "\n".join(parts) + "\n"


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
    rows = _ROW.join(_row(entry) for entry in section.entries)
    return f"{title}\n\\begin{{align*}}\n{rows}\n\\end{{align*}}"


def _statement(entry: SectionEntry) -> str:
    return f"{escape(entry.label)}: {escape(entry.prose)}" if entry.label else escape(entry.prose)


def _row(entry: SectionEntry) -> str:
    """The rows of one entry: its label or formula left of the first equals sign."""
    label = rf"\text{{{escape(entry.label)}}}" if entry.label else ""
    prose = rf"\text{{{escape(entry.prose.removeprefix('= '))}}}" if entry.prose else ""
    if entry.derivation is None:
        return f"{label} &= {prose}" if entry.prose.startswith("= ") else rf"{label} &\phantom{{=}} {prose}"
    formula, steps = entry.derivation.latex
    worked = " = ".join(steps)
    left = label or (LATEX.symbol(entry.symbol, "") if entry.symbol else "")
    if entry.prefer == "formula":
        return f"{left} &= {formula}"
    if entry.prefer == "steps" or not formula:
        rows = [f"{left} &= {worked}"]
    elif left:
        rows = [f"{left} &= {formula}", f"&= {worked}"]
    else:
        rows = [f"&\\phantom{{=}} {formula}", f"&= {worked}"]
    return _ROW.join(rows) + (rf" \quad {prose}" if prose else "")
