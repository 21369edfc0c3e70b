"""Plots over the depth of a model: a step for each layer, scaled by the page to any width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.drawing.forms._geometry import coordinate
from cnncalc.render.html_text import Html, element

HEIGHT = 100.0
"""The height of a plot in its own units; its width is the number of layers."""


class DepthPlot(NamedTuple):
    """Values of the layers in order; None where one has no value."""

    key: str
    """The column of the table that has the values as texts."""
    title: str
    values: Sequence[int | None]
    top: str
    """The largest value as text."""
    colour: str
    limit: int | None = None
    """A value that a line marks, such as the size of the input."""
    limit_text: str = ""


def plot_element(plot: DepthPlot) -> Html:
    """The plot with its title and the largest value."""
    largest = max([value for value in plot.values if value is not None] + [plot.limit or 0, 1])
    count = max(len(plot.values), 1)
    shapes = [element("path", d=_steps(plot.values, largest), class_=f"f-{plot.colour}-line")]
    if plot.limit is not None:
        y = coordinate(HEIGHT * (1 - plot.limit / largest))
        shapes.append(element("path", d=f"M0 {y}H{count}", class_="limit", fill="none"))
    svg = element(
        "svg", *shapes, viewBox=f"0 0 {count} {coordinate(HEIGHT)}", preserveAspectRatio="none", aria_hidden="true"
    )
    notes = " · ".join(filter(None, (plot.top, plot.limit_text)))
    caption = element("figcaption", element("b", plot.title), " ", element("span", notes))
    value = element("output", class_="at")
    area = element("div", svg, element("div", class_="cursor", hidden=True), class_="plot")
    return element("figure", caption, area, value, data_column=plot.key, role="img", aria_label=_said(plot))


def _said(plot: DepthPlot) -> str:
    return ", ".join(filter(None, (f"{plot.title} over the layers", plot.top, plot.limit_text)))


def _steps(values: Sequence[int | None], largest: int) -> str:
    """A closed path with a step of width 1 for each value."""
    path = [f"M0 {coordinate(HEIGHT)}"]
    for number, value in enumerate(values):
        path.append(f"V{coordinate(HEIGHT * (1 - (value or 0) / largest))}H{number + 1}")
    return f"{''.join(path)}V{coordinate(HEIGHT)}Z"
