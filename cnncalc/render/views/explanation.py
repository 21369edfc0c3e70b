"""Views of the explanation of a layer."""

from __future__ import annotations

from cnncalc.analysis.explanation import Explanation
from cnncalc.number_text import show_shape
from cnncalc.render.explanation.html import render_html
from cnncalc.render.explanation.markdown import render_markdown
from cnncalc.render.explanation.text import render_text


def brief(value: Explanation) -> str:
    inputs = ", ".join(map(show_shape, value.inputs))
    return f"<Explanation {value.name}: {value.type}, {inputs} -> {show_shape(value.output)}>"


def text(value: Explanation) -> str:
    return render_text(value)


def markdown(value: Explanation) -> str:
    return render_markdown(value)


def html(value: Explanation) -> str:
    return render_html(value)
