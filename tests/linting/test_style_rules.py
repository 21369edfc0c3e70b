"""The style rules: what they find in texts of every form, and that their fixes change the text alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.layers.declare import show_value
from cnncalc.layers.registry import load_all
from cnncalc.linting.api import lint
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.equivalence import networks_of, same
from cnncalc.linting.fixing import applied, fix
from cnncalc.linting.settings import Settings
from cnncalc.reading.limits import DEFAULT_LIMITS
from tests.sweeps import sampled
from tests.together import for_each

SPECS = sorted(Path(__file__).parents[2].joinpath("specs").glob("*.yaml"))
INPUT = "input: 8x8x4\n"
BLOCK = f"{INPUT}blocks:\n  b:\n    parameters: {{w: ~}}\n"


def fixed(text: str, *codes: str) -> str:
    """A text after the fixes of some rules, which leave its network as it is."""
    done = fix(Target("net.yaml", text), Settings(codes).plan_for("net.yaml"))
    assert done.problem == ""
    return done.after.decode()


def found(text: str, code: str) -> list[tuple[int, int, str]]:
    """Line, column and sentence of what a rule finds."""
    return [(each.line, each.column, each.message) for each in lint(text, select=[code]) if each.code == code]


@for_each(
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
        ("8x8x4 -> conv 4 1x1 SiLU", "8x8x4 -> conv 4 1x1 swish"),
        ("8x8x4 -> conv 4 1x1 activation=ReLU", "8x8x4 -> conv 4 1x1 activation=relu"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4, \"kernel_size\": 3}}\n",
         f"{INPUT}layers:\n  - conv: {{filters: 4, \"kernel\": 3}}\n"),
        ("5x8x8x4 -> TimeDistributed(Conv2d 4 kernel_size=3)", "5x8x8x4 -> time_distributed(conv2d 4 kernel=3)"),
        ("input: 5x8x8x4\nlayers:\n  - time_distributed: {layer: {Conv2d: {out_channels: 4, kernel: 3}}}\n",
         "input: 5x8x8x4\nlayers:\n  - time_distributed: {layer: {conv2d: {filters: 4, kernel: 3}}}\n"),
        (f"{INPUT}layers:\n  - &first Conv2d 4 3x3\n  - *first\n",
         f"{INPUT}layers:\n  - &first conv2d 4 3x3\n  - *first\n"),
    ],
)  # fmt: skip
def test_aliases_are_replaced_where_they_stand(before: str, after: str) -> None:
    assert fixed(before, "S103") == after


@for_each(
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
        (f"{INPUT}layers:\n  - dense: 4 bias=true  # why\n", f"{INPUT}layers:\n  - dense: 4  # why\n"),
        (f"{INPUT}layers:\n  - dense: 4\n    bias: true\n  - relu\n", f"{INPUT}layers:\n  - dense: 4\n  - relu\n"),
        (f"{INPUT}layers:\n  - {{name: a, conv: {{filters: 4, 'stride': 1, kernel: 3}}}}\n",
         f"{INPUT}layers:\n  - {{name: a, conv: {{filters: 4, kernel: 3}}}}\n"),
        (f"{INPUT}layers:\n  - {{dense: 4, bias: true, repeat: 2}}\n",
         f"{INPUT}layers:\n  - {{dense: 4, repeat: 2}}\n"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4,\n      stride: 1, # why\n      kernel: 3}}\n",
         f"{INPUT}layers:\n  - conv: {{filters: 4,\n      # why\n      kernel: 3}}\n"),
        (f"{INPUT}variables: {{w: 4}}\nvariants: {{wide: {{w: 8}}}}\nlayers: ['conv ${{w}} 3x3 s1 same d1']\n",
         f"{INPUT}variables: {{w: 4}}\nvariants: {{wide: {{w: 8}}}}\nlayers: ['conv ${{w}} 3x3 same']\n"),
        (f"{BLOCK}    layers: [{{conv: {{filters: '${{w}}', kernel: 3, groups: 1}}}}]\nlayers: [b 4]\n",
         f"{BLOCK}    layers: [{{conv: {{filters: '${{w}}', kernel: 3}}}}]\nlayers: [b 4]\n"),
        ("5x8x8x4 -> time_distributed(conv 4 3x3 stride=1)", "5x8x8x4 -> time_distributed(conv 4 3x3)"),
        (f"{INPUT}layers:\n  - &first conv 4 3x3 stride=1\n  - *first\n",
         f"{INPUT}layers:\n  - &first conv 4 3x3\n  - *first\n"),
    ],
)  # fmt: skip
def test_defaults_are_left_out(before: str, after: str) -> None:
    assert fixed(before, "S104") == after


@for_each(
    "text",
    [
        f"{INPUT}layers:\n  - conv:\n      filters: 4\n      stride: 1  # not 2, as before\n      kernel: 3\n",
        f'{INPUT}layers:\n  - "conv 4 3x3 stride=1\\tp1"\n',  # escaped: its letters are not those of the file
        f"{INPUT}layers:\n  - >-\n    conv 4 3x3\n    stride=1 relu\n",
        f"{INPUT}layers:\n  - conv: {{filters: 4, stride: &one 1, kernel: 3}}\n  - max_pool: {{kernel: *one}}\n",
        f"{INPUT}variables: {{x: &one 1}}\nlayers:\n  - conv: {{filters: 4, stride: *one, kernel: 3}}\n",
        f"{INPUT}layers:\n  - dropout: {{rate: 0.5}}\n",
        f"{INPUT}layers:\n  - dropout: rate=0.5\n",
    ],
    ids=["a comment would go with it", "escaped", "folded", "an anchor would go with it", "an alias", "the only field",
         "the only word"],
)  # fmt: skip
def test_what_cannot_be_left_out_safely_is_told_alone(text: str) -> None:
    """The finding stays, and has no fix."""
    (finding,) = (each for each in lint(text, select=["S104"]) if each.code == "S104")
    assert finding.fix is None
    assert fixed(text, "S104") == text


@for_each(
    "text",
    [
        "8x8x4 -> flatten -> dropout 0.5",  # by its position
        "8x8x4 -> max_pool 2 s2",  # the stride's default is the kernel, whatever that is
        f"{INPUT}variables: {{s: 1}}\nlayers: ['conv 4 3x3 stride=${{s}}']\n",
        f"{INPUT}blocks: {{b: {{parameters: {{stride: 1}}, layers: ['conv 4 3x3']}}}}\nlayers: [b stride=1]\n",
        "7x5x4 -> upsample 2x3 linear mode=nearest",  # `linear`, no activation, would be the mode
        "7x5x4 -> upsample ${1 + 1} linear mode=nearest",
    ],
    ids=[
        "position",
        "unset",
        "expression",
        "block",
        "another word would take its place",
        "the same beside an expression",
    ],
)
def test_what_is_no_default_of_a_layer_type(text: str) -> None:
    assert found(text, "S104") == []


@for_each(
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
        (f"{INPUT}layers: [split 2, {{relu: ~, from: split_1.1}}]\n", [(2, 35, "split_1.1")]),
        (f"{INPUT}blocks: {{b: [relu name=last, relu]}}\nlayers: [b, {{relu: ~, from: b_1.last}}]\n",
         [(3, 29, "b_1.last")]),
        (f"{INPUT}blocks: {{b: [relu name=last, relu]}}\nlayers: [b name=b_1, {{relu: ~, from: b_1.last}}]\n", []),
        (f"{INPUT}layers: [{{layers: [relu], repeat: 2, name: stage}}, {{relu: ~, from: stage.0.relu_1}}]\n",
         [(2, 68, "stage.0.relu_1")]),
    ],
    ids=["list", "commas", "outputs", "blocks", "given by the user", "no type", "one line", "part", "inside a block",
         "block given by the user", "in a repeat"],
)  # fmt: skip
def test_references_by_number(text: str, places: list[tuple[int, int, str]]) -> None:
    sentence = '"{}" is an automatic name: inserting a layer of its type before it makes it refer to a different layer'
    assert found(text, "S101") == [(line, column, sentence.format(name)) for line, column, name in places]


@for_each(
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
    ("text", "names"),
    [
        ("input: {Image: 8x8x4}\nlayers: [relu]\noutputs: {Out: relu_1}\n", ["Image", "Out"]),
        (f"{BLOCK}variables: {{Wide: 4}}\nvariants: {{Small: {{Wide: 2}}}}\nlayers: [U name=First]\n"
         .replace("b:", "U:").replace("w:", "Width:").replace("~}\n", "4}\n    layers: [relu]\n"),
         ["U", "Width", "Wide", "Small", "First"]),
    ],
    ids=["inputs and outputs", "variables and blocks"],
)  # fmt: skip
def test_every_name_that_a_user_gives_is_looked_at(text: str, names: list[str]) -> None:
    assert [message for _, _, message in found(text, "S102")] == [
        f'the name "{name}" is not in lower snake case' for name in names
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{INPUT}layers:\n  - {{soft_shrink: '', lambd: 0.2}}\n",  # threshold
        f"{INPUT}layers:\n  - {{squeeze_excite: '', squeeze_channels: 1}}\n",  # squeeze
        "input: 8x4\nlayers:\n  - lstm: '4'\n    num_layers: 2\n",  # layers
        f"{INPUT}blocks: {{kernel: [relu]}}\nlayers:\n  - {{conv: '4', kernel_size: 1}}\n",
        f"{INPUT}blocks: {{conv2d: [relu]}}\nlayers: [Conv2d 4 1x1]\n",
    ],
    ids=["a type", "another type", "a group", "a block", "a block with the name of a type"],
)
def test_an_alias_stays_where_the_name_would_mean_something_else(text: str) -> None:
    """A key beside the item's type may be no type's, block's or group's: a threshold is a layer of its own there."""
    assert found(text, "S103") == []


@pytest.mark.parametrize("word", ["Activation", "activation"])
def test_a_layer_that_carries_an_activation_keeps_its_name(word: str) -> None:
    """`identity: relu` would be the same layer, and say less."""
    assert found(f"{INPUT}layers:\n  - {word}: relu\n", "S103") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"layers: [relu]\n{INPUT}", "`layers` comes before `input`"),
        (f"{INPUT}layers:\n  - conv: {{kernel: 3, filters: 4}}\n", "`kernel` comes before `filters`"),
        (f"{INPUT}layers:\n  - conv: {{filters: 4, name: a, kernel: 3}}\n", "`name` comes before `kernel`"),
        (f"{INPUT}layers:\n  - name: a\n    conv: 4 3x3\n", "`name` comes before `conv`"),
        (f"{INPUT}layers:\n  - conv: '4'\n    name: a\n    kernel: 3\n", "`name` comes before `kernel`"),
    ],
)
def test_order(text: str, sentence: str) -> None:
    assert [message for _, _, message in found(text, "S105")] == [sentence]


@pytest.mark.parametrize(
    "text",
    [
        f"{INPUT}layers: [{{when: true, dense: 4}}, {{repeat: 2, dense: 4}}, {{dense: 4, repeat: 2}}]\n",
        f"{INPUT}layers: [{{repeat: 2, layers: [relu]}}]\n",
        "8x8x4 -> conv kernel=1 filters=4",
    ],
    ids=["when and repeat", "group", "one line"],
)
def test_order_that_is_free(text: str) -> None:
    assert found(text, "S105") == []


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
        ("5x7x12 -> group_norm 3 shift=false", "ONNX"),  # GroupNormalization: scale and bias are required inputs
    ],
)
def test_what_a_framework_cannot_express(spec: str, framework: str) -> None:
    """From the documentation of torch.nn.Conv2d, keras.layers.Conv2D and ONNX's GroupNormalization."""
    messages = [message for _, _, message in found(spec, "S109")]
    assert any(f"_1: {framework} cannot express it" in message for message in messages)


