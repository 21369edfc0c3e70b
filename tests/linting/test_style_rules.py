"""The style rules: what they find in texts of every form, and that their fixes change the text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.linting.api import lint
from cnncalc.linting.discovery import Target
from cnncalc.linting.fixing import fix
from cnncalc.linting.settings import Settings

SPECS = sorted(Path(__file__).parents[2].joinpath("specs").glob("*.yaml"))
INPUT = "input: 8x8x4\n"


def fixed(text: str, *codes: str) -> str:
    """A text after the fixes of some rules, which leave its network as it is."""
    done = fix(Target("net.yaml", text), Settings(codes).plan_for("net.yaml"))
    assert done.problem == ""
    return done.after.decode()


def found(text: str, code: str) -> list[tuple[int, int, str]]:
    """Line, column and sentence of what a rule finds."""
    return [(each.line, each.column, each.message) for each in lint(text, select=[code]) if each.code == code]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("8x8x4 -> Conv2D 4 3x3", "8x8x4 -> conv2d 4 3x3"),
        ("8x8x4 -> conv out_channels=4 kernel_size=3", "8x8x4 -> conv filters=4 kernel=3"),
        ("8x8x4 -> torch.nn.MaxPool2d 2", "8x8x4 -> max_pool2d 2"),
        (f"{INPUT}layers:\n  - Conv2d: {{out_channels: 4, kernel: 3}}  # as in PyTorch\n",
         f"{INPUT}layers:\n  - conv2d: {{filters: 4, kernel: 3}}  # as in PyTorch\n"),
        (f"{INPUT}layers:\n  - conv:\n      filters: 4\n      kernel_size: 3\n",
         f"{INPUT}layers:\n  - conv:\n      filters: 4\n      kernel: 3\n"),
        (f"{INPUT}layers:\r\n  - fc 4\r\n", f"{INPUT}layers:\r\n  - dense 4\r\n"),
        (f"{INPUT}layers:\n  - {{repeat: 2, layers: [Conv2d 4 1x1]}}\n",
         f"{INPUT}layers:\n  - {{repeat: 2, layers: [conv2d 4 1x1]}}\n"),
        (f"{INPUT}layers:\n  - add: [[Conv2d 4 1x1], ~]\n", f"{INPUT}layers:\n  - add: [[conv2d 4 1x1], ~]\n"),
        (f"{INPUT}blocks: {{b: [Conv2d 4 1x1]}}\nlayers: [b]\n",
         f"{INPUT}blocks: {{b: [conv2d 4 1x1]}}\nlayers: [b]\n"),
        ("8x8x4 -> add(Conv2d 4 1x1 | identity)", "8x8x4 -> add(conv2d 4 1x1 | identity)"),
    ],
)  # fmt: skip
def test_aliases_are_replaced_where_they_stand(before: str, after: str) -> None:
    assert fixed(before, "S103") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("8x8x4 -> conv 4 3x3 s1 p1", "8x8x4 -> conv 4 3x3 p1"),
        ("8x8x4 -> conv 4 3x3 stride=1 bias=true relu", "8x8x4 -> conv 4 3x3 relu"),
        ("8x8x4 -> conv 4 3x3 stride=1 -> relu", "8x8x4 -> conv 4 3x3 -> relu"),
        ("8x8x4 -> add(conv 4 3x3 p1 d1 | identity)", "8x8x4 -> add(conv 4 3x3 p1 | identity)"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4, stride: 1, kernel: 3}}  # three\n",
         f"{INPUT}layers:\n  - conv: {{filters: 4, kernel: 3}}  # three\n"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4, kernel: 3, stride: 1}}\n",
         f"{INPUT}layers:\n  - conv: {{filters: 4, kernel: 3}}\n"),
        (f"{INPUT}layers:\n  - conv:\n      filters: 4\n      stride: 1\n      kernel: 3\n",
         f"{INPUT}layers:\n  - conv:\n      filters: 4\n      kernel: 3\n"),
        (f"{INPUT}layers:\r\n  - conv:\r\n      filters: 4\r\n      kernel: 3\r\n      stride: 1\r\n",
         f"{INPUT}layers:\r\n  - conv:\r\n      filters: 4\r\n      kernel: 3\r\n"),
        (f"{INPUT}layers:\n  - conv:\n      filters: 4\n      kernel: 3\n      stride: 1",
         f"{INPUT}layers:\n  - conv:\n      filters: 4\n      kernel: 3\n"),
    ],
)  # fmt: skip
def test_defaults_are_left_out(before: str, after: str) -> None:
    assert fixed(before, "S104") == after


@pytest.mark.parametrize(
    "text",
    [
        f"{INPUT}layers:\n  - conv:\n      filters: 4\n      stride: 1  # not 2, as before\n      kernel: 3\n",
        f'{INPUT}layers:\n  - "conv 4 3x3 stride=1\\tp1"\n',  # escaped: its letters are not those of the file
    ],
    ids=["a comment would go with it", "escaped"],
)
def test_what_cannot_be_left_out_safely_is_told_alone(text: str) -> None:
    """The finding stays, and has no fix."""
    (finding,) = (each for each in lint(text, select=["S104"]) if each.code == "S104")
    assert finding.fix is None
    assert fixed(text, "S104") == text


@pytest.mark.parametrize(
    "text",
    [
        "8x8x4 -> flatten -> dropout 0.5",  # by its position
        "8x8x4 -> max_pool 2 s2",  # the stride's default is the kernel, whatever that is
        f"{INPUT}variables: {{s: 1}}\nlayers: ['conv 4 3x3 stride=${{s}}']\n",
        f"{INPUT}blocks: {{b: {{parameters: {{stride: 1}}, layers: ['conv 4 3x3']}}}}\nlayers: [b stride=1]\n",
    ],
    ids=["position", "unset", "expression", "block"],
)
def test_what_is_no_default_of_a_layer_type(text: str) -> None:
    assert found(text, "S104") == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{INPUT}layers: [conv 4 1x1, conv 4 1x1, {{add: {{from: [conv_1, conv_2]}}}}]\n",
         [(2, 48, "conv_1"), (2, 56, "conv_2")]),
        (f"{INPUT}layers:\n  - conv 4 1x1\n  - conv 4 1x1\n  - add from=conv_1,conv_2\n",
         [(5, 14, "conv_1"), (5, 14, "conv_2")]),
        (f"{INPUT}layers: [conv 4 1x1, relu]\noutputs: [relu_1]\n", [(3, 11, "relu_1")]),
        (f"{INPUT}blocks: {{b: [conv 4 1x1]}}\nlayers: [b, b, {{add: {{from: [b_1, b_2.conv_1]}}}}]\n",
         [(3, 30, "b_1"), (3, 35, "b_2.conv_1")]),
        (f"{INPUT}layers: [conv 4 1x1 name=conv_1, conv 4 1x1 name=last, {{add: {{from: [conv_1, last]}}}}]\n", []),
        (f"{INPUT}layers: [conv 4 1x1 name=stage_1, {{add: {{from: [stage_1, input]}}}}]\n", []),
        ("8x8x4 -> conv 4 1x1 -> conv 4 1x1 -> add from=conv_1,conv_2", []),
    ],
    ids=["list", "commas", "outputs", "blocks", "given by the user", "no type", "one line"],
)  # fmt: skip
def test_references_by_number(text: str, places: list[tuple[int, int, str]]) -> None:
    sentence = '"{}" is nobody\'s name: it means another layer as soon as one of its type is put before it'
    assert found(text, "S101") == [(line, column, sentence.format(name)) for line, column, name in places]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("conv1", None), ("stage2.conv_1", None), ("a", None), ("${x}", None),
        ("Conv1", "write conv1"), ("firstConv", "write first_conv"), ("first-conv", "write first_conv"),
        ("_hidden", ""), ("3x", ""), ("größe", ""),
    ],
)  # fmt: skip
def test_snake_case(name: str, hint: str | None) -> None:
    text = f'{INPUT}variables: {{x: a}}\nlayers:\n  - conv: {{filters: 4, kernel: 1, name: "{name}"}}\n'
    hints = [each.hint for each in lint(text, select=["S102"]) if each.code == "S102"]
    assert hints == ([] if hint is None else [hint])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"layers: [relu]\n{INPUT}", "`layers` stands before `input`"),
        (f"{INPUT}layers:\n  - conv: {{kernel: 3, filters: 4}}\n", "`kernel` stands before `filters`"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4, name: a, kernel: 3}}\n", "`name` stands before `kernel`"),
    ],
)
def test_order(text: str, sentence: str) -> None:
    assert [message for _, _, message in found(text, "S105")] == [sentence]


@pytest.mark.parametrize(
    ("code", "line"),
    [("S106", "name: tiny"), ("S107", "expect: {params: 20}"), ("S108", "source: ours")],
)
def test_missing_keys(code: str, line: str) -> None:
    """They are told at the first key; a one-line spec cannot have them."""
    text = f"{INPUT}layers:\n  - conv 4 1x1\n"
    assert [place[:2] for place in found(text, code)] == [(1, 1)]
    assert found(f"{text}{line}\n", code) == []
    assert found("8x8x4 -> conv 4 1x1", code) == []


def test_an_expectation_of_a_layer_is_one() -> None:
    assert found(f"{INPUT}layers:\n  - conv: {{filters: 4, kernel: 1, expect: {{params: 20}}}}\n", "S107") == []


@pytest.mark.parametrize(
    ("spec", "framework"),
    [
        ("33x33x3 -> conv 8 3x3 s2 same", "PyTorch"),  # torch.nn.Conv2d: padding='same' is not supported for strided
        ("33x33x3 -> conv 8 3x3 s2 half d2", "Keras"),  # Conv2D: strides > 1 is incompatible with dilation_rate > 1
    ],
)
def test_what_a_framework_cannot_express(spec: str, framework: str) -> None:
    """From the documentation of torch.nn.Conv2d and keras.layers.Conv2D."""
    (message,) = (message for _, _, message in found(spec, "S109") if message.startswith(f"conv_1: {framework}"))
    assert "cannot express it" in message


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_fixing_a_bundled_spec_keeps_its_network(path: Path) -> None:
    """Whatever the style rules find in a real spec, what they would write is the same network."""
    done = fix(Target(str(path)), Settings(("S",)).plan_for(str(path)))
    assert done.problem == ""
