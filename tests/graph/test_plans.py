"""Items that differ only in their numbers: read by the plan of the first, they give what they give alone."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import CONVENTIONS, Setting
from cnncalc.diagnostics import SpecError
from cnncalc.graph.construct import _make
from cnncalc.graph.field_plan import plan_of, taken_apart
from cnncalc.graph.memo import BuildCache
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import choice, per_axis

PAIRS = (
    ("32x32x3 -> conv 8 3x3 s1 p1", "32x32x3 -> conv 9 5x5 s2 p2"),
    ("32x32x3 -> conv 8 3x3 s1 p1", "32x32x3 -> conv 9 5x5 s0 p2"),  # no stride of 0
    ("32x32x3 -> conv 8 3x3 g1", "32x32x3 -> conv 9 3x3 g3"),
    ("32x32x3 -> conv 8 3 1 1", "32x32x3 -> conv 9 5 2 2"),
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 8 012"),  # ten or twelve
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 8 3.5"),
    ("32x32x3 -> conv 8 3x3", "32x32x3 -> conv 8 3x3x3"),  # too many axes
    ("32x32x3 -> conv 8 [3, 3]", "32x32x3 -> conv 8 [5, 7]"),
    ("32x32x3 -> conv 8 (3, 3)", "32x32x3 -> conv 8 (5, 7)"),
    ("32x32x3 -> conv 8 3 relu", "32x32x3 -> conv 9 5 relu6"),
    ("32x32x3 -> conv 8 3 same", "32x32x3 -> conv 9 5 valid"),
    ("32x32x3 -> conv filters=8 kernel=3 stride=1", "32x32x3 -> conv filters=9 kernel=5 stride=2"),
    ("32x32x3 -> conv 8 3 padding=[[1, 2], [0, 1]]", "32x32x3 -> conv 8 3 padding=[[2, 1], [0, 3]]"),
    ("32x32x3 -> conv out_channels=8 in_channels=3 k3", "32x32x3 -> conv out_channels=8 in_channels=4 k3"),
    ("32x32x3 -> conv 8 k3 kernel_h=3 kernel_w=5", "32x32x3 -> conv 8 kernel_h=5 kernel_w=3"),
    ("32x32x3 -> dropout 0.5", "32x32x3 -> dropout 5"),  # not a fraction
    ("32x32x3 -> max_pool 2 s2", "32x32x3 -> max_pool 3 s1"),
    ("32x32x3 -> zero_pad 1", "32x32x3 -> zero_pad [[1, 2], [3, 4]]"),
    ("32x32x3 -> conv 8 3 x4", "32x32x3 -> conv 8 3 x5"),  # no field begins with x
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 340282366920938463463374607431768211457 3"),
    ("32x32x3 -> upsample 2 nearest", "32x32x3 -> upsample 3 lanczos3"),
    ("32x32x3 -> reshape 96x32", "32x32x3 -> reshape 32x96"),
    ("32x32x3 -> reshape 96x32", "32x32x3 -> reshape 32x97"),  # other numbers of elements
    ("32x32x3 -> nn.Conv2d(3, 8, 3, padding=1)", "32x32x3 -> nn.Conv2d(3, 9, 5, padding=2)"),
    ("32x32x3 -> conv 8 3 e2xfoo", "32x32x3 -> conv 8 3 e3xfoo"),  # a word, which no field takes
    ("9x4 -> split names=s2 -> relu from=split_1.s2", "9x4 -> split names=s3 -> relu from=split_1.s3"),
    ("32x32x3 -> conv 8 3 bias=1", "32x32x3 -> conv 9 5 bias=2"),  # 1 is true, and 2 nothing
    ("32x32x3 -> max_pool 3 round_mode=0", "32x32x3 -> max_pool 3 round_mode=1"),
    ("32x32x3 -> max_pool 3 s2 return_indices=1", "32x32x3 -> max_pool 5 s3 return_indices=2"),
    (
        "input: 32x32x3\nvariables: {p: same, k: s2}\nlayers: ['conv 8 3 padding=${p} ${k}']",
        "input: 32x32x3\nvariables: {p: valid, k: s3}\nlayers: ['conv 9 5 padding=${p} ${k}']",
    ),
)


def built(text: str, cache: BuildCache) -> list[str]:
    """The layers of a spec with their shapes, or its mistakes with their positions."""
    try:
        graph = load(text, cache=cache)
    except SpecError as error:
        return [f"{each.code} {each.span!r} {each.message} {each.hint}" for each in error.diagnostics]
    return [f"{node.layer} {node.activation} {node.shape}" for node in graph.nodes]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_plan_changes_nothing(first: str, second: str) -> None:
    """In either order, two items give with one memory what each gives with a memory of its own."""
    alone = [built(text, BuildCache()) for text in (first, second)]
    shared = BuildCache()
    assert [built(first, shared), built(second, shared)] == alone
    shared = BuildCache()
    assert [built(second, shared), built(first, shared)] == alone[::-1]


def test_similar_items_share_a_plan() -> None:
    """Positive numbers alone are left out of a plan's key: a 0 has a plan of its own, and so has another word."""
    cache = BuildCache()
    graph = load("32x32x3 -> conv 8 3x3 p1 -> conv 9 5x5 p2 -> conv 10 7x7 p3", cache=cache)
    assert len(cache.layers(graph.setting).plans) == 1
    assert [str(node.layer) for node in graph.nodes[1:]] == [
        "conv(filters=8, kernel=3x3, padding=1)",
        "conv(filters=9, kernel=5x5, padding=2)",
        "conv(filters=10, kernel=7x7, padding=3)",
    ]
    load("32x32x3 -> conv 8 3x3 p0 -> conv 8 3x3 same", cache=cache)
    assert len(cache.layers(graph.setting).plans) == 3


