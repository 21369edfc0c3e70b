"""What specs mean: names, branches, blocks, repeats, conditions, variables, shared and frozen weights."""

from __future__ import annotations

import textwrap

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.report import Report
from cnncalc.graph.document import Overrides, build
from cnncalc.reading.load import read
from tests.together import for_each


def spec(text: str, **options: object) -> Report:
    return analyze(textwrap.dedent(text) + "\n", **options)  # type: ignore[arg-type]


def names(report: Report) -> list[str]:
    return [layer.name for layer in report.layers]


def shapes(report: Report) -> list[tuple[int, ...]]:
    return [layer.output_shape for layer in report.layers]


QUIZ = (14, 14, 20)


@for_each(
    "text",
    [
        "32x32x3 -> conv 20 8x8 s2 p1",
        "32×32×3 → conv 20 8×8 s2 p1",
        "32x32x3\nconv 20 8x8 s2 p1",
        "32x32x3 -> conv 20 8 s2 p1",
        "32x32x3 -> conv filters=20 kernel=8x8 stride=2 padding=1",
        "32x32x3 -> conv 20 [8, 8] s2x2 p1x1",
        "32x32x3 -> Conv2D 20 8 strides=2 pad=1",
        "32x32x3 -> nn.Conv2d out_channels=20 kernel_size=8 stride=2 padding=1",
        "32x32x3 -> conv 20 8x8 stride=[2,2] padding=[[1,1],[1,1]]",
        "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\n",
        "input: [32, 32, 3]\nlayers:\n  - conv: 20 8x8 s2 p1\n",
        "input: 32x32x3\nlayers:\n  - conv: {filters: 20, kernel: [8, 8], stride: 2, padding: 1}\n",
        "input: 32x32x3\nlayers:\n  - conv: {filters: 20, kernel: 8x8}\n    stride: 2\n    padding: 1\n",
        "input: 32x32x3\nlayers: conv 20 8x8 s2 p1\n",
        "{input: 32x32x3, layers: [conv 20 8x8 s2 p1]}\n",
        "variables: {n: 20}\ninput: 32x32x3\nlayers:\n  - conv ${n} ${4 + 4} s${n // 10} p1\n",
    ],
)
def test_one_layer_in_every_spelling(text: str) -> None:
    """The quiz layer is the same layer however it is written: 14x14x20 and 3,860 parameters."""
    report = analyze(text)
    assert report.outputs[0].shape == QUIZ
    assert report.totals.params == 3860


def test_a_mapping_is_the_yaml_form() -> None:
    """The API takes a mapping; text in it is never read as a number."""
    report = analyze(
        {"input": [32, 32, 3], "layers": [{"conv": {"filters": 20, "kernel": 8, "stride": 2, "padding": 1}}]}
    )
    assert report.outputs[0].shape == QUIZ


@for_each(
    ("text", "expected"),
    [
        ("8x8x3 -> conv 4 1x1 -> conv 5 1x1 -> relu -> conv 6 1x1", ["conv_1", "conv_2", "relu_1", "conv_3"]),
        ("8x8x3 -> conv 4 1x1 name=stem -> conv 5 1x1", ["stem", "conv_1"]),
        ("8x8x3 -> conv 4 1x1 repeat=3", ["conv_1", "conv_2", "conv_3"]),
        ("8x8x3 -> conv 4 1x1 repeat=3 name=c", ["c.0", "c.1", "c.2"]),
        ("8x8x3 -> (conv 4 1x1 -> relu)*2", ["conv_1", "relu_1", "conv_2", "relu_2"]),
        ("8x8x3 -> conv 4 1x1 name=conv_1 -> conv 5 1x1", ["conv_1", "conv_2"]),
        ("8x8x3 -> add(conv 3 1x1 -> relu | conv 3 1x1)", ["conv_1", "relu_1", "conv_2", "add_1"]),
    ],
)
def test_unnamed_layers_are_numbered_per_type(text: str, expected: list[str]) -> None:
    """TYPE_N counts the unnamed layers of each type from 1; a repeated name gets an index from 0."""
    assert names(analyze(text)) == expected


