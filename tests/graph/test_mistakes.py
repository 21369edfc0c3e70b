"""What is said about wrong specs: the code, the place, and the words that help."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.reading.limits import Limits
from tests.together import for_each


def mistakes(text: str, **options: object) -> list[Diagnostic]:
    with pytest.raises(SpecError) as caught:
        analyze(text, **options)  # type: ignore[arg-type]
    return caught.value.diagnostics


INLINE = [
    # text, code, column, words of the message, words of the hint
    ("32x32x3 -> konv 20 8x8", "E202", 12, 'unknown layer type "konv"', 'did you mean "conv"'),
    ("32x32x3 -> conv 20 8x8 padd=3", "E203", 24, 'conv has no field "padd"', 'did you mean "padding"'),
    ("32x32x3 -> conv 20 8x8 padding=sames", "E204", 32, 'padding: unknown word "sames"', 'did you mean "same"'),
    ("32x32x3 -> conv 20 8x8 samee", "E204", 24, 'unknown word "samee"', 'did you mean "same"'),
    ('32x32x3 -> conv 20 8x8 padding "same"', "E204", 24, '"padding" is a field', "write padding=same"),
    ("32x32x3 -> conv 20 kernel [8, 8]", "E204", 20, '"kernel" is a field', "write kernel=[8, 8]"),
    ("32x32x3 -> flatten -> dense u10", "E204", 29, 'no place for "u10"', "write units=10"),
    ("32x32x3 -> max_pool 2 t2", "E204", 23, 'no place for "t2"', "s (stride), p (padding), d (dilation)"),
    ("32x32x3 -> conv 20 8x8 reluu", "E204", 24, 'unknown word "reluu"', 'did you mean "relu"'),
    ("32x32x3 -> conv 20", "E205", 12, "conv needs `kernel`", "for example: conv 20 8x8"),
    ("32x32x3 -> conv 20 8x8 3", "E204", 24, "no place for 3", "stride=…"),
    ("32x32x3 -> conv 20 8x8 s0", "E204", 24, "stride: got 0, but it must be at least 1", ""),
    ("32x32x3 -> conv 20 8x8 s2 stride=3", "E102", 24, "stride is given twice", ""),
    ("32x32x3 -> conv 20 8x8 name=a name=b", "E102", 31, '"name" is given twice', ""),
    ("32x32x3 -> conv 20.5 8x8", "E105", 17, "is the float 20.5", "write an integer"),
    ("9x9x3 -> conv 20 11x11", "E301", 18, "kernel 11 is larger than the input 9", "pad by at least 1"),
    ("9x9x3 -> conv 20 13x13 p1", "E301", 18, "kernel 13 is larger than the padded input 11", "pad by at least 2"),
    ("7x7x3 -> conv 20 3x3 s3 exact", "E302", 22, "(7 − 3 + 0)/3 + 1 = 2.33", "floor"),
    ("32x32x3 -> conv 20 3x3 g2", "E305", 24, "3 input channels cannot be divided into 2 groups", "multiples of 2"),
    ("32x32x4 -> conv 21 3x3 g2", "E305", 24, "21 filters cannot be divided into 2 groups", "multiples of 2"),
    ("32x32x3 -> conv 20 3x3x3", "E303", 20, "3 values for an input with 2 spatial axes", "write 3x3"),
    ("32x32x3 -> conv1d 20 3", "E303", 12, "conv1d needs an input with 1 spatial axis", "write conv"),
    ("100 -> conv 20 3", "E303", 8, "needs an input with 1 to 3 spatial axes", "reshape it first"),
    ("32x32x3 -> conv 5 ${width}x3", "E208", 21, 'unknown name "width"', "no variables"),
    ("32x32x3 -> conv ${2 +} 3", "E208", 22, "is incomplete", ""),
    ("32x32x3 -> flatten -> dense ${in.height}", "E208", 31, "has no height", ""),
    ("32x32x3 -> conv 5 3x3 from=stem", "E206", 28, 'no layer "stem" before this one', ""),
    ("32x32x3 -> conv 5 3x3 name=a -> conv 5 3x3 name=a", "E207", 33, 'the name "a" is given twice', "another name"),
    ("32x32x3 -> add(conv 5 1x1 | conv 7 1x1)", "E308", 12, "differ in channels: 5 and 7", ""),
    ("32x32x3 -> add(conv 5 1x1)", "E307", 12, "add needs at least 2 inputs, got 1", "branches"),
    ("32x32x3 -> conv 5 3x3 repeat=-1", "E204", 30, "repeat: got -1", ""),
    ("32x32x3 -> conv 5 3x3 when=maybe", "E204", 28, 'when: got "maybe"', ""),
    ("32x32x3 -> conv 5 3x3 name=a -> conv 7 3x3 share_weights=a", "E306", 58, "cannot share the weights", "same type"),
]  # fmt: skip


@for_each(("text", "code", "column", "message", "hint"), INLINE, ids=[case[0] for case in INLINE])
def test_inline_mistakes(text: str, code: str, column: int, message: str, hint: str) -> None:
    """Each mistake gives its code at its column, says what is wrong in the user's words, and what to do."""
    (found,) = mistakes(text)
    assert (found.code, found.line, found.column) == (code, 1, column)
    assert message in found.message
    assert hint in found.hint


