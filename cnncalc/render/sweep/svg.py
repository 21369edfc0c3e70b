"""The variants of a sweep as a scatter plot of two metrics, with the Pareto front."""

from __future__ import annotations

from typing import Literal

from cnncalc.drawing.forms import svg
from cnncalc.drawing.scatter import PlotPoint, ScatterPlot, scatter
from cnncalc.number_text import plural, show_number, show_shape, thousands
from cnncalc.solving.wanted import ActualFigure
from cnncalc.sweeping.points import Points
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import Variant


def render(found: Sweep, points: Points, front: list[Variant]) -> str:
    """The plot over the first two metrics of the front; empty if no variant has both."""
    if not points.positions:
        return ""
    x, y = map(str, found.objectives[:2])
    marked = [(points.position(variant), variant) for variant in front]
    title = f"{found.name or 'the model'}: {plural(found.tally.kept, 'variant')}, {len(front)} on the Pareto front"
    steps: Literal["across", "up"] = "across" if found.objectives[0].less_is_better else "up"
    description = f"{y} over {x}"
    if points.omitted:
        description += f"; {thousands(points.omitted)} variants are not drawn"
    return svg.render(
        scatter(
            ScatterPlot(
                title,
                description,
                x,
                y,
                [PlotPoint(*position) for position in points.positions],
                [PlotPoint(*position, _words(found, variant)) for position, variant in marked if position],
                steps if len(found.objectives) == 2 else "",
            )
        )
    )


def _words(found: Sweep, variant: Variant) -> str:
    """The values of a variant, and the metrics of the front."""
    values = ", ".join(f"{name}={value}" for name, value in zip(found.plan.names, variant.values, strict=True))
    figures = found.figures(variant)
    metrics = ", ".join(f"{each.metric} {_figure(figures[str(each.metric)])}" for each in found.objectives)
    return f"{values}: {metrics}"


def _figure(figure: ActualFigure) -> str:
    if figure is None:
        return "undefined"
    return show_shape(figure) if isinstance(figure, tuple) else show_number(figure)
