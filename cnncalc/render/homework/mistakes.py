"""The mistakes that are known, as a Markdown table."""

from __future__ import annotations

from cnncalc.homework.mistakes.catalogue import catalogue


def as_markdown() -> str:
    """One row for each mistake, the likeliest first: title, wrong calculation, why it is wrong."""
    lines = ["| mistake | name | what is calculated | why it is wrong |", "|---|---|---|---|"]
    for mistake in catalogue():
        rule = mistake.rule.replace("|", "\\|")
        lines.append(f"| {mistake.title} | `{mistake.name}` | {rule} | {mistake.explain(None)} |")
    return "\n".join(lines)
