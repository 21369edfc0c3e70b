"""Layers that a long text spells out: they are read as the YAML parsers read them, place by place."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc import SpecError, analyze
from cnncalc.diagnostics import Source
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.spelt_layers import LEAST_LINES, SpeltLayer, field_value, set_apart
from cnncalc.reading.yaml_reader import read_yaml
from tests.reading.test_properties import with_places
from tests.together import for_each

COMMENTS = "#\n" * LEAST_LINES
LONG, WHOLE = f"#.\n{COMMENTS}", f"#&\n{COMMENTS}"
"""Lines that make a text long, and as many that have the parser read all of it, as the sign of an anchor does."""


def layers_in(text: str) -> list[SpeltLayer]:
    """The layers that are read without the parser, in the order of the text."""
    root, _ = read_yaml(Source("t", LONG + text))
    found: list[SpeltLayer] = []
    waiting: list[SpecNode | None] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SpeltLayer):
            found.append(node)
        elif isinstance(node, Sequence):
            waiting += reversed(node.items)
        elif isinstance(node, Mapping):
            waiting += [value for _, value in reversed(node.entries.values())]
    return found


@for_each(
    ("text", "fields"),
    [
        ("- conv: {filters: 8, kernel: [3, 3]}", [{"filters": "8", "kernel": "[3, 3]"}]),
        ("- Conv2D: { filters: 8 }  # note\n- nn.ReLU: {a: -.5}\n", [{"filters": "8"}, {"a": "-.5"}]),
        ("a:\n  - conv: {a: \"x, y}\", b: '#'}\r\n\r\n  - relu\r\n", [{"a": '"x, y}"', "b": "'#'"}]),
        ("- conv:\n    filters: 8\n    kernel:  [3,3]\n- relu", [{"filters": "8", "kernel": "[3,3]"}]),
        ("a:\n- conv:\r\n     filters: same\r\nb: 1", [{"filters": "same"}]),
        ("- add:\n  - [relu]\n  - - relu\n    - conv: {a: 1}\n", [{"a": "1"}]),
        ("- k3:   {k3: 3, 3k3: [k3,3, k3]}", []), ("- k3: {k3: 3, b: [k3,3, k3]}", [{"k3": "3", "b": "[k3,3, k3]"}]),
        ("- conv: {}", []), ("- conv: {a: 1, a: 2}", []), ("- conv: {a: ~}", []), ("- conv: {a: {b: 1}}", []),
        ("- conv: {a: (1, 2)}", []), ('- conv: {a: "\\n"}', []), ("- conv: {a: ''''}", []), ('- conv: {a: "b: 1"}', []),
        ("- conv: {a: [[1], 2]}", []), ("- conv: {a: ['1']}", []), ("- conv: {é: 1}", []), ("- conv: {a:\t1}", []),
        ("- conv: {a: 1}\n  name: b", []), ("- conv: {a: 1}\n    # note\n- relu", []), ("- conv: {a: 1,\n   b: 2}", []),
        ("- conv:\n    a: 1\n  name: b", []), ("- conv:\n    a: 1\n\n    b: 2", []), ("- conv:\n    a: 1 2", []),
        ("- conv:\n    a: 1 # note\n    b: 2", []), ("- conv:\n    a: 1\n     b: 2", []), ("- conv:\n  a: 1", []),
        ("a: |\n  - conv: {a: 1}\n", []), ('a: "\n  - conv: {a: 1}"\n', []), ("a: 'b\n\n  - conv: {a: 1}'\n", []),
        ("a: &b 1\nc:\n  - conv: {a: 1}\n", []),
    ],
)  # fmt: skip
def test_layers_that_need_no_parser(text: str, fields: list[dict[str, str]]) -> None:
    """Plain and quoted words, and lists of words, in braces or on lines; the rest is left to the parser."""
    assert [layer.fields for layer in layers_in(text)] == fields
    read_alike(text)


@for_each(
    ("written", "value"),
    [
        ("8", 8), ("0.5", 0.5), ("true", True), ("same", "same"), ("'8'", "8"), ('"a b"', "a b"), ("''", ""),
        ("[3]", [3]), ("[3, x3,0.5]", [3, "x3", 0.5]),
    ],
)  # fmt: skip
def test_the_value_of_a_field(written: str, value: object) -> None:
    found = field_value(written)
    assert found == value
    assert type(found) is type(value)


def test_a_short_text_is_left_to_the_parser() -> None:
    text = "- conv: {a: 1}\n"
    for lines, count in ((LEAST_LINES - 1, 0), (LEAST_LINES, 1)):
        source = Source("t", "#\n" * (lines - 1) + text)
        assert len(set_apart(source, source.text)[1]) == count


def read_alike(text: str, limits: Limits = Limits()) -> None:  # noqa: B008
    """Both ways of reading a long text give the same nodes at the same places, or the same mistakes."""
    for parser in ("c", "python"):
        layers, others = (read_yaml(Source("t", lines + text), limits, parser=parser) for lines in (LONG, WHOLE))
        assert with_places(layers[0]) == with_places(others[0])
        assert [str(each) for each in layers[1]] == [str(each) for each in others[1]]


FIELDS = ["filters: 8", "kernel: [3, 3]", "name: conv_0", "p: -1", "r: 0.5e-3", 'q: "b, c"', "t: '}'", 'u: "${n}"']
HOSTILE_FIELDS = [
    "a: ~", "a:1", "a: - 1", "a: é", "a: [1, [2]]", "a: {b: 1}", "a: (1, 2)", 'a: "\\t"', "a: 'it''s'", "a : 1",
    "a: 1 # no", "a: *b", "a: !!str 1", "<<: 1", "a:  1 ", "a: \x85", "a: \u2028x", "a", "a: 1\r", '"a": 1', "a: b: c",
]  # fmt: skip
FORMS = [("- conv: {", ", ", "}"), ("- nn.a: { ", ", ", " } # note"), ("- conv:\n      ", "\n      ", "")]
HOSTILE_FORMS = [
    ("- conv: {", ",", "}"), ("- conv: {", ",\n     ", "}"), ("- conv:\n    ", "\r\n    ", ""),
    ("- - conv: {", ", ", "}"), ("? - a: {", ", ", "}"), ("conv: {", ", ", "}"), ("- conv: {", ", ", ""),
    ("- conv: {", ", ", "}# note"),
    ("- conv: {", ", ", "},"), ("- conv: {", ", ", "} x"), ("- conv: {", ", ", "}\r"), ("- conv: {", ", ", "}\t"),
    ("- conv:\n      ", "\n     ", ""), ("- conv:\n      ", "\n\n      ", ""), ("- layers: {", ", ", "}"),
]  # fmt: skip
LINES = ["- relu", "- conv 8 3x3", "layers:", "# note", ""]
HOSTILE_LINES = [
    "a: |", "a: >-", "- 'x", '- "x', "'", '"', "---", "...", "x", ": 1", "? x", "[", "]", "{", "}", "a: [", "- [",
    "- a: b", "!!seq", "- |2", "-", "- -", "layers: !!seq", "\t- relu", "      - relu", "    name: a",
]  # fmt: skip


def often(usual: list[str] | list[tuple[str, str, str]], hostile: object) -> st.SearchStrategy[object]:
    """A usual choice ten times out of eleven."""
    assert isinstance(hostile, list)
    return st.integers(0, 10).flatmap(lambda number: st.sampled_from(usual if number else hostile))


layers = st.builds(
    lambda form, fields: form[0] + form[1].join(fields) + form[2],
    often(FORMS, HOSTILE_FORMS), st.lists(often(FIELDS, HOSTILE_FIELDS), min_size=1, max_size=3),
)  # fmt: skip
lines = st.builds(
    lambda indent, line: f"{indent}{line}", often(["  "], ["", "    ", " "]), layers | often(LINES, HOSTILE_LINES)
)
texts = st.builds(
    lambda first, rest, end: end.join([first, *rest]),
    often(["layers:"], ["", *HOSTILE_LINES]), st.lists(lines, max_size=6), st.sampled_from(["\n", "\n", "\r\n"]),
)  # fmt: skip


@given(texts)
@example("layers:\n  - conv: {filters: 8}\n    name: a\n  - conv: {filters: 8}")
@example("- conv: {filters: 8}\n: x\n- relu")
@example("- conv: {filters: 8}\n\n    - relu")
@example("? \n  - conv: {filters: 8}\n: x")
@example("- [\n- conv: {a: 1}\n]")
@example("--- |\n - conv: {a: 1}\n")
def test_layers_are_read_as_the_parsers_read_them(text: str) -> None:
    read_alike(text)


@for_each("nesting", [1, 2, 3, 4, 5])
def test_the_levels_of_a_layer_count(nesting: int) -> None:
    """A list of layers has four levels where a field holds a list, and three elsewhere."""
    read_alike("a:\n  - conv: {a: 1}\n", Limits(nesting=nesting))
    read_alike("- conv: {a: [1, 2]}\n", Limits(nesting=nesting))


def test_a_node_of_a_layer_is_made_once() -> None:
    (layer,) = layers_in("- conv: {filters: 8, name: a}")
    assert layer.get("conv") is layer.get("conv")
    assert [key.text for key, _ in layer.placed_fields()] == ["filters", "name"]
    key, value = layer.placed_fields()[1]
    assert isinstance(value, Scalar)
    assert (key.text, value.text, value.span.column) == ("name", "a", 28)


ITEMS = (
    "- conv: {filters: 8, kernel: [3, 3], name: first}",
    "- add: {from: [first, first], name: sum}",
    "- time_distributed: {layer: relu, from: film}",
    "- bidirectional: {layer: lstm, units: 3, from: flat, merge_mode: concat}",
    "- conv: {filters: 9, kernel: 3x3, padding: same, activation: relu, trainable: false}",
    '- conv: {filters: "${8 * n}", kernel: 1}',
    "- Conv2D: {filters: 4, kernel_size: 3, strides: 2, use_bias: false, from: first}",
    "- conv:\n      filters: 8\n      kernel: [1, 3]\n      name: '012'",
    "- Conv2d: {out_channels: 4, kernel_h: 1, kernel_w: 3}",
    "- lstm: {units: 4, activation: tanh, from: flat}",
    "- pair: {n: 4, name: both, from: first}",
    "- time_distributed: {layer: conv 2 1x1, from: film}",
    "- activation: {type: relu}",
    "- concat: {from: [first, sum]}",
    "- conv: {filters: 8, kernel: 3, repeat: 2, padding: 1, name: twice}",
    "- conv: {filters: 8, kernel: 0}",
    "- conv: {filters: 8, kernel: 3, strode: 2, name: third}",
    "- conv: {filters: 8, kernel: 3, name: first}",
    "- conv: {filters: 8, kernel: 3, from: nowhere}",
    "- layers: {a: 1}",
    "- name: {a: 1}",
    "- con: {filters: 8}",
    "- conv: {filters: 8, kernel: 99}",
)
"""Items of all kinds, the last of them broken."""


@pytest.mark.parametrize("item", ITEMS)
def test_layers_are_built_as_they_are_elsewhere(item: str) -> None:
    """The report and the mistakes of an item, met twice, do not depend on how it is read."""
    told_alike(item, item)


@pytest.mark.parametrize(
    ("item", "other"),
    [
        ("conv: {filters: 8, kernel: [3, 3]}", "conv: {filters: 9, kernel: [1, 5]}"),
        ("conv: {filters: 8, kernel: 3, padding: 1}", "conv: {filters: 8, kernel: 3, padding: 0}"),
        ("conv: {filters: 8, kernel: 3}", "conv: {filters: 8, kernel: '3'}"),
        ("conv: {filters: 8, kernel: 3}", "conv: {filters: 0, kernel: 3}"),
        ("conv: {filters: 8, kernel: [3, 3]}", "conv: {filters: 8, kernel: [99, 3]}"),
        ("conv: {filters: 8, kernel: 3x1, stride: s2}", "conv: {filters: 8, kernel: 1x3, stride: s1}"),
        ("Conv2d: {kernel_h: 1, kernel_w: 3, out_channels: 4}", "Conv2d: {kernel_h: 2, kernel_w: 1, out_channels: 5}"),
        (
            "Conv2d: {in_channels: 3, out_channels: 4, kernel: 1}",
            "Conv2d: {in_channels: 4, out_channels: 4, kernel: 1}",
        ),
        ("conv: {filters: 8, kernel: 3, bias: false}", "conv: {filters: 8, kernel: 3, bias: true}"),
        ("dropout: {rate: 0.5}", "dropout: {rate: 1.5}"),
        ("max_pool: {kernel: 2, round_mode: 1}", "max_pool: {kernel: 2, round_mode: 2}"),
        ("Pooling: {pool: AVE, kernel_size: 2}", "Pooling: {pool: MAX, kernel_size: 2}"),
        ("reshape: {shape: [16, 16, 9]}", "reshape: {shape: [16, 16, 8]}"),
        ("conv: {filters: 8, kernel: 3, name: a}", "conv: {filters: 8, kernel: 3, name: b}"),
    ],
)
def test_similar_layers_are_built_as_they_are_elsewhere(item: str, other: str) -> None:
    """Layers that differ in their numbers share a plan where a field allows it."""
    told_alike(f"- {item}", f"- {other}")
    told_alike(f"- {other}", f"- {item}")


def told_alike(*items: str) -> None:
    rows = "".join(f"  {each}\n" for each in (*ITEMS[:2], *items, *items))
    head = (
        "input: {image: 16x16x3, film: 5x8x8x3, flat: 5x3}\nvariables: {n: 2}\n"
        "blocks: {pair: {parameters: {n: ~}, layers: [{conv: {filters: '${n}', kernel: 1}}]}}\nlayers:\n"
    )
    assert told(f"{LONG}{head}{rows}") == told(f"{WHOLE}{head}{rows}")


def told(text: str) -> object:
    """The report of a text, or its mistakes."""
    try:
        return analyze(text).to_dict()
    except SpecError as error:
        return [each.to_dict() for each in error.diagnostics]