# An item, and the field of each argument in its plan, with the letters before its numbers; None without a plan.
PLANS = (
    ("conv 8 k3 in_channels=3", None),  # a stated size is checked for each item
    ("max_pool 2 round_mode=1", None),  # 1 means "floor", and another number nothing
    ("conv 8 3 device=cpu", None),
    ("conv 8 3 s2", [(0, "filters", 0), (1, "kernel", 0), (2, "stride", 1)]),
    ("conv 8 3 same s2", [(0, "filters", 0), (1, "kernel", 0), (3, "stride", 1)]),
    ("conv 8 3 p0", [(0, "filters", 0), (1, "kernel", 0)]),
    ("conv stride=2 8 3", [(0, "stride", 0), (1, "filters", 0), (2, "kernel", 0)]),
    ("conv 8 kernel=3x5", [(0, "kernel", 0), (1, "filters", 0)]),
    ("conv out_channels=8 k3x5", [(0, "filters", 0), (1, "kernel", 1)]),
)


@pytest.mark.parametrize(("item", "numbers"), PLANS)
def test_the_plan_of_an_item(item: str, numbers: list[tuple[int, str, int]] | None) -> None:
    """Arguments with names come before the others; an argument whose name is not that of a field has no plan."""
    cache = BuildCache()
    graph = load(f"32x32x3 -> {item}", cache=cache)
    plans = cache.layers(graph.setting).plans.values()
    found = [
        [
            (place, field.name, letters)
            for place, field, letters in sorted(plan.numbers + plan.of_windows, key=lambda number: number.place)
        ]
        for plan in plans
    ]
    assert found == ([] if numbers is None else [numbers])


