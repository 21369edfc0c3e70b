r"""An explanation as LaTeX that compiles inside a document with `\usepackage{amsmath}`."""

from __future__ import annotations

import re
import unicodedata

from cnncalc.analysis.explain import Explanation
from cnncalc.analysis.legend import Symbol
from cnncalc.arithmetic.notation import LATEX
from cnncalc.render.explanation.sections import Entry, Section, heading, sections

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$",
    "×": r"$\times$", "·": r"$\cdot$", "−": "$-$", "→": r"$\to$", "′": "$'$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$",
    "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≤": r"$\le$", "≥": r"$\ge$", "≠": r"$\ne$", "≈": r"$\approx$", "∈": r"$\in$",
    "√": r"$\surd$", "∫": r"$\int$", "∞": r"$\infty$",
    "…": r"\ldots{}", "–": "--", "—": "---", "’": "'", "“": "``", "”": "''",
}  # fmt: skip
_CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
_ROW = " \\\\\n"


def render_latex(explanation: Explanation) -> str:
    """The explanation as a paragraph with its equations."""
    named, given, out = heading(explanation)
    parts = [rf"\paragraph{{{escaped(named)}, {escaped(given)}{escaped(out)}}}"]
    for section in sections(explanation):
        parts.append(_letters(explanation) if section.title == "Letters" else _section(section))
    return "\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Prose as LaTeX, its signs as math; neighbouring math is one formula."""
    return re.sub(r"(?<!\\)\$\$", "", "".join(map(_escaped_sign, text)))


def _escaped_sign(char: str) -> str:
    if char.isascii() or char in _SPECIAL:
        return _SPECIAL.get(char, char)
    place, _, base = unicodedata.decomposition(char).partition(" ")
    if place in ("<sub>", "<super>"):
        return f"${{}}{'_' if place == '<sub>' else '^'}{{{chr(int(base, 16))}}}$".replace("−", "-")
    alphabet, _, letter = unicodedata.name(char, "").partition(" LETTER ")
    if alphabet == "GREEK SMALL" and letter.isalpha():
        return f"$\\{letter.lower()}$"
    return f"$\\{letter.title()}$" if alphabet == "GREEK CAPITAL" and letter.title() in _CAPITALS else char


def _letters(explanation: Explanation) -> str:
    return rf"\textbf{{Letters.}} {', '.join(map(_letter, explanation.names))}.\par"


def _letter(name: Symbol) -> str:
    values = LATEX.thousands(name.values[0]) if len(name.values) == 1 else r" \times ".join(map(str, name.values))
    return f"${name.latex} = {values}$" + (f" ({escaped(name.meaning)})" if name.meaning else "")


def _section(section: Section) -> str:
    title = rf"\textbf{{{section.title}.}}"
    if all(entry.derivation is None for entry in section.entries):
        sentences = r"\\ ".join(_statement(entry) for entry in section.entries)
        return rf"{title} {sentences}\par"
    rows = _ROW.join(_row(entry) for entry in section.entries)
    return f"{title}\n\\begin{{align*}}\n{rows}\n\\end{{align*}}"


def _statement(entry: Entry) -> str:
    return f"{escaped(entry.label)}: {escaped(entry.prose)}" if entry.label else escaped(entry.prose)


def _row(entry: Entry) -> str:
    """The rows of one entry: its label or formula left of the first equals sign."""
    label = rf"\text{{{escaped(entry.label)}}}" if entry.label else ""
    prose = rf"\text{{{escaped(entry.prose.removeprefix('= '))}}}" if entry.prose else ""
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
