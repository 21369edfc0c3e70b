"""Exercises as GIFT, the text format of Moodle: one question for each prompt.

Source: docs.moodle.org, "GIFT format". The characters ~ = # { } : have a backslash before them.
"""

from __future__ import annotations

from cnncalc.hidden_characters import visible
from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt, Task

_ESCAPED = str.maketrans({char: f"\\{char}" for char in "\\~=#{}:"})


def render(paper: Paper) -> str:
    """All questions, with an empty line after each."""
    title = [f"$CATEGORY: $course$/{_text(paper.title).replace('/', '-')}", ""] if paper.title else []
    return "\n".join([*title, *(line for task in paper.tasks for line in _task(task))])


def _task(task: Task) -> list[str]:
    lines: list[str] = []
    for prompt in task.prompts:
        lines += [f"::{_text(prompt.name)}::{_question(task, prompt)} {{{'#' if prompt.is_number else ''}"]
        lines += [f"\t{_answer(prompt, answer, 100, '')}" for answer in prompt.answers]
        for slip in prompt.slips:
            share = float(100 * slip.share)
            lines += [f"\t{_answer(prompt, answer, share, slip.feedback)}" for answer in slip.answers]
        lines += [f"\t####{_text('; '.join((prompt.shown, *prompt.working)))}", "}", ""]
    return lines


def _question(task: Task, prompt: Prompt) -> str:
    return _text(" ".join(filter(None, (task.text, prompt.question if task.text else prompt.asks))))


def _answer(prompt: Prompt, answer: str, share: float, feedback: str) -> str:
    """One answer, right or wrong, with the per cent of the points; a numeric one has a tolerance."""
    said = f"{answer}:{decimal(float(prompt.tolerance) if share == 100 else 0)}" if prompt.is_number else _text(answer)
    return f"=%{decimal(share, 7)}%{said}{f'#{_text(feedback)}' if feedback else ''}"


def _text(words: str) -> str:
    return " ".join(visible(words, keep="\n\t").split()).translate(_ESCAPED)