def test_equal_words_are_looked_up_by_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are one object. An item without a similar one before it is taken apart once more, for their plan."""
    read: list[str] = []
    monkeypatch.setattr(
        "cnncalc.graph.memo.taken_apart", lambda texts: read.append(" ".join(texts)) or taken_apart(texts)
    )
    text = "conv 8 3 p1 -> conv 9 5 p2 -> conv 9 5 p2 -> conv 9 5 p0 -> conv 10 7 p3 -> conv 9 5 p0"
    graph = load(f"32x32x3 -> {text}", cache=BuildCache())
    assert read == ["8 3 p1", "8 3 p1", "9 5 p2", "9 5 p0", "9 5 p0", "10 7 p3"]
    _, second, third, fourth, _, sixth = [node.layer for node in graph.nodes[1:]]
    assert third is second
    assert sixth is fourth


# Texts, their forms, where a mark is in place of each positive value, size, or number after a letter, and their values.
FORMS = (
    ("8 3x3 s1 p1", "# #x# s# p#", [8, "3x3", "s1", "p1"]),
    ("8 k3x5x7 p0", "# k#x#x# p0", [8, "k3x5x7", "p0"]),
    ("8 012 0 0x3", "# 012 0 0x3", [8, "012", 0, "0x3"]),
    ("8 -3 +3 1.5 2e3", "# -3 +3 1.5 2e3", [8, -3, 3, 1.5, 2000.0]),
    ("8 3 relu6 e2xfoo", "# # relu6 e2xfoo", [8, 3, "relu6", "e2xfoo"]),
    ("123456789 1234567890", "# 1234567890", [123456789, 1234567890]),
    ("8 3 same true", "# # same true", [8, 3, "same", True]),
    ("8 3x 3_3 ab3", "# 3x 3_3 ab3", [8, "3x", "3_3", "ab3"]),
    ("[3,5] [3,0] [same,3] '3'", "[#,#] [3,0] [same,3] '3'", [[3, 5], [3, 0], ["same", 3], "3"]),
)


@pytest.mark.parametrize(("texts", "forms", "values"), FORMS)
def test_texts_are_taken_apart(texts: str, forms: str, values: list[object]) -> None:
    found = taken_apart(texts.split())
    assert found == (tuple(forms.split()), values)
    assert [type(value) for value in found[1]] == [type(value) for value in values]


def test_a_list_of_a_text_is_new_each_time() -> None:
    """Nobody who changes it changes that of another item."""
    texts = ["[3, 3]"]
    assert taken_apart(texts)[0] == ("[#, #]",)
    assert taken_apart(texts)[1][0] is not taken_apart(texts)[1][0]


def test_windows_are_shared_by_layers_that_differ_in_filters() -> None:
    """An equal window on equal sizes is one object; another kernel, padding or size has a window of its own."""
    graph = load("9x9x3 -> conv 8 3 p1 s1 -> conv 9 3 p1 s1 -> conv 7 3 p1 s1 -> conv 7 5 p1 s1 -> conv 6 5 p1 s1")
    first, second, third, fourth, fifth = [node.layer.windows(node.shape) for node in graph.nodes[1:] if node.layer]
    assert second[0] is third[0]
    assert [each[0].output for each in (first, second, third, fourth, fifth)] == [9, 9, 9, 5, 3]


def test_a_word_like_a_short_form_has_no_plan() -> None:
    """`k2` is a word of this type, and `k3` a kernel of 3: the same text but for its number."""

    class Worded(Layer):
        mode = choice("its mode", ("linear", "k2"), default="linear")
        kernel = per_axis("its kernel", positional=True, short="k")

    class Plain(Layer):
        mode = choice("its mode", ("linear", "cubic"), default="linear")
        kernel = per_axis("its kernel", positional=True, short="k")

    setting = Setting(CONVENTIONS["formula"], "HWC")
    for kind, is_planned in ((Worded, False), (Plain, True)):
        made = kind(setting, kernel=3)
        plan = plan_of((), made, ("kernel",), ["k3"])
        assert (plan is not None) == is_planned


@pytest.mark.parametrize(
    ("layers", "read"),
    [
        ("conv 8 3 -> conv 9 5 -> conv 10 7", 1),
        ("conv 8 3 -> conv 9 5 -> conv 9 5", 1),
        ("conv 8 3 p1 -> conv 9 5 p2 -> conv 10 7 p0", 2),
        ("conv 8 k3 -> conv 9 k5x5 -> conv 10 kernel=3", 3),
        ("conv 8 kernel=3 -> conv 9 kernel=5 -> conv 10 kernel_size=3", 2),
    ],
)
def test_fields_are_assigned_once_for_similar_items(layers: str, read: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items whose texts differ in positive numbers alone."""
    made: list[object] = []
    monkeypatch.setattr("cnncalc.graph.construct._make", lambda *args: made.append(args) or _make(*args))
    load(f"32x32x3 -> {layers}")
    assert len(made) == read