def test_the_layer_that_another_wraps_is_asked_for() -> None:
    """torch.nn.Conv2d inside has no strided SAME either."""
    (place,) = found("5x28x28x3 -> time_distributed(conv 8 3x3 s2 same)", "S109")
    assert place[2].startswith("time_distributed_1: PyTorch cannot express it")


@pytest.mark.parametrize(
    "spec",
    [
        "x: 7x5x3 -> max_pool 2 -> max_unpool 2 from=[max_pool_1, x]",  # ONNX's stride would be 1: it can be said
        "5x7x64 -> group_norm",  # Keras's 32 groups, which the others do not assume
        "7x5x64 -> upsample 2x3 linear",
        "5x28x28x3 -> time_distributed(max_pool 2)",
    ],
)
def test_what_a_framework_assumes_otherwise_can_be_expressed(spec: str) -> None:
    """A step, a rounding, a number that the spec leaves open is none that a framework lacks."""
    assert found(spec, "S109") == []


@pytest.mark.parametrize("path", sampled(SPECS), ids=lambda path: path.stem)
def test_fixing_a_bundled_spec_keeps_its_network(path: Path) -> None:
    """Whatever the style rules find in a real spec, what they would write is the same network."""
    target, plan = Target(str(path)), Settings(("S001", "S103", "S104")).plan_for(str(path))
    if any(finding.fix for finding in check(target, plan)):
        assert fix(target, plan).problem == ""