_HEADS = 'input: 5x5x3\nblocks: {b: {parameters: {w: ~}, layers: ["conv ${w} 1x1"]}}\nlayers:\n  - b 3 name=one\n'

YAML = [
    ("layers: [relu]\n", "E205", 1, 1, "no `input`"),
    ("input: 32x32x3\n", "E205", 1, 1, "no `layers`"),
    ("inptu: 32x32x3\nlayers: [relu]\n", "E201", 1, 1, 'unknown key "inptu"'),
    ("input: 32x-3\nlayers: [relu]\n", "E204", 1, 8, "is not a shape"),
    ("input: 012\nlayers: [relu]\n", "E204", 1, 8, "is not a shape"),
    ("input: 5x5x3\nlayers:\n  - conv: {filters: 012, kernel: 3}\n", "E105", 3, 21, "octal 10"),
    ("input: 5x5x3\nlayers:\n  - conv: {filters: 1e1, kernel: 3}\n", "E105", 3, 21, "float"),
    ("input: 5x5x3\nlayers:\n  - conv: {filters: 8, kernel: 3, bias: no}\n", "E105", 3, 41, "YAML 1.1"),
    ("input: 8x8x3\nlayers:\n  - {conv: 8 3x3, when: no}\n", "E105", 3, 25, "`no` is a bool in YAML 1.1"),
    ("input: 5x5x3\nlayers:\n  - conv: {filters: 8, kernel: 3, filters: 9}\n", "E102", 3, 35, "line 3"),
    ("input: 5x5x3\nlayers:\n  - conv: {filters: 8, kernel: 3}\n    relu: {}\n", "E209", 4, 5, "appear in one item"),
    ("input: 5x5x3\nlayers:\n  - [relu]\n", "E209", 3, 5, "a list appears where one layer is needed"),
    ("input: 5x5x3\nlayers: {relu: }\n", "E209", 2, 9, "`layers` needs a list"),
    ("input: 5x5x3\nconvention: pytorhc\nlayers: [relu]\n", "E204", 2, 13, 'unknown word "pytorhc"'),
    ("input: 5x5x3\nlayout: WHC\nlayers: [relu]\n", "E204", 2, 9, 'unknown word "WHC"'),
    ("input: 5x5x3\nblocks: {relu: [tanh]}\nlayers: [relu]\n", "E207", 2, 10, "name of a layer type"),
    ("input: 5x5x3\nblocks: {conv3d: [tanh]}\nlayers: [conv3d]\n", "E207", 2, 10, "name of a layer type"),
    ("input: 5x5\nblocks: {b: {parameters: {w: ~}, layers: [relu]}}\nlayers: [b]\n", "E205", 3, 10, "block b needs w"),
    ("input: 5x5x3\nblocks: {b: [relu]}\nlayers: [b 3]\n", "E204", 3, 12, "no place for 3"),
    ("input: 5x5x3\nblocks: {b: [b]}\nlayers: [b]\n", "E103", 2, 14, "nested too deeply"),
    ("input: 5x5x3\nlayers:\n  - {conv: 3 1x1, activation: '${2}'}\n", "E204", 3, 31, "2 is not the name of"),
    ("input: 5x5x3\nvariables: {a: max}\nlayers:\n  - conv 3 1x1 ${a}\n", "E204", 4, 16, 'unknown word "max"'),
    ("input: 5x5x3\nlayers:\n  - conv 3 1x1 activation=${a}\n", "E208", 3, 29, 'unknown name "a"'),
    ("input: 5x5x3\nlayers: [{relu: {}, budget: {arena: 3}}]\n", "E203", 2, 30, "arena is a figure of the whole model"),
    ("input: 5x5x3\nlayers: [relu]\nexpect: {outputs: 3}\n", "E203", 3, 10, 'knows no figure "outputs"'),
    ("input: 5x5x3\nlayers: [relu]\nbudget: {params: many}\n", "E204", 3, 18, "a count is needed"),
    ("input: 5x5x3\nlayers: [relu]\noutputs: [tail]\n", "E206", 3, 11, 'no layer "tail"'),
    (_HEADS + "  - {b: 4, share_weights: one}\n", "E306", 5, 27, "b_1.conv_1 cannot share the weights of one.conv_1"),
    (_HEADS + "  - {b: 3, share_weights: two}\n", "E206", 5, 27, 'no layer "two"'),
    (_HEADS + "  - {layers: [conv 3 1x1 name=x], share_weights: one, name: g}\n", "E306", 5, 50, "no counterpart"),
    (_HEADS + "  - {layers: [conv 3 1x1], share_weights: one}\n", "E204", 5, 43, "this group has no name"),
    ("- conv\n", "E209", 1, 1, "a spec is a mapping"),
]  # fmt: skip


