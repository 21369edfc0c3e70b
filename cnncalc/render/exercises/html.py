"""Exercises as an HTML page for printing: with room for the answers, or with the key."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt, Task
from cnncalc.render.html_text import Html, element, joined

_STYLE = """
body { font: 11pt/1.5 serif; max-width: 44em; margin: 2em auto; padding: 0 1em; color: #000; background: #fff }
header { display: flex; justify-content: space-between; border-bottom: 1px solid; padding-bottom: .5em }
h1 { font-size: 1.3em; margin: 0 0 .5em }
.who span { display: inline-block; min-width: 14em; border-bottom: 1px dotted }
ol.tasks > li { margin: 1.2em 0; break-inside: avoid } ol.tasks > li::marker { font-weight: bold }
p { margin: .3em 0 } img { max-width: 100%; color-scheme: light }
.answer { display: inline-block; min-width: 12em; border-bottom: 1px solid }
.points { float: right }
table { border-collapse: collapse; margin: .4em 0 }
td { border: 1px solid; width: 3em; height: 1.8em; text-align: center }
.working { display: block; font: .9em/1.5 monospace; margin-left: 1em } .key { font-weight: bold }
@media print { body { margin: 0; max-width: none } }
"""


def render(paper: Paper, *, key: bool = False) -> str:
    """The page."""
    head = joined([
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width">'),
        element("title", paper.title or "Exercises"),
        element("style", Html(_STYLE)),
    ])  # fmt: skip
    body = joined(
        [_header(paper, key=key), element("ol", *(_task(task, key=key) for task in paper.tasks), class_="tasks")]
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def _header(paper: Paper, *, key: bool) -> Html:
    title = element("h1", f"{paper.title or 'Exercises'}{': key' if key else ''}")
    who = element("p", "Name: ", element("span", paper.student), class_="who") if not key else Html("")
    return element("header", element("div", title, who), element("p", _points(paper.points)))


def _points(number: Fraction) -> str:
    shown = decimal(float(number))
    return f"{shown} point{'' if shown == '1' else 's'}"


def _task(task: Task, *, key: bool) -> Html:
    text = element("p", task.text) if task.text else Html("")
    picture = element("p", element("img", src=task.picture_address, alt="Picture")) if task.picture else Html("")
    return element("li", text, picture, *(_prompt(prompt, key=key) for prompt in task.prompts))


def _prompt(prompt: Prompt, *, key: bool) -> Html:
    worth = element("span", _points(prompt.points), class_="points")
    if prompt.grid:
        rows = (element("tr", *(element("td", cell if key else "") for cell in row)) for row in prompt.grid)
        return joined([element("p", worth, prompt.label), element("table", *rows)])
    if not key:
        return element("p", worth, f"{prompt.label} ", element("span", Html("&nbsp;"), class_="answer"))
    lines = (element("span", line, class_="working") for line in prompt.working)
    return element("p", worth, f"{prompt.label} ", element("span", prompt.shown, class_="key"), *lines)