def written_out() -> Iterator[tuple[str, str]]:
    """A spec for each field of each layer type that gives its default, and for each of its aliases; with its rule."""
    for kind in load_all().values():
        start, _, item = kind.examples[0].rpartition("->")
        if item.split()[0] != kind.type or "(" in item or start.count("->"):
            continue
        for alias in kind.aliases:
            yield "S103", f"{start}->{item.replace(kind.type, alias, 1)}"
        for field in kind.fields.values():
            if not field.required and field.default is not None and f"{field.name}=" not in item:
                for name in (field.name, *field.aliases):
                    yield "S104", f"{start}->{item} {name}={show_value(field.default)}"


def forms(text: str) -> list[str]:
    """A one-line spec, and the same as YAML: its last item as a line, with CRLF, and with its field beside."""
    start, item = map(str.strip, text.split("->"))
    *words, last = item.split(" ")
    key, _, value = last.partition("=")
    beside = f"  - {words[0]}: '{' '.join(words[1:])}'\n    {key}: {value}\n" if words and value else ""
    yaml = [f"  - {item}  # why\n  - identity\n", f"  - '{item}'\n".replace("\n", "\r\n"), beside]
    return [text, *(f"input: {start}\nlayers:\n{each}" for each in yaml if each)]


@pytest.mark.parametrize("every", [25, pytest.param(1, marks=pytest.mark.sweep)])
def test_no_fix_changes_a_network(every: int) -> None:
    """Over all fields and aliases of all layer types: each fix by itself, and all of them together."""
    plan = Settings(("S103", "S104")).plan_for("net.yaml")
    tried = {"S103": 0, "S104": 0}
    for code, line in list(written_out())[::every]:
        for text in forms(line):
            before = networks_of("net.yaml", text, DEFAULT_LIMITS)
            if before is None:
                continue  # not every field may be set beside the others, and not every alias is one word
            fixes = [each.fix.edits for each in check(Target("net.yaml", text), plan) if each.fix]
            for some in ([[each] for each in fixes] + [fixes]) if fixes else ():
                after, count = applied(text, some)
                assert count > 0
                assert same(before, networks_of("net.yaml", after, DEFAULT_LIMITS)), (text, after)
            tried[code] += bool(fixes)
    assert tried["S103"] > 500 // every
    assert tried["S104"] > 500 // every