BLOCKS = """
    input: 8x8x3
    blocks:
      unit:
        parameters: {width: ~, kernel: 1}
        layers:
          - conv ${width} ${kernel} name=c
          - relu
    layers:
      - unit 4
      - unit: {width: 5, kernel: 3, name: big}
      - {unit: {width: "${6 + i}"}, repeat: 2, name: stage}
      - unit width=9 repeat=2
"""


def test_blocks_prefix_the_names_of_their_layers() -> None:
    """An unnamed instance is BLOCK_N, a named repeat NAME.0, NAME.1; layers inside follow after a dot."""
    assert names(spec(BLOCKS)) == [
        "unit_1.c", "unit_1.relu_1",
        "big.c", "big.relu_1",
        "stage.0.c", "stage.0.relu_1", "stage.1.c", "stage.1.relu_1",
        "unit_2.c", "unit_2.relu_1", "unit_3.c", "unit_3.relu_1",
    ]  # fmt: skip


def test_blocks_take_parameters_by_position_and_name() -> None:
    """Parameters fill in declared order; a default may be overridden; ${i} counts repeats from 0."""
    assert shapes(spec(BLOCKS))[::2] == [(8, 8, 4), (6, 6, 5), (6, 6, 6), (6, 6, 7), (6, 6, 9), (6, 6, 9)]


def test_a_default_may_follow_from_an_earlier_parameter() -> None:
    """`outer: ${2 * inner}` sees the inner of this instance."""
    report = spec("""
        input: 7x7x3
        blocks:
          bottle:
            parameters: {inner: ~, outer: "${2 * inner}"}
            layers: ["conv ${inner} 1x1", "conv ${outer} 1x1"]
        layers: [bottle 5, bottle 3 11]
    """)
    assert shapes(report) == [(7, 7, 5), (7, 7, 10), (7, 7, 3), (7, 7, 11)]


def test_a_block_may_use_itself_while_a_condition_holds() -> None:
    """FractalNet's rule: a fractal of depth n is two of depth n - 1 beside one convolution."""
    report = spec("""
        input: 7x7x3
        blocks:
          fractal:
            parameters: {depth: ~}
            layers:
              - average:
                  - - conv 3 3x3 p1
                  - - when: "${depth > 1}"
                      layers: ["fractal ${depth - 1}", "fractal ${depth - 1}"]
        layers: [fractal 3]
    """)
    assert sum(layer.type == "conv" for layer in report.layers) == 7  # 2^3 - 1


def test_branches_join() -> None:
    """concat adds channels of its branches; an empty branch is the identity."""
    report = spec("""
        input: 8x8x3
        layers:
          - concat:
              - [conv 4 1x1]
              - - conv 5 1x1
                - conv 6 3x3 p1
              - []
    """)
    assert report.outputs[0].shape == (8, 8, 4 + 6 + 3)


def test_merges_nest_in_the_inline_form() -> None:
    """add(a | concat(b | c)) is a tree of branches."""
    report = analyze("8x8x3 -> add(conv 8 1x1 | concat(conv 3 1x1 | conv 5 3x3 p1))")
    assert report.outputs[0].shape == (8, 8, 8)
    assert [layer.inputs for layer in report.layers][-2:] == [("conv_2", "conv_3"), ("conv_1", "concat_1")]


def test_from_reaches_back() -> None:
    """`from` takes any earlier layer or input, or several for a merge."""
    report = analyze("8x8x3 -> conv 3 1x1 name=a -> conv 5 3x3 -> conv 3 1x1 from=a name=b -> add from=[a, b, input]")
    assert report.layers[-1].inputs == ("a", "b", "input")
    assert report.layers[2].inputs == ("a",)


