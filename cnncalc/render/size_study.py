"""A model at many sizes, as text, JSON or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from cnncalc.number_text import plural, show_shape, thousands
from cnncalc.render.csv_text import csv_text
from cnncalc.render.json_text import json_text
from cnncalc.render.progression import progression
from cnncalc.render.text import styled, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

if TYPE_CHECKING:
    from cnncalc.solving.study import Study, Trial
    from cnncalc.solving.wanted import ActualFigure

_LEAST_VALUES = 20
"""Terminal cells in which a list of values is worth reading."""

MOST_PLACES = 5
"""The most layers that are listed for failures."""


def as_json(found: Study, most: int) -> str:
    """The stable form, on lines, with at most so many solutions."""
    return json_text(found.to_dict(most))


def as_csv(found: Study, most: int) -> str:
    """A row for each solution."""
    return csv_text((*_titles(found)[:-1], "exact", "left_over"), map(partial(_row, found), found.solutions[:most]))


def _row(found: Study, trial: Trial) -> list[object]:
    figures = [show_shape(figure) if isinstance(figure, tuple) else figure for figure in _own(found, trial)]
    left = " ".join(f"{each.layer}:{show_shape(each.sizes)}" for each in trial.left_over)
    return [*trial.values, show_shape(trial.output or ()), *figures, str(trial.exact).lower(), left]


def as_text(found: Study, most: int, *, limit: int | None = None, color: bool = False) -> str:
    """The values with a wanted metric, then all values that work, and the layers at which the others fail."""
    parts = [_title(found, color=color), _wanted(found, most, limit, color=color), _overview(found, limit, color=color)]
    return "\n\n".join(part for part in parts if part)


def _title(found: Study, *, color: bool) -> str:
    varied = ", ".join(f"{part.name} {progression(part.values)}" for part in found.varied)
    count = len(found.trials)
    title = f"{styled(found.name or 'the model', 'bold', color=color)}: {varied}"
    return f"{title} ({plural(count, 'combination' if len(found.varied) > 1 else 'value')})"


def _wanted(found: Study, most: int, limit: int | None, *, color: bool) -> str:
    """The table of the values with the wanted metrics, or of the nearest misses."""
    if not found.wanted:
        return ""
    solutions = found.solutions
    wanted = ", ".join(map(str, found.wanted))
    rows = solutions or found.nearest
    verdict = (
        f"{wanted}: {thousands(len(solutions))} of {thousands(len(found.trials))}" if solutions else f"{wanted}: none"
    )
    if not solutions and rows:
        verdict += ". What comes nearest:"
    if not rows:
        return verdict
    lines = draw(_table(found, rows[:most]), limit, color=color)
    if len(rows) > most:
        lines += [
            "",
            styled(f"{thousands(len(rows) - most)} more: --limit {len(rows)} shows them all", "dim", color=color),
        ]
    return "\n".join([verdict, "", *lines])


def _titles(found: Study) -> list[str]:
    own = [each.title for each in found.wanted if each.title != "output"]
    return [*(part.name for part in found.varied), "output", *own, "remainder"]


def _table(found: Study, trials: tuple[Trial, ...]) -> TextTable:
    columns = [TableColumn(title) for title in _titles(found)]
    columns[-1] = columns[-1]._replace(narrow="wrap", least=_LEAST_VALUES)
    rows = [TableRow(_cells(found, trial), "" if trial.exact else "dim") for trial in trials]
    return TextTable(columns, rows, ruled=True)


def _cells(found: Study, trial: Trial) -> list[str]:
    return [
        *map(str, trial.values), show_shape(trial.output or ()), *map(_figure, _own(found, trial)), _remainder(trial)
    ]  # fmt: skip


def _own(found: Study, trial: Trial) -> list[ActualFigure]:
    """The wanted figures, without the model's output, which has a column anyway."""
    figures = zip(found.wanted, trial.figures, strict=True)
    return [figure for wanted, figure in figures if wanted.title != "output"]


def _figure(figure: ActualFigure) -> str:
    if figure is None:
        return "–"
    return show_shape(figure) if isinstance(figure, tuple) else thousands(figure)


def _remainder(trial: Trial) -> str:
    if trial.exact:
        return "none"
    first, others = trial.left_over[0], len(trial.left_over) - 1
    return f"{show_shape(first.sizes)} in {first.layer}" + (f", {others} more" if others else "")


def _overview(found: Study, limit: int | None, *, color: bool) -> str:
    """The values that divide evenly, those that leave a remainder, and those that fail, with the layer."""
    exact = [trial for trial in found.trials if trial.exact]
    inexact = [trial for trial in found.working if not trial.exact]
    parts = {
        "divides evenly": (exact, "green"),
        "leaves a remainder": (inexact, "yellow"),
        "fails": (found.failing, "red"),
    }
    rows = [
        TableRow([[(label, style)], thousands(len(trials)), _values(trials) if trials else ""])
        for label, (trials, style) in parts.items()
    ]
    columns = [TableColumn(), TableColumn(align="right"), TableColumn(narrow="wrap", least=_LEAST_VALUES)]
    lines = draw(TextTable(columns, rows), limit, color=color)
    return "\n".join([*lines, *_failures(found, limit)])


def _values(trials: Sequence[Trial]) -> str:
    """The values of trials: of one thing as a progression, of several as the first few."""
    if all(len(trial.values) == 1 for trial in trials):
        return progression([trial.values[0] for trial in trials])
    shown = ", ".join("/".join(map(str, trial.values)) for trial in trials[:3])
    return f"{shown}, …" if len(trials) > 3 else shown


def _failures(found: Study, limit: int | None) -> list[str]:
    """A line for each layer that fails, with an example of the error there."""
    from cnncalc.solving.study import failure_groups

    lines = []
    groups = failure_groups(found)
    for group in groups[:MOST_PLACES]:
        failure = group[0].failure
        assert failure is not None
        at = "/".join(map(str, group[0].values))
        for text in (
            f"  {failure.layer}  {thousands(len(group))}: {_values(group)}",
            f"    at {at}: {failure.message.partition(': ')[2] or failure.message}",
        ):
            lines += wrap(text, limit, hanging=" " * 6)
    if len(groups) > MOST_PLACES:
        lines.append(f"  and in {len(groups) - MOST_PLACES} more places")
    return lines