@for_each(("text", "code", "line", "column", "message"), YAML, ids=[case[0] for case in YAML])
def test_yaml_mistakes(text: str, code: str, line: int, column: int, message: str) -> None:
    """Each mistake gives its code at its line and column."""
    (found,) = mistakes(text)
    assert (found.code, found.line, found.column) == (code, line, column)
    assert message in found.message


def test_every_independent_mistake_is_reported_and_nothing_downstream() -> None:
    """Two wrong fields and a wrong type are three mistakes; the shapes that they hide are none."""
    text = "32x32x3 -> conv 20 8x8 padd=3 -> konv 8 -> conv 8 99x99 -> conv 7 1x1 stried=2 -> dense 0"
    found = [(each.code, each.column) for each in mistakes(text)]
    wrong = (("E203", "padd"), ("E202", "konv"), ("E203", "stried"), ("E204", "0"))
    assert found == [(code, text.rindex(word) + 1) for code, word in wrong]


def test_a_mistake_in_a_block_is_reported_once() -> None:
    """A block used three times is still one text."""
    text = "input: 9x9x3\nblocks: {b: [conv 3 1x1 same padd=1]}\nlayers: [b, b, b]\n"
    assert len(mistakes(text)) == 1


@pytest.mark.parametrize(
    ("text", "limits", "option"),
    [
        ("8x8x3 -> relu repeat=1001", Limits(layers=1000), "--max-layers"),
        ("8x8x3 -> (relu -> relu)*501", Limits(layers=1000), "--max-layers"),
        ("8x8x3 -> " + "(" * 21 + "relu" + ")*1" * 21, Limits(nesting=20), "--max-nesting"),
    ],
)
def test_limits_name_the_option_that_raises_them(text: str, limits: Limits, option: str) -> None:
    """A spec that grows too large ends in one E103 that says how to allow it."""
    (found,) = mistakes(text, limits=limits)
    assert found.code == "E103"
    assert option in found.hint


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (f"1x1x{2**128 + 1} -> relu", 1, "input: more than 2**128 elements"),
        (f"8x8x3 -> conv {2**122 + 1} 1x1", 10, "conv_1: more than 2**128 elements"),  # 8·8·2**122 are
        ("8x8x3 -> (upsample 1024)*7", 11, "upsample_7: more than 2**128 elements"),  # 64·3·2**120 are not
        (f"8x8x3 -> reshape {'1x' * 32}192", 10, "reshape_1: 33 axes; the limit is 32"),
        ("8x8x20000 -> split 10001", 20, "split_1: 10,001 parts are too many"),
    ],
)
def test_volumes_and_parts_beyond_reason_are_refused(text: str, column: int, message: str) -> None:
    """Figures of any length that can be meant are taken; these are not."""
    (found,) = mistakes(text)
    assert (found.code, found.column) == ("E103", column)
    assert message in found.message


@pytest.mark.parametrize(
    ("text", "output"),
    [
        (f"1x1x{2**128} -> relu", (1, 1, 2**128)),
        (f"8x8x3 -> conv {2**122} 1x1", (8, 8, 2**122)),
        (f"8x8x3 -> reshape {'1x' * 31}192", (*[1] * 31, 192)),
        ("8x8x3 -> (upsample 1024)*6", (2**63, 2**63, 3)),
        pytest.param("8x8x9000 -> split 9000 -> concat", (8, 8, 9_000), marks=pytest.mark.sweep),
    ],
)
def test_volumes_and_parts_up_to_the_limit_are_taken(text: str, output: tuple[int, ...]) -> None:
    assert analyze(text).layers[-1].output_shape == output


