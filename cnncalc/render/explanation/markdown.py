"""An explanation as Markdown."""

from __future__ import annotations

from cnncalc.analysis.explanation import Explanation
from cnncalc.render.explanation.sections import Section, SectionEntry, heading, sections
from cnncalc.render.explanation.text import pieces
from cnncalc.render.markdown_text import code, escape


def render_markdown(explanation: Explanation) -> str:
    """The explanation as a heading and a list; formulas are in code spans, so that any viewer shows them."""
    named, given, out = heading(explanation)
    blocks = [f"### {_escaped(named)}, {given}{out}"]
    blocks += [_section(section) for section in sections(explanation)]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> str:
    title = f"**{section.title}**"
    plain = [_entry(entry) for entry in section.entries if not entry.label]
    listed = [f"- {entry.label}: {_entry(entry)}" for entry in section.entries if entry.label]
    if len(plain) > 1:
        listed = [f"- {text}" for text in plain] + listed
        plain = []
    lead = " ".join([title, *plain])
    return f"{lead}\n\n" + "\n".join(listed) if listed else lead


def _entry(entry: SectionEntry) -> str:
    chain = code(" = ".join(pieces(entry))) if entry.derivation else ""
    return ", ".join(filter(None, (chain, _escaped(entry.prose.removeprefix("= ")))))


def _escaped(prose: str) -> str:
    """Prose whose underscores and asterisks stay what they are."""
    return escape(prose).replace("_", "\\_").replace("*", "\\*")
