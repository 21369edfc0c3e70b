"""Writing the variants of a sweep to standard output or a file, with the progress and the counts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from cnncalc.cli._console import emit_part, note
from cnncalc.cli._output import refuse_existing
from cnncalc.cli.sweeping.progress import SweepProgress
from cnncalc.cli.sweeping.resume import Resumed, resumed
from cnncalc.number_text import plural, thousands
from cnncalc.render.sweep.counts import counts
from cnncalc.render.sweep.rows import VariantRows, progress_line
from cnncalc.sweeping.front import Front
from cnncalc.sweeping.points import Points
from cnncalc.sweeping.sweep import Sweep
from cnncalc.sweeping.variant import SweepTally, Variant

CONTINUED = ("csv", "json")
"""The forms whose files go on where they end."""

WriteRows = Callable[[str, str], None]
"""Writes text, and after it a progress line that the next call overwrites."""


def write_rows(found: Sweep, form: str, output: str | None, *, force: bool) -> None:
    """Write a row for each variant as it is computed, after those that the file has already."""
    rows = _rows(found, form)
    state = Resumed(SweepTally(), 0)
    if output and form in CONTINUED and not force:
        state = resumed(output, rows, found)
    else:
        refuse_existing(output, force=force)
    if state.is_finished:
        found.tally = state.tally
        note(f"{output} is complete\n{counts(found)}")
        return
    if state.tally.tried:
        note(f"{output}: goes on after {plural(state.tally.tried, 'combination')} of {thousands(len(found))}")
    with _opened(output, state.end) as write:
        if not state.end:
            write(rows.head, "")
        try:
            _stream(found, rows, write, state, output)
        except KeyboardInterrupt:
            if output and form in CONTINUED:
                done = f"{thousands(found.tally.tried)} of {plural(len(found), 'combination')}"
                note(f"\n{output}: stopped after {done}; the same command goes on")
            raise
        write(rows.tail(found.tally), "")
    note(counts(found))


def _stream(found: Sweep, rows: VariantRows, write: WriteRows, state: Resumed, output: str | None) -> None:
    is_first = not state.tally.kept + state.tally.failed
    progress = _progress(found, output, state.tally.tried)
    for variants in found.batches(state.tally):
        text = rows.between.join(map(rows.row, variants))
        text = text if is_first or not text else rows.between + text
        is_first = is_first and not text
        noted = _progress_after(variants, found, rows)
        if text or noted:
            write(text, noted)
        progress.show(found.tally)
    progress.clear()


def _progress_after(variants: list[Variant], found: Sweep, rows: VariantRows) -> str:
    """The progress line after some variants; empty if the last combination has a row, which says the same."""
    tried = found.tally.tried
    if variants and variants[-1].place + 1 == tried:
        return ""
    return ("\n" if rows.between else "") + progress_line(tried, len(found))


def write_front(found: Sweep, form: str, output: str | None, *, force: bool) -> None:
    """Write the Pareto front once all variants are known."""
    refuse_existing(output, force=force)
    front = Front(found.objectives, found.plan.metrics)
    points = Points(found.plan, *found.objectives[:2]) if form == "svg" else None
    progress = _progress(found, output, 0)
    for variants in found.batches():
        front.add(variants)
        if points:
            points.add(variants)
        progress.show(found.tally)
    progress.clear()
    text = _front_text(found, form, front.ordered, points)
    if text:
        with _opened(output, 0) as write:
            write(text, "")
    note(counts(found, len(front.variants)))


def _front_text(found: Sweep, form: str, front: list[Variant], points: Points | None) -> str:
    if points is not None:
        from cnncalc.render.sweep import svg

        return svg.render(found, points, front)
    rows = _rows(found, form)
    return rows.head + rows.between.join(map(rows.row, front)) + rows.tail(found.tally)


def _rows(found: Sweep, form: str) -> VariantRows:
    made: VariantRows = getattr(import_module(f"cnncalc.render.sweep.{form}"), f"{form.title()}Rows")(found)
    return made


def _progress(found: Sweep, output: str | None, done: int) -> SweepProgress:
    """The progress on a terminal that no rows are written to."""
    is_shown = sys.stderr.isatty() and (output is not None or not sys.stdout.isatty())
    return SweepProgress(len(found), done, is_shown=is_shown)


@contextmanager
def _opened(output: str | None, end: int) -> Iterator[WriteRows]:
    """A function that writes to standard output, or to the file from a position on; what follows there is dropped."""
    if output is None:
        yield lambda text, _: emit_part(text)
        return
    with open(output, "r+b" if end else "wb") as file:
        position = end

        def write(text: str, progress: str) -> None:
            nonlocal position
            written = text.encode()
            if not file.seekable():
                file.write(written)
            else:
                file.truncate(position)
                file.seek(position)
                file.write(written + progress.encode())
                position += len(written)
            file.flush()

        yield write
