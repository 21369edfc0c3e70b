"""One mistake is one message: what a broken item should have made is not reported as unknown; and empty specs."""

from __future__ import annotations

import re

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import SpecError
from cnncalc.graph.field_mistakes import example_of
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.together import for_each

INPUT = "input: 8x8x4\n"


def codes(text: str) -> list[tuple[str, int]]:
    """Code and line of every mistake that is reported."""
    with pytest.raises(SpecError) as refused:
        analyze(text)
    return [(found.code, found.line) for found in refused.value.diagnostics]


ONE_MISTAKE = {
    "parts by number": ("layers:\n  - split 3 name=s\n  - relu from=s.0\n  - add from=[s.1, s.2]\n", "E305", 3),
    "parts by name": ("layers:\n  - split 3 names=[l, m, r]\n  - relu from=l\n  - relu from=r\n", "E305", 3),
    "a wrong field": ("layers:\n  - split 2 names=[l, r] foo=2\n  - relu from=r\noutputs: [l]\n", "E203", 3),
    "parts of an unknown type": ("layers:\n  - spilt 2 name=h\n  - relu from=h.0\n", "E202", 3),
    "parts behind a broken layer": ("layers:\n  - conv 4 9\n  - split 2 name=h\n  - relu from=h.0\n", "E301", 3),
    "parts by an unknown variable": ('layers:\n  - {split: "${z}", name: s}\n  - relu from=s.0\n', "E208", 3),
    "an unnamed part": ("layers:\n  - split 3\n  - relu from=split_1.0\n", "E305", 3),
    "a name with an unknown type": ("layers:\n  - cnov 4 3 name=c\n  - relu from=c\n", "E202", 3),
    "numbers that an unknown type shifts": ("layers:\n  - cnov 4 3\n  - conv 4 3\n  - relu from=conv_2\n", "E202", 3),
    "a layer in a block": (
        "blocks:\n  b: [conv 3, {split: 2, name: s}]\nlayers: [b, relu from=b_1.s.1, relu from=b_1.conv_1]\n", "E205", 3
    ),
    "a block without its parameter": (
        "blocks:\n  b: {parameters: {w: ~}, layers: [relu name=x]}\nlayers:\n  - b\n  - relu from=b_1.x\n", "E205", 5
    ),
    "a block that is none": ("blocks: {b: 3}\nlayers: [b name=q, relu from=q.conv_1, b, relu from=b_2.x]\n", "E209", 2),
    "blocks that are none": ("blocks: 3\nlayers: [b, 'c 3', relu from=b_1.s.1]\n", "E209", 2),
    "a named repeat": (
        "layers:\n  - {layers: [relu name=a], repeat: x, name: g}\n  - relu from=g.0.a\n  - relu from=g.1\n", "E204", 3
    ),
    "an unnamed repeat": (
        "layers:\n  - {layers: [relu name=a, abs], repeat: x}\n  - relu from=a\n  - relu from=abs_1\n", "E204", 3
    ),
    "a condition": ("layers:\n  - {relu: {name: k}, when: 3}\n  - abs from=k\n", "E204", 3),
    "branches": ("layers:\n  - {add: [[relu name=u], [abs name=v]], when: 3}\n  - concat from=[u, v]\n", "E204", 3),
    "a source": ("layers:\n  - relu from=nowhere name=k\n  - abs from=k\n", "E206", 3),
    "shared weights": ("layers:\n  - cnov 4 3 name=k\n  - conv 4 3 share_weights=k\n", "E202", 3),
    "shared weights of a group": (
        "layers:\n  - {layers: [cnov 3], name: g1}\n  - {layers: [conv 4 3], name: g2, share_weights: g1}\n", "E202", 3
    ),
    "a name that cannot be one": ('layers:\n  - {relu: , name: "a b"}\n  - abs from="a b"\n', "E204", 3),
    "a name with an expression": (
        'layers:\n  - {cnov: 3, name: "s${i}", repeat: 1}\n  - {relu: {from: s0}}\n', "E208", 3
    ),
    "an empty item": ("layers:\n  - conv 4 3\n  -\n  - relu from=conv_2\n", "E209", 4),
    "an item inside a wrapper": ("layers:\n  - time_distributed(cnov 3) name=t\n  - relu from=t\n", "E202", 3),
    "a variable": ('variables: {x: "${y}", z: "${x}"}\nlayers: ["conv ${x} 3", "dense ${x*z}"]\n', "E208", 2),
    "variables that are none": ('variables: 3\nlayers: ["conv ${x} 3"]\nexpect: {output: "${x}"}\n', "E209", 2),
    "layers that are none": ("layers: {a: 3}\noutputs: [conv_1]\n", "E209", 2),
}  # fmt: skip


