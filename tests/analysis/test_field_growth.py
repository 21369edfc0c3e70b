"""The working of receptive fields along a chain, the sentences where there is none, and the fields of merges."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.explain import explain
from cnncalc.analysis.explanation import Explanation
from cnncalc.analysis.following import AxisView, Follower
from cnncalc.analysis.receptive_field import TOO_LARGE, TOO_MANY, View, _counted, through, views
from cnncalc.reading.limits import MOST_ELEMENTS
from tests.analysis.test_explain import chain
from tests.together import for_each


def explained(spec: str) -> Explanation:
    """The explanation of the last layer."""
    found = explain(spec)
    return found if isinstance(found, Explanation) else list(found)[-1]


@for_each(
    ("spec", "steps"),
    [
        ("24x1 -> conv 2 3 s2 -> conv 1 3", [("length", "r + (F − 1)·j = 3 + (3 − 1)·2 = 3 + 4 = 7", "j·S = 2·1 = 2")]),
        ("9x9x1 -> conv 2 1x1", [("height,width", "r + (F − 1)·j = 1 + (1 − 1)·1 = 1 + 0 = 1", "j·S = 1·1 = 1")]),
        ("12x12x1 -> conv 1 3x1", [("height", "r + (F − 1)·j = 1 + (3 − 1)·1 = 1 + 2 = 3", "j·S = 1·1 = 1"),
                                   ("width", "r + (F − 1)·j = 1 + (1 − 1)·1 = 1 + 0 = 1", "j·S = 1·1 = 1")]),
        ("12x12x1 -> conv 1 3x5 s1x2", [("height", "r + (F − 1)·j = 1 + (3 − 1)·1 = 1 + 2 = 3", "j·S = 1·1 = 1"),
                                        ("width", "r + (F − 1)·j = 1 + (5 − 1)·1 = 1 + 4 = 5", "j·S = 1·2 = 2")]),
        # Without a kernel r is r; a step of an output is half of one of the input, as a fraction if it is none.
        ("16x1 -> upsample 2", [("length", "r = 1", "j/S = 1/2")]),
        ("16x1 -> conv 1 1 s4 -> upsample 2", [("length", "r = 1", "j/S = 4/2 = 2")]),
        ("16x1 -> conv 1 3 s2 -> conv_transpose 1 2 s2",
         [("length", "r + (⌈F/S⌉ − 1)·j = 3 + (2/2 − 1)·2 = 3 + (1 − 1)·2 = 3 + 0 = 3", "j/S = 2/2 = 1")]),
        ("16x1 -> conv 1 3 s3 -> conv_transpose 1 2 s2",
         [("length", "r + (⌈F/S⌉ − 1)·j = 3 + (2/2 − 1)·3 = 3 + (1 − 1)·3 = 3 + 0 = 3", "j/S = 3/2")]),
        # Positions that do not all see as much, in another order, or everything: no closed form.
        ("24x24x1 -> max_pool 2x1 -> upsample 2x1 -> conv 2 2x2", []),
        ("16x1 -> conv_transpose 1 2 s2 d3", []),
        ("16x1 -> flip 1 -> conv 1 3", []),
        ("9x9x1 -> conv 1 3x3 -> relu", []),
        ("9x1 -> global_avg_pool -> conv 1 1", []),
        ("5 -> dense 3", []),
    ],
)  # fmt: skip
def test_the_working(spec: str, steps: list[tuple[str, str, str]]) -> None:
    """r ← r + (F′ − 1)·j and j ← j·S, with numbers worked by hand (Araujo et al., Distill 2019)."""
    growth = explained(spec).growth
    assert [(",".join(step.axes), chain(step.field), chain(step.jump)) for step in growth] == steps


PARTLY = "interior positions see 2 to 4 input positions; the field is the largest, 4"


@for_each(
    ("spec", "sentences"),
    [
        ("24x24x1 -> max_pool 2 -> upsample 2 -> conv 2 2x2", [f"along height and width, {PARTLY}"]),
        ("24x24x1 -> max_pool 2 -> upsample 2 -> conv 2 2x1", [f"along height, {PARTLY}"]),
        ("9x7x1 -> flatten", ["the whole input, 9×7"]),
        ("9x7x1 -> global_avg_pool -> conv 1 1", ["the whole input, 9×7"]),
        ("9x7x1 -> flatten -> relu", []),
        ("9x7x1 -> conv 1 3x3", []),
        ("5 -> dense 3", []),
        ("5 -> relu", []),
        ("9x9x1 -> permute 2x1x3 -> relu",
         ["undefined from permute_1 on: its positions do not correspond to those of its input"]),
        ("a: 9x1, b: 9x1 -> add from=[a, b]", ["undefined: the branches see different inputs"]),
    ],
)  # fmt: skip
def test_the_sentences(spec: str, sentences: list[str]) -> None:
    """A sentence where the field has no closed form; none where the working says it all."""
    assert list(explained(spec).field) == sentences


@for_each(
    ("spec", "field", "stride"),
    [
        # A gate, a mask or a learned array sees what it is computed from.
        ("9x7x1 -> multiply(identity | global_avg_pool)", (9, 7), None),
        ("9x7x1 -> multiply(global_avg_pool | conv 1 3x3 p1)", (9, 7), None),
        ("9x7x1 -> conv 2 3x3 -> parameter 2 name=p -> multiply from=[conv_1, p]", (3, 3), (1, 1)),
        ("9x7x1 -> conv 2 3x3 -> parameter 2 name=p -> multiply from=[p, conv_1]", (3, 3), (1, 1)),
        ("9x7x1 -> parameter 2 name=p -> relu", None, None),
        # The branches of another input, or of an undefined field.
        ("a: 9x1, b: 9x1 -> add from=[a, b] name=s -> add from=[s, a]", None, None),
        ("a: 9x1, b: 9x1 -> add from=[a, b] name=s -> add from=[a, s]", None, None),
        ("9x9x1 -> add(permute 2x1x3 | identity)", None, None),
        ("9x9x1 -> add(identity | permute 2x1x3)", None, None),
        # 5x9 positions: rows 2 and 1 apart in the branches, columns 1 apart in both
        ("11x11x1 -> add(conv 1 3x3 s2x1 | conv 1 7x3)", (7, 3), None),
    ],
)
def test_the_field_of_a_merge(spec: str, field: tuple[int, ...] | None, stride: tuple[int, ...] | None) -> None:
    last = analyze(spec).layers[-1]
    assert (last.receptive_field, last.effective_stride) == (field, stride)


def test_a_stride_is_whole_where_it_can_be() -> None:
    """2 and not 2.0, which JSON shows as such; half a step is 0.5."""
    last = analyze("9x9x1 -> conv 1 3x3 s2x1 -> conv_transpose 1 2x2 s1x2").layers[-1]
    assert [repr(each) for each in last.effective_stride or ()] == ["2", "0.5"]


def test_an_undefined_field_has_a_cause() -> None:
    """The first layer whose field is undefined, also through a merge."""
    for spec in ("9x9x1 -> permute 2x1x3 -> relu", "9x9x1 -> add(permute 2x1x3 | identity)"):
        graph = load(spec)
        view = views(graph)[-1]
        assert view is not None
        assert (graph.nodes[view.cause].name, view.sizes, view.smallest, view.strides) == (
            "permute_1",
            None,
            None,
            None,
        )


@pytest.mark.parametrize(
    ("size", "jump", "reason"),
    [
        (MOST_ELEMENTS, 1, TOO_LARGE),
        (1, MOST_ELEMENTS, TOO_LARGE),
        (MOST_ELEMENTS - 1, MOST_ELEMENTS - 1, ""),
    ],
)
def test_numbers_that_are_too_large(size: int, jump: int, reason: str) -> None:
    """The field and the jump along any axis are less than 2¹²⁸."""
    view = _counted(0, [AxisView(0, 1, 1, (0, 9)), AxisView(0, size, jump, (0, 9))])
    assert (view.reason, view.axes is None) == (reason, bool(reason))


def test_a_jump_that_is_too_large() -> None:
    """Seven pools of stride 10⁶ are 10⁴² apart; 2¹²⁸ is 3.4·10³⁸."""
    pools = " -> ".join(["max_pool 1 s1000000"] * 7)
    fields = [(layer.receptive_field, layer.effective_stride) for layer in analyze(f"9x1 -> {pools}").layers]
    assert fields[5:] == [((1,), (10**36,)), (None, None)]


def test_too_many_intervals() -> None:
    """Nothing is tracked once the steps are used up, along whichever axis."""
    follower = Follower()
    follower.left = 0
    graph = load("9x9x1 -> upsample 1x2")
    reach = graph.nodes[1].layer.reach((9, 9, 1))  # type: ignore[union-attr]
    view = View(0, tuple(AxisView(0, 1, 1, (0, 9)) for _ in range(2)))
    found = through(view, reach, follower, (9, 18))
    assert (found.axes, found.reason) == (None, TOO_MANY)
