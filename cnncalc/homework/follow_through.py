"""Recomputation of a metric from earlier answers that are assumed to be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cnncalc.arithmetic.convention import Shape
from cnncalc.homework.figure_paths import FIGURES, Asked, FigureValue, axis_names
from cnncalc.homework.judge import Question
from cnncalc.homework.rework import Figures, Workings

_COUNTS: Mapping[str, str] = {
    "params": "params", "trainable_params": "params", "unshared_params": "unshared_params", "macs": "macs",
    "flops": "flops",
}  # fmt: skip
"""The counts that can be replaced in a layer's metrics, with the field that contains them."""
_PROPORTIONAL: Mapping[str, str] = {"param_bytes": "params", "activation_bytes": "activation_elements"}
"""Metrics in bytes, and the count that each is a multiple of."""


def worked_from(
    question: Question, taken: Iterable[tuple[Asked, FigureValue]], workings: Workings
) -> FigureValue | None:
    """The value of a requested metric if these answers were right; None if it does not depend on all of them.

    An output is propagated through the later layers. The count of a layer replaces the right one in sums, and the size
    of one of its arrays changes its parameters. Raises Exhausted.
    """
    asked, graph = question.asked, question.about.graph
    outputs: dict[int, Shape] = {}
    others: list[tuple[Asked, int]] = []
    for given, value in taken:
        if given.is_size and given.place is not None:
            place = given.place if given.figure == "output" else graph.nodes[given.place].inputs[0]
            outputs[place] = _whole_shape(question, given, value, outputs.get(place) or graph.nodes[place].shape or ())
        elif isinstance(value, int | Fraction) and value == int(value) and given.over is None:
            others.append((given, int(value)))
        else:
            return None
    if asked.figure in _PROPORTIONAL:
        return None if outputs else _multiple(asked, others)
    found = question.reworked(outputs, workings)
    for given, count in others:
        if not _replace(found, given, count):
            return None
    return question.value_in(found)


def _whole_shape(question: Question, given: Asked, value: FigureValue, right: Shape) -> Shape:
    """The shape given by an answer: a whole shape, or one axis of it."""
    if isinstance(value, tuple):
        return value
    names = axis_names(question.about, len(right))
    if given.part not in names:
        return right
    place = names.index(given.part)
    return (*right[:place], int(value), *right[place + 1 :])


def _multiple(asked: Asked, others: list[tuple[Asked, int]]) -> FigureValue | None:
    """Bytes as a multiple of an answered count of the same layer or model."""
    for given, count in others:
        if given.figure == _PROPORTIONAL[asked.figure] and given.place == asked.place and isinstance(given.value, int):
            assert isinstance(asked.value, int)
            return Fraction(asked.value * count, given.value) if given.value else None
    return None


def _replace(found: list[Figures | None], given: Asked, count: int) -> bool:
    """Put an answered count into a layer's metrics; False if none of them contains it."""
    one = found[given.place] if given.place is not None and given.place < len(found) else None
    if one is None or given.place is None or not isinstance(given.value, int):
        return False
    field = _COUNTS.get(given.figure)
    if field is not None:
        found[given.place] = one._replace(**{field: count})  # type: ignore[arg-type]
        return True
    if given.figure in FIGURES:
        return False
    # one of its arrays, or all of its weights or biases
    found[given.place] = one._replace(params=one.params + count - given.value)
    return True
