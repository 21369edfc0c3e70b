"""The amounts that a build counts against its limits, and the number of mistakes after which it ends."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import _held
from cnncalc.graph.work import LayerCount, LimitReached, Work
from cnncalc.reading.limits import LONGEST_NAME, Limits
from tests.graph.facts import mistakes_of

VALUES = ", ".join(f"v{number}: 1" for number in range(17))
AMOUNTS = (
    # An item counts as one turn where it is read, and as one for each use; the names are those of all nodes.
    ("9x9x3 -> relu -> relu", {"layers": 2, "turns": 4, "connections": 2, "name_characters": 5 + 2 * 6}),
    ("input: 9x9x3\nlayers: [{relu: ~, repeat: 3}]", {"layers": 3, "turns": 1 + 3, "connections": 3}),
    ("9x9x4 -> (relu)*3", {"layers": 3, "turns": 1 + 3 * (1 + 2), "connections": 3}),
    ("input: 9x9x3\nlayers: [{layers: [relu, relu], name: g}]", {"layers": 2, "turns": 2 + 2 * 2, "connections": 2}),
    # a copy of a block's instance counts what the first one did
    ("input: 9x9x3\nblocks: {b: [relu]}\nlayers: [b]", {"layers": 1, "turns": 2 + 2, "connections": 1}),
    ("input: 9x9x3\nblocks: {b: [relu]}\nlayers: [b, b]", {"layers": 2, "turns": 2 * (2 + 2), "connections": 2}),
    # the parameters that an instance gets count as characters
    ("input: 9x9x3\nblocks: {b: {parameters: {w: ~}, layers: [relu]}}\nlayers: [b 5]", {"evaluated": len("{'w': 5}")}),
    # an output of several is one layer, stacked layers are as many, and a named input counts twice
    ("9x9x4 -> split 4", {"layers": 4, "turns": 2, "connections": 1}),
    ("9x4 -> lstm 3 layers=2", {"layers": 2, "turns": 2, "connections": 1}),
    ("9x9x4 -> add(relu | identity)", {"layers": 3, "turns": 3 * 2, "connections": 2 + 2}),
    ("9x9x4 -> relu name=a -> relu from=a -> add from=[a, a]", {"layers": 3, "connections": 1 + 2 * 1 + 2 * 2}),
    # each turn of a repeat counts its values, eight as one; an expression counts what it
    # sees, and its characters for the look-up of an equal layer and for the layer
    (f"input: 9x9x3\nvariables: {{{VALUES}}}\nlayers: [{{relu: ~, repeat: 3}}]", {"evaluated": 3 * 2}),
    ("input: 9x9x3\nvariables: {n: 5}\nlayers: ['conv ${n} 1']", {"evaluated": len("[5]") + 2 * len("n")}),
)


@pytest.mark.parametrize(("text", "amounts"), AMOUNTS)
def test_what_a_text_counts(text: str, amounts: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Work] = []
    begin = Work.__init__

    def beginning(self: Work, *args: Any) -> None:
        begin(self, *args)
        begun.append(self)

    monkeypatch.setattr(Work, "__init__", beginning)
    load(text)
    assert {what: begun[0].spent[what] for what in amounts} == amounts


def test_a_build_ends_after_500_mistakes() -> None:
    """The one after them is reported, and nothing after it is built."""
    assert len(mistakes_of(f"input: 9x9x3\nlayers: [{', '.join(['[]'] * 505)}]")) == 501


@pytest.mark.parametrize(("turn", "found"), [(9, ["E204", "E208"]), (10, ["E204"])])
def test_a_repeat_ends_after_ten_turns_with_mistakes(turn: int, found: list[str]) -> None:
    """The tenth turn, whose `i` is 9, divides by zero; the eleventh is not built."""
    layers = f"conv -1 1, 'conv ${{6 // ({turn} - i) + 7}} 1'"
    mistakes = mistakes_of(f"input: 9x9x3\nlayers: [{{repeat: 12, layers: [{layers}]}}]")
    assert [place.partition(" ")[2] for place, _, _ in mistakes] == found


def test_a_variant_counts_ten_layers_beside_its_own() -> None:
    """An input and two layers for each build."""
    built = LayerCount()
    load("9x9x3 -> relu -> relu", built=built)
    load("9x9x3 -> relu -> relu", built=built)
    assert built.layers == 2 * (3 + 10)


@pytest.mark.parametrize(
    ("value", "most", "held"),
    [
        (5, 9, 1),
        ("word", 9, 1),
        ([], 9, 1),
        ([1, [2, 3]], 9, 5),  # both lists and three numbers
        ({"a": 1, "b": (2, 3)}, 9, 5),
        ([{"a": [1]}], 9, 4),
        ([0] * 100, 9, 10),  # more than nine: not counted to the end
        ([0] * 8, 9, 9),
    ],
)
def test_the_number_of_values_that_a_value_holds(value: object, most: int, held: int) -> None:
    assert _held(value, most) == held


PLACE = Span(Source("a.yaml", "relu"), 0, 4)


def test_an_amount_may_be_as_large_as_its_limit() -> None:
    """What is only allowed is not counted."""
    found: list[Diagnostic] = []
    work = Work(Limits(layers=5), found.append)
    assert (LayerCount().layers, work.spent["layers"], work.spent["turns"]) == (0, 0, 0)
    work.spend("layers", 3, PLACE)
    work.allows("layers", 2, PLACE)
    assert work.spent["layers"] == 3
    work.spend("layers", 2, PLACE)
    assert not found
    with pytest.raises(LimitReached):
        work.allows("layers", 1, PLACE)
    assert [each.message for each in found] == ["the model has too many layers after expansion: 6; the limit is 5"]
    with pytest.raises(LimitReached):
        Work(Limits(layers=5), found.append, 4).spend("layers", 2, PLACE)


def test_the_longest_name() -> None:
    """Its first 40 characters are shown."""
    found: list[Diagnostic] = []
    work = Work(Limits(), found.append)
    work.name("a" * LONGEST_NAME, PLACE)
    assert not found
    with pytest.raises(LimitReached):
        work.name("b" * 40 + "a" * (LONGEST_NAME - 39), PLACE)
    assert found[0].message.endswith(f": {'b' * 40}…")


def test_the_names_that_a_reference_could_mean() -> None:
    """The innermost first; a name after a dot is a full name."""
    outer = Scope({"n": 1})
    inner = outer.inner(name="a").inner(name="b", values={"i": 2}).inner(name="c")
    assert list(inner.candidates("x")) == ["a.b.c.x", "a.b.x", "a.x", "x"]
    assert list(inner.candidates(".x"))[-1] == "x"
    assert list(outer.candidates("x")) == ["x"]
    assert (inner.path, inner.values) == (("a", "b", "c"), {"n": 1, "i": 2})


def test_the_numbers_of_unnamed_layers() -> None:
    """They count from 1 for each type; a scope with a name has its own."""
    outer = Scope({})
    same, own = outer.inner(values={"i": 0}), outer.inner(name="a")
    assert [outer.next_name("relu"), same.next_name("relu"), same.next_name("conv")] == ["relu_1", "relu_2", "conv_1"]
    assert own.next_name("relu") == "relu_1"
    assert (own.prefix, same.prefix, same.path) == ("a.", "", ())
