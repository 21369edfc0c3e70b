"""Exercises as a notebook for nbgrader: a solution cell for each prompt, and a test cell that names the mistakes.

Source: nbgrader's documentation, "Creating and grading assignments". Its `generate_assignment` removes the text between
the marks of solutions and of hidden tests.
"""

from __future__ import annotations

import re
from typing import Any

from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt, Task
from cnncalc.render.json_text import json_text
from cnncalc.render.markdown_text import escape

_PICTURE = "picture.svg"
_SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
_HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")


def render(paper: Paper) -> str:
    """The source notebook of an assignment."""
    cells = [_markdown("title", f"# {escape(paper.title)}")] if paper.title else []
    for task in paper.tasks:
        cell = _markdown(f"task-{_name(task.name)}", _text(task))
        if task.drawing:
            cell["attachments"] = {_PICTURE: {"image/svg+xml": task.picture_base64}}
        cells.append(cell)
        for prompt in task.prompts:
            cells += [_answer_cell(prompt), _test_cell(prompt)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return json_text({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _name(name: str) -> str:
    """A name as a Python variable."""
    word = re.sub(r"\W", "_", name)
    return word if word.isidentifier() and word.isascii() else f"answer_{re.sub('[^0-9A-Za-z_]', '_', word)}"


def _text(task: Task) -> str:
    asked = [f"- `{_name(prompt.name)}`: {escape(prompt.asks)}" for prompt in task.prompts]
    picture = f"![Picture](attachment:{_PICTURE})" if task.drawing else ""
    return "\n\n".join(filter(None, (escape(task.text), picture, "\n".join(asked))))


def _markdown(name: str, text: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown", "id": _id(name), "source": text,
        "metadata": {"nbgrader": _role(name, grade=False, locked=True, solution=False)},
    }  # fmt: skip


def _answer_cell(prompt: Prompt) -> dict[str, Any]:
    """The cell that the student fills in; the source version contains the right answer."""
    name = _name(prompt.name)
    lines = [*(f"# {line}" for line in prompt.working), f"{name} = {_literal(prompt)}"]
    return _code(f"answer-{name}", [_SOLUTION[0], *lines, _SOLUTION[1]], grade=False, locked=False, solution=True)


def _test_cell(prompt: Prompt) -> dict[str, Any]:
    """The cell with the points: hidden tests, which fail with the name of the mistake."""
    name = _name(prompt.name)
    lines = [
        f"assert {name} is not ..., {_quoted('no answer')}",
        f"said = tuple({name}) if isinstance({name}, list) else {name}",
    ]
    lines += [f"assert said != {_python(prompt, slip.answers[0])}, {_quoted(slip.feedback)}" for slip in prompt.slips]
    lines.append(f"assert {_test(prompt)}, {_quoted('wrong')}")
    cell = _code(f"test-{name}", [_HIDDEN[0], *lines, _HIDDEN[1]], grade=True, locked=True, solution=False)
    cell["metadata"]["nbgrader"]["points"] = float(prompt.points)
    return cell


def _literal(prompt: Prompt) -> str:
    """The right answer as Python: a number, a tuple, nested lists or a text."""
    if prompt.is_list:
        return f"[{', '.join(prompt.grid[0])}]"
    if prompt.grid:
        return "[" + ", ".join(f"[{', '.join(row)}]" for row in prompt.grid) + "]"
    return _python(prompt, prompt.right)


def _python(prompt: Prompt, answer: str) -> str:
    if prompt.is_number or answer.isdecimal():
        return answer
    sizes = answer.split("x")
    return f"({', '.join(sizes)})" if len(sizes) > 1 and all(map(str.isdecimal, sizes)) else _quoted(answer)


def _test(prompt: Prompt) -> str:
    """The condition of a right answer, which is called `said`."""
    literal = _literal(prompt)
    if prompt.grid:
        close = f"abs(one - right) <= {decimal(float(prompt.tolerance) + 1e-6)}"
        if prompt.is_list:
            return f"all({close} for one, right in zip(said, {literal}, strict=True))"
        pairs = f"for row, rights in zip(said, {literal}, strict=True) for one, right in zip(row, rights, strict=True)"
        return f"all({close} {pairs})"
    if prompt.is_number and prompt.tolerance:
        return f"abs(said - {literal}) <= {decimal(float(prompt.tolerance))}"
    if literal.startswith("("):
        return f"said == {literal}"
    if literal.isdecimal():
        return f"said in ({', '.join(answer for answer in prompt.answers if answer.isdecimal())},)"
    return f"said in {list(prompt.answers)!r}"


def _quoted(text: str) -> str:
    return repr(" ".join(text.split()))


def _code(name: str, lines: list[str], **role: bool) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": _id(name), "source": "\n".join(lines), "outputs": [], "execution_count": None,
        "metadata": {"nbgrader": _role(name, **role)},
    }  # fmt: skip


def _role(name: str, **role: bool) -> dict[str, Any]:
    return {"schema_version": 3, "grade_id": _id(name), "task": False, **role}


def _id(name: str) -> str:
    """The id of a cell: at most 64 letters, digits, hyphens and underscores."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[:64]
