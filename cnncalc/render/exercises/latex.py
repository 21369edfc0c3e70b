"""Exercises in LaTeX for the document class `exam`, with room for the answers, or with the solutions printed."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.drawing.forms import tikz
from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt, Task
from cnncalc.render.latex_text import escape

_PREAMBLE = r"""\documentclass[%s]{exam}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
%s\newcommand{\room}{\makebox[14em]{\hrulefill}}
\pointsinrightmargin
\bracketedpoints
\raggedright
\begin{document}"""

_MOST_WIDTH, _MOST_HEIGHT = 310, 400
"""The largest size of a picture in points; the text of the class is 360 wide."""


def render(paper: Paper, *, key: bool = False) -> str:
    """The document; `key` is the class's option `answers`, which prints the solutions."""
    drawn = any(task.drawing for task in paper.tasks)
    packages = "\n".join((r"\usepackage{tikz}", *tikz.colours(), "")) if drawn else ""
    lines = [_PREAMBLE % ("11pt,addpoints,answers" if key else "11pt,addpoints", packages)]
    lines += [rf"\begin{{center}}\Large {escape(paper.title or 'Exercises')}\end{{center}}"]
    who = escape(paper.student) if paper.student else r"\room"
    if not key:
        lines.append(rf"\noindent Name: {who}\hfill \numpoints\ points")
    lines += ["", r"\begin{questions}"]
    for task in paper.tasks:
        lines += _task(task)
    return "\n".join([*lines, r"\end{questions}", r"\end{document}", ""])


def _task(task: Task) -> list[str]:
    if len(task.prompts) == 1:
        (prompt,) = task.prompts
        return [rf"\question{_points(prompt.points)} {escape(task.text)}", *_picture(task), *_prompt(prompt), ""]
    lines = [rf"\question {escape(task.text)}", *_picture(task), r"\begin{parts}"]
    for prompt in task.prompts:
        lines += [rf"\part{_points(prompt.points)}", *_prompt(prompt)]
    return [*lines, r"\end{parts}", ""]


def _picture(task: Task) -> list[str]:
    """The picture of a task, made smaller if it is larger than a part of the page."""
    if task.drawing is None:
        return []
    width, height = task.drawing.width * tikz.UNIT, task.drawing.height * tikz.UNIT
    scale = min(1.0, _MOST_WIDTH / width, _MOST_HEIGHT / height)
    return [rf"\par\noindent\scalebox{{{scale:.3f}}}{{%", *tikz.environment(task.drawing), "}"]


def _points(number: Fraction) -> str:
    """The points of a question; the class knows whole and half ones."""
    whole, half = divmod(number, 1)
    if half == Fraction(1, 2):
        return rf"[{whole or ''}\half]"
    return f"[{decimal(float(number))}]"


def _prompt(prompt: Prompt) -> list[str]:
    room = _grid(prompt) if prompt.grid else [r"\room"]
    return [
        rf"\par {escape(prompt.label)} \ifprintanswers\else {room[0]}", *room[1:], r"\fi",
        r"\begin{solution}", rf"\textbf{{{escape(prompt.shown)}}}",
        *(rf"\par {escape(line)}" for line in prompt.working), r"\end{solution}",
    ]  # fmt: skip


def _grid(prompt: Prompt) -> list[str]:
    """An empty table in the size of a matrix."""
    columns = len(prompt.grid[0])
    row = " & ".join([r"\rule{0pt}{3ex}\hspace{2em}"] * columns)
    return [
        rf"\par\begin{{tabular}}{{|{'c|' * columns}}}\hline",
        *[rf"{row} \\ \hline"] * len(prompt.grid),
        r"\end{tabular}",
    ]
