"""Views of the explanations of several layers, one after the other."""

from __future__ import annotations

from cnncalc.analysis.explanation import Explanations
from cnncalc.number_text import plural
from cnncalc.render.html_text import Html, joined
from cnncalc.render.views import explanation


def brief(value: Explanations) -> str:
    return f"<Explanations of {plural(len(value), 'layer')}: {', '.join(each.name for each in value)}>"


def text(value: Explanations) -> str:
    return "\n\n".join(map(explanation.text, value))


def markdown(value: Explanations) -> str:
    return "\n\n".join(map(explanation.markdown, value))


def html(value: Explanations) -> str:
    return joined(Html(explanation.html(each)) for each in value)
