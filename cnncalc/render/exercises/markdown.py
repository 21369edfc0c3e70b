"""A sheet of exercises as Markdown: for students, and with the key for the teacher."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.homework.sheet import QuestionPart, QuestionSheet
from cnncalc.render.homework.marked import points, right_value
from cnncalc.render.homework.working import working
from cnncalc.render.markdown_text import code, escape

_WORDS: Mapping[str, str] = {
    "output": "shape of the output", "params": "parameters", "unshared_params": "parameters without sharing",
    "macs": "multiply–accumulates", "flops": "operations", "receptive_field": "receptive field",
}  # fmt: skip


def as_markdown(sheet: QuestionSheet, *, key: bool = False) -> str:
    """Numbered exercises with room for the answers, or with the answers and their working."""
    lines = [f"# {escape(sheet.title)}", ""] if sheet.title else []
    groups: dict[int, list[QuestionPart]] = {}
    for part in sheet.parts:
        groups.setdefault(part.group, []).append(part)
    for number, parts in groups.items():
        lines.append(f"{number + 1}. {sheet.texts[number]}")
        for part in parts:
            lines += _answered(part) if key else [f"   - {_asked(part)}: ________ ({points(part.points)} P.)"]
        lines.append("")
    return "\n".join(lines).rstrip()


def _asked(part: QuestionPart) -> str:
    """The question of a part, in words."""
    if part.question is None:
        return code(part.asks)
    asked = part.question.asked
    owner = "" if asked.place is None else f" of {code(part.question.about.graph.nodes[asked.place].name)}"
    return f"{_WORDS.get(asked.figure, asked.figure)}{owner}"


def _answered(part: QuestionPart) -> list[str]:
    lines = [f"   - {code(part.name)} {_asked(part)}: **{right_value(part)}** ({points(part.points)} P.)"]
    if part.question is not None:
        lines += [f"     {code(line)}" for line in working(part.question.about, part.question.asked)]
    return lines
