"""Exercises as Markdown: for students, and with the key for the teacher."""

from __future__ import annotations

from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt
from cnncalc.render.markdown_text import code, escape


def render(paper: Paper, *, key: bool = False) -> str:
    """Numbered exercises with room for the answers, or with the answers and their working."""
    lines = [f"# {escape(paper.title)}", ""] if paper.title else []
    lines += [escape(paper.student), ""] if paper.student else []
    for number, task in enumerate(paper.tasks, 1):
        lines.append(f"{number}. {escape(task.text)}")
        if task.picture:
            lines += ["", f"   ![Picture of exercise {number}]({task.picture_address})", ""]
        for prompt in task.prompts:
            lines += _answered(prompt) if key else [f"   - {escape(prompt.label)} ________ ({_worth(prompt)})"]
        lines.append("")
    return "\n".join(lines).rstrip()


def _worth(prompt: Prompt) -> str:
    return f"{decimal(float(prompt.points))} P."


def _answered(prompt: Prompt) -> list[str]:
    lines = [f"   - {code(prompt.name)} {escape(prompt.label)} **{escape(prompt.shown)}** ({_worth(prompt)})"]
    return [*lines, *(f"     {code(line)}" for line in prompt.working)]