def test_a_receptive_field_beyond_reason_is_unknown() -> None:
    """Each step doubles the jump: 200 of them make 2**200, which no input has."""
    assert analyze("8x8x3 -> (max_pool 1 s2)*10").layers[-1].receptive_field is not None
    assert analyze("8x8x3 -> (max_pool 1 s2)*200").layers[-1].receptive_field is None


def test_lists_in_lists_in_a_line_are_no_recursion() -> None:
    """A hundred thousand brackets are one mistake, found at once."""
    (found,) = mistakes(f"8x8x3 -> conv 4 {'[' * 100_000}3{']' * 100_000}")
    assert (found.code, found.column) == ("E204", 17)


def test_an_empty_repeat_cannot_run_for_ever() -> None:
    """Turns that add no layer are counted too."""
    text = "input: 8x8x3\nlayers: [{layers: [], repeat: 99999999}]\n"
    assert mistakes(text)[0].code == "E103"


@for_each(
    ("claims", "codes"),
    [
        ("expect: {output: 14x14x20, params: 3860, unshared_params: 756560, macs: 752640}", []),
        ('expect: {params: "3,860"}', ["E204"]),
        ("expect: {output: 14x14x21}", ["E401"]),
        ("expect: {params: 3861, macs: 752640}", ["E401"]),
        ("expect: {receptive_field: 8}", []),
        ("expect: {receptive_field: 8x9}", ["E401"]),
        ("budget: {params: 4k, macs: 1M, peak_activation: 1MiB, layers: 1}", []),
        ("budget: {params: 3.8k}", ["E402"]),
        ("budget: {peak_activation: 27KiB}", ["E402"]),  # (3072 + 3920) * 4 = 27,968 bytes
    ],
)
def test_claims_are_held_against_the_report(claims: str, codes: list[str]) -> None:
    """expect must hold exactly, budget at most; the figures are the quiz layer's."""
    text = f"input: 32x32x3\nlayers: [conv 20 8x8 s2 p1]\n{claims}\n"
    try:
        found = list(analyze(text).findings)
    except SpecError as error:
        found = error.diagnostics
    assert [each.code for each in found] == codes


def test_a_layer_and_a_block_may_expect() -> None:
    """A layer's claim speaks of it alone, a block's of its sum and its last output."""
    text = (
        "input: 8x8x3\nblocks: {b: [conv 5 1x1, conv 7 1x1]}\nlayers:\n"
        "  - conv: {filters: 3, kernel: 1, expect: {params: 12}}\n"
        "  - b: {expect: {params: 62, output: 8x8x7}}\n"  # 3*5+5 + 5*7+7 = 20 + 42
    )
    assert analyze(text).findings == ()


@pytest.mark.parametrize("options", [{}, {"batch": 2}, {"dtype": "float16"}, {"batch": 2, "dtype": "float16"}])
def test_expectations_are_of_one_sample(options: dict[str, object]) -> None:
    """7·7·1 conv 2 3x3: 5·5·2·9 = 450 MACs of one sample, 20 parameters in 80 bytes; a batch of 2 has 900."""
    spec = {"input": "7x7x1", "layers": ["conv 2 3x3"], "expect": {"macs": 450, "param_bytes": 80, "params": 20}}
    assert [found.message for found in analyze(spec, **options).findings] == []  # type: ignore[arg-type]