def test_from_finds_the_nearest_scope_first() -> None:
    """Inside an instance, its own layer wins over one of the same name outside."""
    report = spec("""
        input: 7x7x3
        blocks:
          unit: [conv 3 1x1 name=a, conv 3 1x1, "add from=a,stem"]
        layers: [conv 3 1x1 name=a, conv 3 1x1 name=stem, unit, "add from=unit_1,a"]
    """)
    assert report.layer("unit_1.add_1").inputs == ("unit_1.a", "stem")
    assert report.layers[-1].inputs == ("unit_1.add_1", "a")


def test_what_does_not_stand_may_come_from_nowhere() -> None:
    """In the first turn there is no turn before; `in.channels` is that of what `from` names."""
    report = spec("""
        input: 8x8x3
        layers:
          - repeat: 3
            name: sum
            layers:
              - conv 4 1x1 from=input name=own
              - {add: {from: [own, "sum.${i - 1}"]}, when: "${i > 0 and in.channels == 4}"}
    """)
    assert [layer.name for layer in report.layers] == [
        "sum.0.own", "sum.1.own", "sum.1.add_1", "sum.2.own", "sum.2.add_1",
    ]  # fmt: skip


def test_when_keeps_or_drops_an_item() -> None:
    """An item whose `when` is false leaves no trace, not even a number."""
    report = spec("""
        input: 7x7x3
        variables: {deep: false}
        layers:
          - {conv: 4 1x1, when: "${deep}"}
          - {conv: 5 1x1, when: "${not deep and in.channels == 3}"}
    """)
    assert names(report) == ["conv_1"]
    assert report.outputs[0].shape == (7, 7, 5)


def test_variables_can_be_set_and_derive_others() -> None:
    """A value set from outside is seen by the variables that follow from it."""
    text = "input: 5x5x3\nvariables: {width: 4, double: '${2 * width}'}\nlayers: ['conv ${double} 1x1']\n"
    assert analyze(text).outputs[0].shape == (5, 5, 8)
    assert analyze(text, variables={"width": 7}).outputs[0].shape == (5, 5, 14)


@for_each(
    ("expression", "filters"),
    [
        ("in.channels", 3), ("in.height", 11), ("in.width", 13), ("in.size", 11 * 13 * 3), ("2 * in.channels + 1", 7),
        ("depths[1]", 7), ("min(in.height, 5)", 5), ("divisible(0.75 * 32, 8)", 24), ("10 if in.width > 12 else 2", 10),
        ("ceil(7 / 2)", 4), ("int(7 * 0.5)", 3), ("max(depths[0], depths[2])", 5),
    ],
)  # fmt: skip
def test_expressions_see_the_incoming_shape(expression: str, filters: int) -> None:
    """${in.channels} and its kin are the shape that flows into the layer: here 11x13x3."""
    report = spec(f"""
        input: 11x13x3
        variables: {{depths: [5, 7, 2]}}
        layers: ["conv ${{{expression}}} 1x1"]
    """)
    assert report.outputs[0].shape == (11, 13, filters)


def test_the_layout_says_which_axis_is_channels() -> None:
    """PyTorch's shapes are CHW, and in.channels is their first axis."""
    report = analyze("3x11x13 -> conv ${in.channels} 3x5", convention="pytorch")
    assert report.outputs[0].shape == (3, 9, 9)
    assert report.layout == "CHW"


def test_a_spec_that_names_its_convention_keeps_its_layout() -> None:
    """Another convention changes the rules, never the meaning of the shapes that are written."""
    report = analyze("convention: formula\ninput: 11x13x3\nlayers: [conv 5 3x3]\n", convention="pytorch")
    assert (report.convention, report.layout, report.outputs[0].shape) == ("pytorch", "HWC", (9, 11, 5))


