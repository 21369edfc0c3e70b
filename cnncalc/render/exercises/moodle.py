"""Exercises as Moodle XML: a cloze question for each task, whose fields know the named mistakes.

Source: docs.moodle.org, "Moodle XML format" and "Embedded Answers (Cloze) question type". A field is
`{weight:NUMERICAL:=right:tolerance~%share%wrong:0#feedback}`, or SHORTANSWER, where * means any characters.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape
from math import lcm
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cnncalc.hidden_characters import visible
from cnncalc.number_text import decimal
from cnncalc.render.exercises.paper import Paper, Prompt, Task
from cnncalc.render.html_text import Html, element, joined

_ESCAPED = str.maketrans({"\\": "\\\\", "}": "\\}", "#": "\\#", "~": "∼", "{": "("})
_PICTURE = "picture.svg"
"""The file beside the text of a question, which refers to it with @@PLUGINFILE@@."""
_NEXT_GRADE = Fraction(1, 3)
"""The penalty for another try, where the quiz allows one."""


def render(paper: Paper) -> str:
    """The question bank as one file."""
    root = Element("quiz")
    _add_category(root, paper.title or "Exercises")
    for task in paper.tasks:
        _add_task(root, task)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def add_text(parent: Element, tag: str, content: str, **attributes: str) -> None:
    """An element with a text inside, as Moodle writes all texts."""
    SubElement(SubElement(parent, tag, attributes), "text").text = visible(content, keep="\n\t")


def _add_category(root: Element, title: str) -> None:
    """The category of the question bank, whose path is separated by slashes."""
    question = SubElement(root, "question", type="category")
    add_text(question, "category", f"$course$/{title.replace('/', '-')}")


def _add_task(root: Element, task: Task) -> None:
    question = SubElement(root, "question", type="cloze")
    add_text(question, "name", task.name)
    add_text(question, "questiontext", _body(task), format="html")
    if task.picture:
        content = question.find("questiontext")
        assert content is not None
        SubElement(content, "file", name=_PICTURE, path="/", encoding="base64").text = task.picture_base64
    add_text(question, "generalfeedback", _key(task), format="html")
    SubElement(question, "penalty").text = f"{float(_NEXT_GRADE):.7f}"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = task.name


def _body(task: Task) -> str:
    scale = lcm(*(prompt.points.denominator for prompt in task.prompts))
    fields = []
    for prompt in task.prompts:
        weight = int(prompt.points * scale)
        if prompt.grid:
            fields.append(joined([element("p", prompt.label), _grid(prompt, weight)]))
        else:
            fields.append(element("p", f"{prompt.label} ", Html(_field(prompt, weight))))
    picture = element("p", element("img", src=f"@@PLUGINFILE@@/{_PICTURE}", alt="Picture")) if task.picture else ""
    return joined([element("p", task.text) if task.text else "", picture, *fields])


def _field(prompt: Prompt, weight: int) -> str:
    """The field of a prompt in the syntax of cloze questions, as HTML."""
    kind, sign = ("NUMERICAL", _number) if prompt.is_number else ("SHORTANSWER", _literal)
    right = [f"={sign(answer, prompt.tolerance)}" for answer in prompt.answers]
    wrong = [
        f"%{decimal(float(100 * slip.share), 7)}%{sign(answer, Fraction(0))}#{_within_field(slip.feedback)}"
        for slip in prompt.slips
        for answer in slip.answers
    ]
    return f"{{{weight}:{kind}:{'~'.join([*right, *wrong])}}}"


def _number(answer: str, tolerance: Fraction) -> str:
    return f"{answer}:{decimal(float(tolerance))}"


def _literal(answer: str, tolerance: Fraction) -> str:
    return _within_field(answer).replace("*", "\\*")


def _within_field(words: str) -> str:
    """A text inside a field, as HTML without numeric entities, whose # would begin the feedback."""
    return escape(visible(words), quote=False).translate(_ESCAPED)


def _grid(prompt: Prompt, weight: int) -> Html:
    """A table with a field for each number of a matrix; a cell has the weight of the part, since weights are whole."""
    return element("table", *(
        element("tr", *(
            element("td", Html(f"{{{weight}:NUMERICAL:={_number(cell, prompt.tolerance)}}}")) for cell in row
        ))
        for row in prompt.grid
    ))  # fmt: skip


def _key(task: Task) -> str:
    """The right answers with their working, shown after the attempt."""
    return joined(
        joined([element("p", element("strong", f"{prompt.label} {prompt.shown}")), *_lines(prompt)])
        for prompt in task.prompts
    )


def _lines(prompt: Prompt) -> list[Html]:
    return [element("p", element("code", line)) for line in prompt.working]
