"""The text of a question of a sheet that has none: its model, or the layer and the arrays that it is applied to."""

from __future__ import annotations

import re
from typing import Any

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.homework.exercises.description import describe, described
from cnncalc.homework.fit import DoesNotFit
from cnncalc.homework.sheet import QuestionPart
from cnncalc.homework.values import Hyperparameter, Output

_EXACT = re.compile(r"\s*\brounding\s*=\s*exact\b")
_NUMBERS = (97, 89, 13, 11, 7, 5, 3, 2)
"""Numbers in place of a variable while a model is described."""


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
    return _unfitting(value) if value else ""


def _unfitting(value: DoesNotFit) -> str:
    """The layers of a model whose windows do not fit, which fit if sizes are rounded."""
    written = _inline(value.source)
    words = _in_words(_EXACT.sub("", written).replace("→", "->"))
    if words:
        return f"{words} Here, a size that is not whole is an error."
    return f"The model is {written}." if written else ""


def _in_words(spec: str) -> str:
    """The model of a spec in words; nothing if it is invalid."""
    try:
        return describe(load(spec)) if spec else ""
    except SpecError:
        return ""


def _applied(value: Output) -> str:
    """A layer with its arrays."""
    weights = f", with the weights {value.weights}" if value.weights else ""
    bias = f"{' and' if weights else ', with'} the bias {value.bias}" if value.bias else ""
    layer = described(value.ready.layer)
    return f"{layer[:1].upper()}{layer[1:]} is applied to {' and '.join(value.data)}{weights}{bias}."


def _searched(value: Hyperparameter) -> str:
    """The variable to find, its spec if that is one line, and the condition."""
    written = _inline(value.source)
    words = _with_variable(written.replace("→", "->"), value.name)
    wanted = " and ".join(f"{path} = {size}" for path, size in value.wanted.items())
    if words:
        return f"{words} Find {value.name} such that {wanted}."
    within = f"In {written.replace(f'${{{value.name}}}', value.name)}, find" if written else "Find"
    return f"{within} {value.name} such that {wanted}."


def _with_variable(spec: str, name: str) -> str:
    """A model in words with a variable in place of a number; nothing if none of a few numbers fits."""
    for number in _NUMBERS:
        if str(number) not in spec and (words := _in_words(spec.replace(f"${{{name}}}", str(number)))):
            return re.sub(rf"(?<!\d){number}(?!\d)", name, words)
    return ""


def _inline(source: Any) -> str:
    """A spec of one line, also one whose variable is declared, or nothing."""
    if isinstance(source, dict) and all(isinstance(item, str) for item in source.get("layers", [{}])):
        return " → ".join((str(source.get("input", "")), *source["layers"]))
    return source.replace("->", "→") if isinstance(source, str) and ("->" in source or "→" in source) else ""
