"""Judgements of answers about one spec: text, JSON, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cnncalc.homework.figure_paths import Asked, AskedModel, show_value
from cnncalc.homework.judge import Judgement
from cnncalc.homework.suspects import Suspect
from cnncalc.render.homework.working import working
from cnncalc.render.json_text import json_text
from cnncalc.render.markdown_text import code, escape
from cnncalc.render.text import styled, wrap

MARKS: Mapping[str, tuple[str, str]] = {
    "right": ("✓", "green"),
    "right with a note": ("✓", "green"),
    "wrong": ("✗", "red"),
    "unreadable": ("?", "yellow"),
}
_MOST_SUSPECTS = 6
_SMALL = 1000
"""Wrong answers to smaller numbers are explained with caution."""


def as_text(
    about: AskedModel, judgements: Iterable[Judgement], *, color: bool = False, width: int | None = None
) -> str:
    """A line for each answer; below a wrong one the mistake that gives it, and the working of the right one."""
    lines: list[str] = []
    for judgement in judgements:
        lines += judged(about, judgement, color=color, width=width)
    return "\n".join(lines)


def judged(about: AskedModel, judgement: Judgement, *, color: bool = False, width: int | None = None) -> list[str]:
    """The lines on one answer."""
    mark, style = MARKS[judgement.status]
    lines = [f"{styled(mark, style, color=color)} {headline(judgement)}"]
    cells = max(40, min(width or 100, 100)) - 4
    for line in remarks(judgement):
        lines += ["    " + part for part in wrap(line, cells)]
    if judgement.status == "wrong":
        lines_below = working(about, judgement.asked)
        shown = [f"Right is {show_value(judgement.asked.value)}{':' if lines_below else '.'}", *lines_below]
        for line in shown:
            lines += ["    " + part for part in wrap(line, cells, hanging="  ")]
    return lines


def headline(judgement: Judgement) -> str:
    """The question, the answer, and a verdict in a few words."""
    asked = f"{judgement.asked.path} = {judgement.text.strip()}"
    if judgement.status == "right":
        return asked
    if judgement.status == "right with a note":
        return f"{asked}  ({judgement.note})"
    if judgement.problem is not None:
        return f"{asked}  cannot be read: {judgement.problem.message}"
    if not judgement.suspects:
        return f"{asked}  wrong; no known mistake gives this" + (f" ({judgement.note})" if judgement.note else "")
    found = " or ".join(suspect.what for suspect in judgement.suspects[:_MOST_SUSPECTS])
    if is_small(judgement.asked):
        return f"{asked}  wrong; one way to get {_last_value(judgement.text)}: {found}"
    return f"{asked}  wrong: {found}"


def _last_value(text: str) -> str:
    """The result of an answer with its working: 14 in `13.5 -> 14`."""
    return re.split(r"=+>?|->|→|⇒|≈", text)[-1].strip() or text.strip()


def is_small(asked: Asked) -> bool:
    """Whether a wrong answer may have many reasons: heights and widths, receptive fields, numbers below 1,000."""
    if asked.is_size:
        return True
    sizes = asked.value if isinstance(asked.value, tuple) else (asked.value,)
    return asked.part != "shape" and max(sizes, default=0) < _SMALL


def remarks(judgement: Judgement) -> list[str]:
    """Explanations of the mistakes, the likeliest first; or the notation of an answer."""
    if judgement.problem is not None:
        return [judgement.problem.hint] if judgement.problem.hint else []
    return [_remark(suspect) for suspect in judgement.suspects[:_MOST_SUSPECTS]]


def _remark(suspect: Suspect) -> str:
    return f"{suspect.rule}: {suspect.why}"


def as_json(about: AskedModel, judgements: Iterable[Judgement]) -> str:
    """The judgements as one JSON object."""
    found = [
        judgement.to_dict() | ({"working": working(about, judgement.asked)} if judgement.status == "wrong" else {})
        for judgement in judgements
    ]
    return json_text({"format": 1, "name": about.graph.name, "answers": found})


def as_markdown(about: AskedModel, judgements: Iterable[Judgement]) -> str:
    """The judgements as a list, ready to be sent to the student."""
    lines = []
    for judgement in judgements:
        lines.append(f"- {MARKS[judgement.status][0]} {escape(headline(judgement))}")
        lines += [f"  - {escape(line)}" for line in remarks(judgement)]
        if judgement.status == "wrong":
            lines.append(f"  - Right is **{show_value(judgement.asked.value)}**:")
            lines += [f"    {code(line)}" for line in working(about, judgement.asked)]
    return "\n".join(lines)
