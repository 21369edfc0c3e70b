"""An explanation as HTML: a heading and a section for each number, with its working in MathML."""

from __future__ import annotations

from cnncalc.analysis.explanation import Explanation
from cnncalc.arithmetic.mathml import MATHML
from cnncalc.render.explanation.sections import Section, SectionEntry, heading, sections
from cnncalc.render.html_text import Html, element, joined


def render_html(explanation: Explanation) -> str:
    """The explanation as an `article` element, for a page of any design."""
    named, given, out = heading(explanation)
    parts = [element("h3", named, ", ", given, out), *map(section_html, sections(explanation))]
    return element("article", *parts, class_="explanation")


def section_html(section: Section) -> Html:
    """A section with its title."""
    lines = [element("p", _labelled(entry)) for entry in section.entries]
    return element("section", element("h4", section.title), *lines)


def _labelled(entry: SectionEntry) -> Html:
    label = [element("span", f"{entry.label}: ", class_="label")] if entry.label else []
    return joined([*label, _worked(entry)])


def _worked(entry: SectionEntry) -> Html:
    """The working, and the prose after it."""
    prose = entry.prose.removeprefix("= ")
    if entry.derivation is None:
        return joined([prose])
    chain = [*([_symbol(entry.symbol)] if entry.symbol else []), *entry.chosen(entry.derivation.written(MATHML))]
    equals = "<mo>=</mo>"
    pieces = [f"<mrow>{equals if number else ''}{piece}</mrow>" for number, piece in enumerate(chain)]
    maths = joined((element("math", Html(piece)) for piece in pieces), " ")  # a line breaks between two of them
    return joined([maths, ", ", prose] if prose else [maths])


def _symbol(name: str) -> str:
    """The symbol left of the first equals sign, which may have a word before it: `new r`."""
    word, _, symbol = name.rpartition(" ")
    return (f"<mtext>{word}\N{NO-BREAK SPACE}</mtext>" if word else "") + MATHML.symbol(symbol, "")