def test_several_inputs_and_outputs() -> None:
    """Inputs and outputs have names; a merge takes from both inputs."""
    report = spec("""
        input: {image: 7x7x3, mask: 7x7x1}
        layers:
          - concat from=image,mask
          - conv 5 3x3 name=wide
          - conv 2 1x1 name=narrow
        outputs: {features: wide, scores: narrow}
    """)
    assert [(tensor.name, tensor.shape) for tensor in report.inputs] == [("image", (7, 7, 3)), ("mask", (7, 7, 1))]
    assert [(tensor.name, tensor.shape) for tensor in report.outputs] == [
        ("features", (5, 5, 5)),
        ("scores", (5, 5, 2)),
    ]


def test_shared_weights_count_once() -> None:
    """A layer that shares another's weights adds none of its own, and its work a second time."""
    report = analyze("8x8x3 -> conv 3 3x3 p1 name=a -> conv 3 3x3 p1 share_weights=a")
    assert [layer.params for layer in report.layers] == [84, 0]  # (3*3*3 + 1) * 3
    assert [layer.macs for layer in report.layers] == [5184, 5184]  # 8*8*3 * 27
    assert report.layers[1].shares_with == "a"


def test_a_block_uses_another_s_weights() -> None:
    """Its layers share with those of the same names there, whatever the size of the map that they run on."""
    report = spec("""
        input: 8x8x3
        blocks:
          head: [conv 3 3x3 p1 relu repeat=2, {layers: [conv 5 1x1 name=scores], name: last}]
        layers:
          - head name=fine
          - max_pool 2 from=input
          - head name=coarse share_weights=fine
          - {layers: [conv 5 1x1 name=scores], name: again, share_weights: coarse.last, from: max_pool_1}
    """)
    assert [layer.params for layer in report.layers] == [84, 84, 20, 0, 0, 0, 0, 0]  # (27 + 1) * 3, (3 + 1) * 5
    shared = [layer.shares_with for layer in report.layers]
    assert shared[4:] == ["fine.conv_1", "fine.conv_2", "fine.last.scores", "fine.last.scores"]


def test_frozen_layers_are_not_trainable() -> None:
    """trainable: false moves the parameters of a layer, or of everything in a group, to non-trainable."""
    report = spec("""
        input: 8x8x3
        layers:
          - {layers: [conv 3 3x3, conv 3 1x1], trainable: false}
          - conv 3 1x1
    """)
    assert (report.totals.trainable_params, report.totals.non_trainable_params) == (12, 84 + 12)


def test_an_opaque_layer_stands_for_the_unknown() -> None:
    """Its output, parameters and work are what the spec declares."""
    report = analyze("8x8x3 -> opaque 100x4 params=7 macs=11 -> flatten")
    assert report.layers[0].output_shape == (100, 4)
    assert (report.totals.params, report.totals.macs) == (7, 11)


def test_an_activation_adds_its_work_to_its_layer() -> None:
    """A bare word or the activation key is no layer of its own, and counts one operation per element."""
    bare, key = analyze("7x7x3 -> conv 5 1x1 relu"), analyze("7x7x3 -> conv 5 1x1 activation=relu")
    plain = analyze("7x7x3 -> conv 5 1x1")
    assert len(bare.layers) == 1
    assert bare.totals.flops == key.totals.flops == plain.totals.flops + 7 * 7 * 5


def test_an_activation_may_be_an_expression() -> None:
    """As a bare word, under the key or as an item, from a block's parameter; `none` is none, and fields come along."""
    graph = load(
        textwrap.dedent("""
            input: 7x7x3
            variables: {main: swish}
            blocks:
              unit:
                parameters: {word: ~, last: none}
                layers:
                  - conv 3 1x1 ${word}
                  - conv 3 1x1 activation=${word}
                  - activation: ${word}
                  - conv 3 1x1 ${last}
            layers:
              - unit relu
              - unit: {word: leaky_relu 0.2, last: "${main}"}
        """)
    )
    found = [node.activation or node.layer for node in graph.nodes if node.layer]
    words = ["relu", "relu", "relu", "conv", "leaky_relu", "leaky_relu", "leaky_relu", "swish"]
    assert [layer.type for layer in found] == words
    assert [getattr(layer, "slope", None) for layer in found][4:7] == [0.2, 0.2, 0.2]


