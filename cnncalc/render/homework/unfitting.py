"""Verdicts on answers about a spec whose sizes are refused."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.homework.fit import DoesNotFit
from cnncalc.homework.values import Verdict
from cnncalc.render.homework.judgements import MARKS
from cnncalc.render.json_text import json_text
from cnncalc.render.text import styled

UnfittingAnswers = Iterable[tuple[DoesNotFit, str, Verdict]]


def as_text(found: UnfittingAnswers, *, color: bool = False) -> str:
    """A line for each answer, and why it does not fit."""
    lines = []
    for asked, text, verdict in found:
        mark, style = MARKS[verdict.status]
        lines.append(f"{styled(mark, style, color=color)} {asked.name} = {text.strip()}{_said(verdict)}")
        lines.append(f"    {asked.reason}")
    return "\n".join(lines)


def _said(verdict: Verdict) -> str:
    if verdict.problem is not None:
        return f"  cannot be read: {verdict.problem.message}"
    return "" if verdict.status == "right" else "  wrong"


def as_json(found: UnfittingAnswers) -> str:
    """The same as one JSON object, in the form of other judgements."""
    answers: list[dict[str, object]] = [
        {"question": asked.name, "answer": text, "right_answer": None, "status": verdict.status,
         "note": asked.reason, "mistakes": []}
        for asked, text, verdict in found
    ]  # fmt: skip
    return json_text({"format": 1, "name": "", "answers": answers})
