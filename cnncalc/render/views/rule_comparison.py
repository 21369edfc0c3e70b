"""Views of a comparison of rules."""

from __future__ import annotations

from cnncalc.analysis.compare import RuleComparison
from cnncalc.number_text import plural
from cnncalc.render.comparison import TITLES, ComparedRules, as_markdown, as_text, ruling_cells
from cnncalc.render.html_text import element, joined
from cnncalc.render.views._html_table import html_table


def brief(value: RuleComparison) -> str:
    disagreeing = [name for name, rulings in value.items() if any(ruling.differs for ruling in rulings)]
    found = f"the rules disagree on {', '.join(disagreeing)}" if disagreeing else "the rules agree"
    return f"<RuleComparison of {plural(len(value), 'layer')}: {found}>"


def text(value: RuleComparison) -> str:
    return as_text(_compared(value))


def markdown(value: RuleComparison) -> str:
    return as_markdown(_compared(value))


def html(value: RuleComparison) -> str:
    parts = []
    for layer in _compared(value):
        parts.append(element("p", element("b", f"{layer.name} ({layer.type})")))
        parts.append(html_table(TITLES, map(ruling_cells, layer.rulings), "llrrl"))
    return element("div", joined(parts))


def _compared(value: RuleComparison) -> list[ComparedRules]:
    return [ComparedRules(name, value.types[name], rulings) for name, rulings in value.items()]
