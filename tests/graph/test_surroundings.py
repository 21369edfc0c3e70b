"""The surroundings of an item: names in sight, counters, amounts against their limits, variables."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError
from cnncalc.graph.scope import Scope
from cnncalc.graph.work import LimitReached, Work
from cnncalc.reading.limits import LONGEST_NAME, Limits
from tests.together import for_each

HERE = Span(Source("a.yaml", "text"), 0, 4)


def test_names_in_sight() -> None:
    """From the innermost block outwards; a name after a dot is a full name."""
    inner = Scope({}).inner(name="a").inner(name="b").inner()
    assert (inner.prefix, inner.path) == ("a.b.", ("a", "b"))
    assert list(inner.candidates("x")) == ["a.b.x", "a.x", "x"]
    assert list(inner.candidates(".x"))[-1] == "x"
    assert list(Scope({}).candidates("x")) == ["x"]


def test_numbers_of_unnamed_layers() -> None:
    """A group without a name goes on counting, a named one counts for itself."""
    outer = Scope({})
    assert [outer.next_name("conv"), outer.inner().next_name("conv"), outer.next_name("relu")] == [
        "conv_1", "conv_2", "relu_1",
    ]  # fmt: skip
    assert outer.inner(name="a").next_name("conv") == "conv_1"
    assert outer.next_name("conv") == "conv_3"


def test_values_in_sight() -> None:
    """A group adds to the values around it; a block sees its parameters and the variables, not its caller's values."""
    outer = Scope({"width": 3})
    group = outer.inner(values={"i": 0})
    block = group.instance("b", {"depth": 2}, {"width": 3})
    assert (group.values, block.values) == ({"width": 3, "i": 0}, {"width": 3, "depth": 2})
    outer.trainable, outer.buffers, outer.twin = False, True, ("a.", "b.", HERE)
    inside = outer.inner(name="c")
    assert (inside.trainable, inside.buffers, inside.twin) == (False, True, ("a.", "b.", HERE))


def test_amounts_and_their_limits() -> None:
    """The limit itself is allowed; what is only asked for is not counted; what earlier variants made is."""
    reports: list[Diagnostic] = []
    assert set(Work(Limits(), reports.append).spent.values()) == {0}
    work = Work(Limits(layers=5), reports.append, layers_before=1)
    work.spend("layers", 4, HERE)
    with pytest.raises(LimitReached):
        work.spend("layers", 1, HERE)
    other = Work(Limits(layers=5), reports.append)
    other.allows("layers", 5, HERE)
    other.spend("layers", 5, HERE)
    with pytest.raises(LimitReached):
        other.allows("layers", 1, HERE)
    assert [found.code for found in reports] == ["E103", "E103"]


def test_the_longest_name() -> None:
    reports: list[Diagnostic] = []
    work = Work(Limits(), reports.append)
    work.name("a" * LONGEST_NAME, HERE)
    assert work.spent["name_characters"] == LONGEST_NAME
    with pytest.raises(LimitReached):
        work.name("a" * (LONGEST_NAME + 1), HERE)
    assert reports[0].message.endswith(f": {'a' * 40}…")


SPEC = {"input": "8x8x3", "variables": {"width": 4, "twice": "${2*width}"}, "layers": ["conv ${twice} 3"],
        "variants": {"wide": {"width": 8}, "odd": 3}}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "channels"),
    [({}, 8), ({"variables": {"width": 5}}, 10), ({"variables": {"twice": 7}}, 7)],
)
def test_variables(changes: dict[str, Any], channels: int) -> None:
    """Each can use those before it; the caller's count first."""
    assert load(SPEC, **changes).nodes[-1].shape == (6, 6, channels)


@for_each(
    ("spec", "options", "message", "hint"),
    [
        (SPEC, {"variables": {"widht": 5}}, 'the spec has no variable "widht"', 'did you mean "width"?'),
        (SPEC, {"variables": {"xyz": 5}}, 'the spec has no variable "xyz"', "it has width, twice"),
        ("8x8x3 -> relu", {"variables": {"xyz": 5}}, 'the spec has no variable "xyz"', "it has none"),
        ({**SPEC, "variables": [1]}, {}, "`variables` needs a mapping, got a list", ""),
        ({**SPEC, "variants": [1]}, {}, "`variants` needs a mapping, got a list", ""),
        ({**SPEC, "variables": {"width": "${depth}"}}, {}, 'unknown name "depth" in an expression',
         "no variables are defined"),
        ({**SPEC, "variables": {"width": 4, "b": "${widht}"}}, {}, 'unknown name "widht" in an expression',
         'did you mean "width"?'),
    ],
)  # fmt: skip
def test_mistakes_of_variables(spec: Any, options: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(spec, **options)
    assert (caught.value.diagnostics[0].message, caught.value.diagnostics[0].hint) == (message, hint)


@pytest.mark.parametrize(
    ("variant", "message", "hint"),
    [
        ("wide", None, ""),
        ("wid", 'the spec has no variant "wid"', 'did you mean "wide"?'),
        ("xyz", 'the spec has no variant "xyz"', "it has wide, odd"),
        ("odd", 'variant "odd" needs a mapping of variables to values, got a text', "write for example {width: 64}"),
    ],
)
def test_variants(tmp_path: Any, variant: str, message: str | None, hint: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(
        "input: 8x8x3\nvariables: {width: 4}\nvariants: {wide: {width: 8}, odd: 3}\nlayers: ['conv ${width} 3']\n",
        encoding="utf-8",
    )
    if message is None:
        assert load(f"{path}:{variant}").nodes[-1].shape == (6, 6, 8)
        return
    plain = tmp_path / "plain.yaml"
    plain.write_text("input: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(f"{plain}:{variant}")
    assert caught.value.diagnostics[0].hint == "it has none"
    with pytest.raises(SpecError) as caught:
        load(f"{path}:{variant}")
    assert (caught.value.diagnostics[0].message, caught.value.diagnostics[0].hint) == (message, hint)


@pytest.mark.parametrize(("nesting", "fits"), [(3, True), (2, False)])
def test_how_deep_blocks_may_use_each_other(nesting: int, fits: bool) -> None:
    """Three blocks, one inside of the other, are nested three deep."""
    spec = {"input": "8x8x3", "blocks": {"a": ["relu"], "b": ["a"], "c": ["b"]}, "layers": ["c"]}
    if fits:
        assert load(spec, limits=Limits(nesting=nesting)).nodes[-1].name == "c_1.b_1.a_1.relu_1"
        return
    with pytest.raises(SpecError) as caught:
        load(spec, limits=Limits(nesting=nesting))
    assert caught.value.diagnostics[0].code == "E103"
    assert "nested" in caught.value.diagnostics[0].message


@pytest.mark.parametrize(("wrong", "reported"), [(500, 500), (501, 501), (600, 501)])
def test_mistakes_beyond_number(wrong: int, reported: int) -> None:
    """After more than five hundred nothing more is built."""
    with pytest.raises(SpecError) as caught:
        load({"input": "8x8x3", "layers": [f"relu slope=-{number + 1}" for number in range(wrong)]})
    assert len(caught.value.diagnostics) == reported
