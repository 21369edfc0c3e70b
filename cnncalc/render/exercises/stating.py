"""The text of a question of a sheet that has none: its model, or the layer and the arrays that it is applied to."""

from __future__ import annotations

from typing import Any

from cnncalc.homework.exercises.description import describe, described
from cnncalc.homework.fit import DoesNotFit
from cnncalc.homework.sheet import QuestionPart
from cnncalc.homework.values import Hyperparameter, Output


def described_in_words(parts: list[QuestionPart]) -> str:
    """The sentences that students need to answer the parts."""
    graph = next((part.question.about.graph for part in parts if part.question), None)
    others = (_stated(part.value) for part in parts if part.question is None and not part.text)
    sentences = dict.fromkeys((describe(graph) if graph else "", *others))
    return " ".join(filter(None, sentences))


def _stated(value: Hyperparameter | Output | DoesNotFit | None) -> str:
    if isinstance(value, Output):
        return _applied(value)
    if isinstance(value, Hyperparameter):
        return _searched(value)
    written = _inline(value.source) if value else ""
    return f"The model is {written}." if written else ""


def _applied(value: Output) -> str:
    """A layer with its arrays."""
    weights = f", with the weights {value.weights}" if value.weights else ""
    bias = f"{' and' if weights else ', with'} the bias {value.bias}" if value.bias else ""
    layer = described(value.ready.layer)
    return f"{layer[:1].upper()}{layer[1:]} is applied to {' and '.join(value.data)}{weights}{bias}."


def _searched(value: Hyperparameter) -> str:
    """The variable to find, its spec if that is one line, and the condition."""
    written = _inline(value.source).replace(f"${{{value.name}}}", value.name)
    within = f"In {written}, find" if written else "Find"
    return f"{within} {value.name} such that {' and '.join(f'{path} = {size}' for path, size in value.wanted.items())}."


def _inline(source: Any) -> str:
    """A spec of one line, also one whose variable is declared, or nothing."""
    if isinstance(source, dict) and all(isinstance(item, str) for item in source.get("layers", [{}])):
        return " → ".join((str(source.get("input", "")), *source["layers"]))
    return source.replace("->", "→") if isinstance(source, str) and ("->" in source or "→" in source) else ""
