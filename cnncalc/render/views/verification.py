"""Views of a verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.number_text import show_shape, thousands
from cnncalc.render.html_text import element
from cnncalc.render.markdown_text import escape, table
from cnncalc.render.verification import as_text, verdict
from cnncalc.render.views._html_table import html_table

if TYPE_CHECKING:
    from cnncalc.forward.verify import Verification

_TITLES = ("", "layer", "output", "weights", "remark")


def brief(value: Verification) -> str:
    return f"<Verification {value.name or 'model'}: {verdict(value).removesuffix('.')}>"


def text(value: Verification) -> str:
    return as_text(value)


def markdown(value: Verification) -> str:
    rows = [list(map(escape, row)) for row in _rows(value)]
    return "\n".join([escape(verdict(value)), "", *table(_TITLES, rows, "lllrl")]) + "\n"


def html(value: Verification) -> str:
    return element("div", element("p", verdict(value)), html_table(_TITLES, _rows(value), "lllrl"))


def _rows(value: Verification) -> list[list[str]]:
    """A mark, the layer, the shape and the weights of its arrays, and a problem or remark."""
    return [
        [
            "✗" if check.problem else "✓",
            check.name,
            "nothing" if check.actual_shape is None else show_shape(check.actual_shape),
            thousands(check.actual_weights) if check.actual_weights else "",
            check.problem or check.remark,
        ]
        for check in value.layers
    ]