@for_each(("text", "code", "line"), ONE_MISTAKE.values(), ids=ONE_MISTAKE)
def test_a_broken_item_is_one_message(text: str, code: str, line: int) -> None:
    """Names, parts, numbers and variables that a broken item should have made are not reported again."""
    assert codes(INPUT + text) == [(code, line)]


@pytest.mark.parametrize("text", ["input: {}\nlayers: [relu from=image]\n", "input: [a, b]\nlayers: [relu from=a]\n"])
def test_inputs_without_names_are_one_message(text: str) -> None:
    """Where no input's name could be read, none is unknown."""
    assert len(codes(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layers:\n  - split 3 name=s\n  - relu from=t.0\n", [("E305", 3), ("E206", 4)]),
        ("layers:\n  - cnov 3 name=s\n  - relu from=sx\n", [("E202", 3), ("E206", 4)]),
        ("layers:\n  - conv 4 9\n  - relu from=dense_1\n", [("E301", 3), ("E206", 4)]),
        ('variables: {x: "${y}"}\nlayers: ["conv ${w} 3"]\n', [("E208", 2), ("E208", 3)]),
    ],
)
def test_an_independent_mistake_is_still_reported(text: str, expected: list[tuple[str, int]]) -> None:
    """A name that nothing broken could have made is unknown."""
    assert codes(INPUT + text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "42\n",
        "3x3x3\n",
        "input: 3\nlayers: []\n",
        "input: 3\nlayers:\n",
        "input: 8x8x3\nlayers: [{relu: , when: false}]\n",
        "input: 8x8x3\nlayers: [{layers: [relu], repeat: 0}]\n",
        "input: 8x8x3\nblocks: {b: []}\nlayers: [b, b]\n",
    ],
)
def test_a_spec_without_layers_is_an_error(text: str, tmp_path: object) -> None:
    """An input alone is no network, however its layers came to be left out."""
    path = tmp_path / "net.yaml"  # type: ignore[operator]
    path.write_text(text)
    with pytest.raises(SpecError) as refused:
        analyze(path)
    (found,) = refused.value.diagnostics
    assert (found.code, "identity" in found.hint) == ("E205", True)
    assert "has no layers" in found.message or "`layers` is empty" in found.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("null", "nothing"), ("~", "nothing"), ("true", "true"), ("1.5", "a number"), ("-3", "a number"),
        ('"42"', "a text"), ("2026-01-01", "a text"), ("[]", "a list"), ("- conv 3 3", "a list"),
    ],
)  # fmt: skip
def test_what_is_no_mapping_is_named(text: str, kind: str, tmp_path: object) -> None:
    """A file of one value says which kind of value it is."""
    path = tmp_path / "net.yaml"  # type: ignore[operator]
    path.write_text(text)
    with pytest.raises(SpecError) as refused:
        analyze(path)
    (found,) = refused.value.diagnostics
    assert (found.code, found.message) == ("E209", f"a spec is a mapping with an input and layers, got {kind}")


NEEDING = [kind for kind in load_all().values() if any(field.required for field in kind.fields.values())]


@for_each("kind", NEEDING, ids=lambda kind: kind.type)
def test_the_example_of_a_missing_field_is_of_its_type(kind: type[Layer]) -> None:
    """What a hint offers for a layer without its fields is that layer."""
    assert re.match(rf"{kind.type}\b", example_of(kind))


def test_a_network_may_give_its_input() -> None:
    """`identity`, and a merge of nothing but its input, are layers."""
    assert analyze("8x8x3 -> identity").outputs[0].shape == (8, 8, 3)
    assert analyze({"input": "8x8x3", "layers": [{"add": [[], []]}]}).outputs[0].shape == (8, 8, 3)