@for_each(
    ("text", "message", "hint"),
    [
        ("8x8x4 -> global avg pool", 'unknown layer type "global"', 'did you mean "global_avg_pool"?'),
        ("8x8x4 -> batch norm relu", 'unknown layer type "batch"', 'did you mean "batch_norm"?'),
        ("8x8x4 -> max pool 2", 'maximum: unknown word "pool"', 'did you mean "max_pool"?'),
        ("8x8x4 -> conv transpose 3 3", 'conv: unknown word "transpose"', 'did you mean "conv_transpose"?'),
        ("8x8x4 -> depthwise conv 3x3", 'depthwise_conv: unknown word "conv"', 'did you mean "depthwise_conv"?'),
        (
            "8x8x4 -> conv 3 3x3 same valid",
            "padding is given twice (first on line 1): same and valid",
            "`valid` means no padding; keep one of them",
        ),
        ("8x8x4 -> conv 3 3X3", 'conv: no place for "3X3"; it takes filters and kernel by position', "write 3x3"),
        ("8x8x4 -> conv 3 3x3, relu", 'conv: no place for "3x3,"; it', "write 3x3, and -> before the next layer"),
        ("8x8x4 -> conv 3 5*3", 'conv: no place for "5*3"; it takes filters and kernel by position', "write 5x3"),
        ("8 x 8 x 4 -> relu", 'input: "8 x 8 x 4" is not a shape', "write 8x8x4"),
        ("8X8X4 -> relu", 'input: "8X8X4" is not a shape', "write 8x8x4"),
        (
            "8x8x4 -> concat(conv 3 3, conv 3 3)",
            'conv: no place for "3,"; it takes filters and kernel by position',
            "write 3, and | before the next layer",
        ),
        (
            "8x8x4 -> concat(conv(3,3), conv(3,3))",
            'unknown word "conv(3,3)"',
            "branches are separated by `|`: concat(… | conv(3,3))",
        ),
        ("8x8x4 -> conv filters=8, kernel=3x3", 'filters: got "8,"', "write 8, without the comma"),
        (
            "8x8x4 -> 8 conv 3x3",
            'unknown layer type "8"',
            "an item begins with its type, and the values follow, as in conv 20 8x8",
        ),
        ("8x8x4 -> conv 3 3x3 s=2", 'conv has no field "s"', 'did you mean "stride"?'),
        ("8x8x4 -> conv 3 3x3 P1", 'conv: unknown word "P1"', "write p1"),
        ("8x8x4 -> conv 3 3px", 'conv: no place for "3px"; it takes filters and kernel by position', "write 3"),
        ("8x8x4 -> conv 3 3 stride=2px", 'stride: got "2px"', "write 2"),
        ("8x8x4 -> dropout 50%", 'dropout: no place for "50%"; it takes rate by position', "write 0.5"),
        ("8x8x4 -> dropout rate=12.5%", 'rate: got "12.5%"', "write 0.125"),
        ("8x8x4 -> upsample 2x", 'upsample: no place for "2x"; it takes scale by position', "write 2"),
        (
            "8x8x4 -> batch_norm 3",
            "batch_norm: no place for 3; it takes nothing by position",
            "leave it out, as the input says it, or write num_features=3",
        ),
        ("8x8x4 -> conv 3 3 in_channel=4", 'conv has no field "in_channel"', 'did you mean "in_channels"?'),
        ("8x8x4 -> dense in=3 out=8", 'dense has no field "in"', 'did you mean "in_features"?'),
        (
            "28.0x28x1 -> relu",
            'input: "28.0x28x1" is not a shape',
            "every size is a whole number from 1, without a decimal point",
        ),
        ("torch.randn(1, 3, 32, 32) -> relu", "the input is missing", "write 3x32x32, the shape without the batch"),
        (
            "x = keras.Input(shape=(28, 28, 1)) -> relu",
            "the input is missing",
            "write 28x28x1, the shape without the batch",
        ),
        ("input=28x28x1 -> relu", "the input is missing", "write 28x28x1, the shape without the batch"),
        (
            "conv(8, (3, 3)) -> relu",
            "the input is missing",
            "begin with the input's shape, as in 32x32x3 -> conv 20 8x8",
        ),
        ("8,8,4 -> relu", 'input: "8,8,4" is not a shape', "write 8x8x4"),
    ],
)
def test_what_people_type_from_habit(text: str, message: str, hint: str) -> None:
    """Names in several words, and signs of other notations are told how they are written here."""
    with pytest.raises(SpecError) as caught:
        analyze(text)
    found = caught.value.diagnostics[0]
    assert message in found.message
    assert found.hint == hint


def test_a_word_that_became_an_activation_is_told() -> None:
    """`conv big 3x3` lacks its filters, for no number is written where they stand."""
    with pytest.raises(SpecError) as caught:
        analyze("8x8x3 -> conv big 3x3 same")
    (found,) = caught.value.diagnostics
    assert (found.code, found.hint) == ("E205", 'for example: conv 20 8x8 s2 p1; "big" is read as an activation')


def test_what_a_batch_leaves_is_still_expected() -> None:
    """The parameters are those of any batch; a budget of work is for the batch that is asked about."""
    spec = {"input": "7x7x1", "layers": ["conv 2 3x3"], "expect": {"params": 21}, "budget": {"macs": 500}}
    codes = [found.code for found in analyze(spec, batch=2).findings]
    assert codes == ["E401", "E402"]