def test_variants_name_sets_of_variables() -> None:
    """A bundled family answers to each variant's name: ResNet-101 has 44,549,160 parameters (torchvision)."""
    report = analyze("resnet101")
    assert (report.name, report.totals.params) == ("resnet101", 44_549_160)


def test_a_variant_has_an_input_of_its_own() -> None:
    """EfficientNet B3 takes 300×300 (torchvision); the caller's size counts before the variable."""
    assert analyze("efficientnet_b3").inputs[0].shape == (3, 300, 300)
    text = "variables: {size: 9, rows: [[1, relu], [2, tanh]]}\ninput: 3x${size}x${size}\nlayout: CHW\nlayers:\n"
    text += '  - {conv: "${rows[i][0]} 3x3 ${rows[i][1]}", repeat: "${len(rows)}"}\n'
    assert analyze(text).outputs[0].shape == (2, 5, 5)
    assert analyze(text, variables={"size": 7}).outputs[0].shape == (2, 3, 3)
    assert analyze(text, variables={"size": 7}, input="3x6x5").outputs[0].shape == (2, 2, 1)


def test_from_takes_an_expression() -> None:
    """A block's parameter may be the list of names; 3·3·5·2 + 2 weights of two inputs, of 2 and 3 channels."""
    report = spec("""
        input: 8x8x5
        blocks:
          meet:
            parameters: {maps: ~}
            layers:
              - concat: {from: "${maps}"}
              - conv 2 3x3
        layers:
          - split: {parts: [2, 3], names: [a, b]}
          - identity from=a
          - meet: {maps: [a, b]}
    """)
    assert (report.outputs[0].shape, report.totals.params) == ((6, 6, 2), 92)


def test_from_takes_a_list_of_any_length() -> None:
    """A variable names one input or several: 4 channels of `a`, or the sum of `a` and `b`."""
    spec = "input: 8x8x3\nvariables: {from_: [a]}\nlayers: [conv 4 1x1 name=a, conv 5 1x1 name=b, 'relu from=${from_}']"
    assert analyze(spec).layers[-1].inputs == ("a",)
    joined = spec.replace("[a]", "[b, a]").replace("relu", "concat")
    assert analyze(joined).layers[-1].inputs == ("b", "a")


def test_an_expected_count_may_be_zero() -> None:
    """ReLU has no parameters."""
    claims = load("input: 5x7x3\nlayers: [relu]\nexpect: {params: 0, macs: 1}").claims
    assert [(claim.figure, claim.value) for claim in claims] == [("params", 0), ("macs", 1)]


def test_one_axis_each_beside_a_positional_value() -> None:
    """A kernel of 3x5 on 5x7 leaves 3x3 positions: 5 - 3 + 1 and 7 - 5 + 1."""
    assert analyze("5x7x3 -> conv 8 kernel_h=3 kernel_w=5").layers[0].output_shape == (3, 3, 8)


@pytest.mark.parametrize(
    ("variants", "code", "words"),
    [
        ("{small: 3}", "E209", 'variant "small" needs a mapping of variables to values, got a text'),
        ("{large: {n: 3}}", "E206", 'the spec has no variant "small"'),
    ],
)
def test_a_variant_that_cannot_be_chosen(variants: str, code: str, words: str) -> None:
    root = read(f"input: 5x7x3\nvariables: {{n: 2}}\nvariants: {variants}\nlayers: ['conv ${{n}} 1x1']").root
    assert root is not None
    graph, (mistake,) = build(root, Overrides(variant="small"))
    assert (graph, mistake.code, mistake.message) == (None, code, words)
