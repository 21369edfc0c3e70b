"""Exercises as calculated questions of Moodle: one question for each number, with other numbers in every attempt.

Source: docs.moodle.org, "Calculated question type" and "Moodle XML format". The numbers of a text and of its answers
are wildcards, `{n1}` and `{right}`; each variant of the exercise is one item of their data sets. A shape is asked axis
by axis, since these questions have numeric answers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cnncalc.number_text import decimal
from cnncalc.render.exercises.moodle import add_text
from cnncalc.render.exercises.paper import Paper, Prompt, Task
from cnncalc.render.html_text import Html, element

VARIANTS = 20
"""The number of items of a data set."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FEWEST = 2


class _CalculatedQuestion(NamedTuple):
    """One number to answer: the values of the wildcards, variant by variant."""

    name: str
    text: str
    asks: str
    wildcards: dict[str, list[str]]
    mistakes: dict[str, str]
    """The title of each mistake, by the wildcard of its value."""


def render_variants(papers: Sequence[Paper]) -> str:
    """The question bank of variants of the same sheet as one file."""
    root = Element("quiz")
    for tasks in zip(*(paper.tasks for paper in papers), strict=True):
        for question in _questions(_alike(tasks)):
            _add_question(root, question)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _alike(tasks: Sequence[Task]) -> list[Task]:
    """The largest group of variants whose texts differ in numbers only."""
    groups: dict[tuple[str, ...], list[Task]] = {}
    for task in tasks:
        key = (_NUMBER.sub("0", task.text), *(prompt.asks for prompt in task.prompts))
        groups.setdefault(key, []).append(task)
    return max(groups.values(), key=len)[:VARIANTS]


def _questions(tasks: list[Task]) -> Iterator[_CalculatedQuestion]:
    if len(tasks) < _FEWEST:
        return
    for place, prompt in enumerate(tasks[0].prompts):
        prompts = [task.prompts[place] for task in tasks]
        counts = {len(_values(one.right)) for one in prompts}
        if prompt.grid or len(counts) > 1 or 0 in counts:
            continue
        axes = prompt.asks.partition("(")[2].rstrip(")").split(" × ") if counts != {1} else [""]
        for axis, words in enumerate(axes):
            yield _question(tasks, prompts, axis, words)


def _values(answer: str) -> list[str]:
    """The numbers of an answer, or nothing for one in words."""
    sizes = answer.split("x")
    return sizes if all(_NUMBER.fullmatch(size) for size in sizes) else []


def _question(tasks: list[Task], prompts: list[Prompt], axis: int, words: str) -> _CalculatedQuestion:
    numbers = [_NUMBER.findall(task.text) for task in tasks]
    wildcards = {f"n{place + 1}": [one[place] for one in numbers] for place in range(len(numbers[0]))}
    count = iter(range(1, len(numbers[0]) + 1))
    text = _NUMBER.sub(lambda _: f"{{n{next(count)}}}", tasks[0].text)
    right = [_values(prompt.right)[axis] for prompt in prompts]
    mistakes: dict[str, str] = {}
    for name, title in {slip.name: slip.feedback.partition(":")[0] for slip in prompts[0].slips}.items():
        wrong = [_wrong(prompt, name, axis) for prompt in prompts]
        if None not in wrong and not any(one == other for one, other in zip(wrong, right, strict=True)):
            key = f"wrong{len(mistakes) + 1}"
            wildcards[key], mistakes[key] = [one or "" for one in wrong], title
    asks = prompts[0].asks.partition(" (")[0] if words else prompts[0].asks
    suffix = f", {words}" if words else ""
    name, asked = f"{prompts[0].name}{suffix}", f"{asks}{suffix}"
    return _CalculatedQuestion(name, text, asked, wildcards | {"right": right}, mistakes)


def _wrong(prompt: Prompt, name: str, axis: int) -> str | None:
    """The number that a mistake gives, if this variant has it."""
    slip = next((slip for slip in prompt.slips if slip.name == name), None)
    values = _values(slip.answers[0]) if slip else []
    return values[axis] if len(values) == len(_values(prompt.right)) else None


def _add_question(root: Element, question: _CalculatedQuestion) -> None:
    node = SubElement(root, "question", type="calculated")
    add_text(node, "name", question.name)
    body = Html(f"{element('p', question.text)}{element('p', f'{question.asks}?')}")
    add_text(node, "questiontext", body, format="html")
    add_text(node, "generalfeedback", "", format="html")
    for tag, value in (("defaultgrade", "1"), ("penalty", "0.3333333"), ("hidden", "0"), ("synchronize", "0"),
                       ("single", "0"), ("answernumbering", "abc"), ("shuffleanswers", "0")):  # fmt: skip
        SubElement(node, tag).text = value
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        add_text(node, tag, "")
    digits = "2" if any("." in value for value in question.wildcards["right"]) else "0"
    _add_answer(node, "right", "100", "", digits)
    for wildcard, title in question.mistakes.items():
        _add_answer(node, wildcard, "0", title, digits)
    for tag, value in (("unitgradingtype", "0"), ("unitpenalty", "0.1000000"), ("showunits", "3"), ("unitsleft", "0")):
        SubElement(node, tag).text = value
    definitions = SubElement(node, "dataset_definitions")
    for name, values in question.wildcards.items():
        _add_data_set(definitions, name, values)


def _add_answer(node: Element, wildcard: str, fraction: str, title: str, digits: str) -> None:
    """An answer whose formula is a wildcard, with a tolerance of half a unit of the last digit."""
    answer = SubElement(node, "answer", fraction=fraction)
    SubElement(answer, "text").text = f"{{{wildcard}}}"
    tolerance = decimal(0.005 if digits == "2" else 0)
    for tag, value in (("tolerance", tolerance), ("tolerancetype", "2"), ("correctanswerformat", "1"),
                       ("correctanswerlength", digits)):  # fmt: skip
        SubElement(answer, tag).text = value
    add_text(answer, "feedback", title, format="html")


def _add_data_set(definitions: Element, name: str, values: list[str]) -> None:
    """The values of a wildcard; Moodle chooses the same item of all data sets of a question."""
    node = SubElement(definitions, "dataset_definition")
    decimals = max((len(value.partition(".")[2]) for value in values), default=0)
    add_text(node, "status", "private")
    add_text(node, "name", name)
    SubElement(node, "type").text = "calculated"
    add_text(node, "distribution", "uniform")
    numbers = [float(value) for value in values]
    for tag, value in (("minimum", decimal(min(numbers), 15)), ("maximum", decimal(max(numbers), 15)),
                       ("decimals", str(decimals))):  # fmt: skip
        add_text(node, tag, value)
    SubElement(node, "itemcount").text = str(len(values))
    items = SubElement(node, "dataset_items")
    for number, value in enumerate(values, 1):
        item = SubElement(items, "dataset_item")
        SubElement(item, "number").text = str(number)
        SubElement(item, "value").text = value
    SubElement(node, "number_of_items").text = str(len(values))