def test_a_shape_for_one_of_several_inputs_names_it() -> None:
    """Which of the two is meant cannot be told."""
    text = "image: 8x8x3, mask: 8x8x1 -> concat from=image,mask"
    with pytest.raises(SpecError) as caught:
        analyze(text, input="4x4x3")
    assert caught.value.diagnostics[0].message == "the spec has 2 inputs, image, mask: one shape does not say which"
    assert analyze(text, input={"image": "4x4x3", "mask": "4x4x1"}).outputs[0].shape == (4, 4, 4)


def test_expectations_rest_when_the_input_is_changed() -> None:
    """What a spec expects of itself does not hold for another input; its budget does."""
    text = "input: 32x32x3\nlayers: [conv 20 8x8]\nexpect: {output: 25x25x20}\nbudget: {macs: 2M}\n"
    assert [each.code for each in analyze(text, input="64x64x3").findings] == ["E402"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("8x8x3 -> conv 8 3x3 /2", "write s2 for a stride of 2"),
        ("8x8x3 -> max_pool 3 /3", "write s3 for a stride of 3"),
        ("8 -> softmax 10", "write dense 10 softmax for 10 outputs"),
        ("8 -> relu 5", "write dense 5 relu for 5 outputs"),
        ("8x8x3 => conv 8 3x3", "the arrow of an inline spec is ->: write 8x8x3 -> …"),
        ("8x8x3 - > conv 8 3x3", "the arrow of an inline spec is ->: write 8x8x3 -> …"),
        ("8x8x3 --> conv 8 3x3", "write 8x8x3, and the arrow as ->"),
        ("8x8x3 -> conv 8 3 x 3", "write 3x3"),
        ("8x8x3 -> max_pool 2 × 2", "write 2x2"),
        ("8x8x3 -> conv 6@5x5", "write 6 5x5"),
        ("8x8x3 -> conv 8 3x3*4", "to repeat the layer, write it in parentheses: (conv …)*4"),
        ("8x8x3 -> 4*(conv 8 3x3)", "write the number of repetitions after the parentheses: (…)*4"),
        ("8x8x3 -> conv 8 3x3 p-1", "padding is not negative"),
        ("8x8x3 -> conv 8 3x3 s", "write its number after it, as in s2"),
        ("8x8x3 -> prelu 3", "write num_parameters=3"),
    ],
)
def test_notations_of_slides_have_a_hint(text: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        analyze(text)
    assert caught.value.diagnostics[0].hint == hint


@pytest.mark.parametrize(
    "text",
    [
        "7x5 -> Bidirectional(LSTM(4), merge_mode=None)",
        "7x5 -> layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode=None)",
    ],
)
def test_two_outputs_of_a_bidirectional_layer_are_refused(text: str) -> None:
    """Keras returns a list of two tensors; `split 2` after the joined output gives the same halves."""
    with pytest.raises(SpecError, match="one output, not one for each direction"):
        analyze(text, convention="keras")
    merged = text.replace(", merge_mode=None", "") + " -> split 2"
    assert [layer.output_shape[-1] for layer in analyze(merged, convention="keras").layers[1:]] == [4, 4]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"b": {}, "from": ["a", "c"]}, "block b takes one input, got 2: a, c"),
        ({"layers": ["relu"], "from": ["a", "c"]}, "a group takes one input, got 2: a, c"),
    ],
)
def test_blocks_and_groups_take_one_input(item: dict[str, object], message: str) -> None:
    spec = {"input": "8x8x3", "blocks": {"b": ["relu"]}, "layers": ["conv 2 1x1 name=a", "conv 3 1x1 name=c", item]}
    with pytest.raises(SpecError) as caught:
        analyze(spec)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E307", message)
    assert found.hint == "name one of them with `from`, or merge them first"


def test_a_merge_without_branches() -> None:
    """An empty list is a mistake of its own, and not one of the number of inputs."""
    with pytest.raises(SpecError) as caught:
        analyze({"input": "9x3", "layers": [{"add": []}]})
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.hint) == ("E307", "add has no branches", "write branches, add: [[…], […]]")


@pytest.mark.parametrize(("key", "hint"), [("parameter", 'did you mean "parameters"?'), ("zzz", "known: ")])
def test_an_unknown_key_of_a_block(key: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        analyze({"input": "9x3", "blocks": {"b": {key: {}, "layers": ["relu"]}}, "layers": ["b"]})
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E201", f'unknown key "{key}" in block "b"')
    assert found.hint.startswith(hint)
