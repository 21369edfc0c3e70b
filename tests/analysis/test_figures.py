"""The report's figures against hand arithmetic, papers and the frameworks."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.figures import report_on
from cnncalc.diagnostics import SpecError
from tests.together import for_each

QUIZ = "32x32x3 -> conv 20 8x8 s2 p1"


def test_the_quiz_layer() -> None:
    """Udacity's question: 14x14x20; (8*8*3 + 1)*20 = 3,860 shared; times 14*14 = 756,560 unshared, 196 times."""
    report = analyze(QUIZ)
    assert report.outputs[0].shape == (14, 14, 20)
    assert report.totals.params == 3860
    assert report.totals.unshared_params == 756_560 == 196 * 3860


@for_each(
    ("text", "convention", "output"),
    [
        # TensorFlow's own rules on the quiz layer
        ("32x32x3 -> conv 20 8x8 s2 same", "tensorflow", (16, 16, 20)),
        ("32x32x3 -> conv 20 8x8 s2 valid", "tensorflow", (13, 13, 20)),
        # Udacity, convolutional networks: exercises on padding and pooling
        ("10x10x3 -> conv 64 5x5 s2 same", "formula", (5, 5, 64)),
        ("4x4x5 -> max_pool 2 s2", "formula", (2, 2, 5)),
        ("4x4x5 -> max_pool 2 s2 same", "formula", (2, 2, 5)),
        ("8x8x10 -> max_pool 2 s2", "formula", (4, 4, 10)),
        ("100x100x3 -> global_avg_pool", "formula", (1, 1, 3)),
        ("100x100x3 -> global_avg_pool", "keras", (3,)),
        # CS231n, Convolutional Networks: spatial arrangement
        ("7x7x1 -> conv 1 3x3", "formula", (5, 5, 1)),
        ("7x7x1 -> conv 1 3x3 s2", "formula", (3, 3, 1)),
        ("7x7x1 -> conv 1 3x3 s3", "formula", (2, 2, 1)),
        ("7x7x1 -> conv 1 3x3 p1", "formula", (7, 7, 1)),
        ("5x1 -> conv 1 3 p1 s2", "formula", (3, 1)),
        ("5x1 -> conv 1 3 p1", "formula", (5, 1)),
        ("32x32x3 -> conv 10 5x5 p2", "formula", (32, 32, 10)),
        ("32x32x3 -> conv 6 5x5", "formula", (28, 28, 6)),
        ("5x5x1 -> conv 1 3x3 s2", "formula", (2, 2, 1)),
        ("28x28x1 -> conv 32 3x3", "formula", (26, 26, 32)),
        ("227x227x3 -> conv 96 11x11 s4", "formula", (55, 55, 96)),
        # dense on a volume is each convention's own choice
        ("7x7x64 -> dense 10", "formula", (10,)),
        ("7x7x64 -> dense 10", "keras", (7, 7, 10)),
        ("64x7x7 -> dense 10", "onnx", (10,)),
        # Caffe's pooling rounds up: GoogLeNet's 112 -> 56, where the floor gives 55
        ("64x112x112 -> max_pool 3 s2", "caffe", (64, 56, 56)),
        ("112x112x64 -> max_pool 3 s2", "formula", (55, 55, 64)),
        # an unsaid stride of a pool is its kernel, or 1 under ONNX
        ("3x12x12 -> max_pool 3", "pytorch", (3, 4, 4)),
        ("3x12x12 -> max_pool 3", "onnx", (3, 10, 10)),
    ],
)
def test_outputs(text: str, convention: str, output: tuple[int, ...]) -> None:
    """Shapes as the courses and the frameworks have them."""
    assert analyze(text, convention=convention).outputs[0].shape == output


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("32x32x3 -> conv 10 5x5 p2", 760),  # (5*5*3 + 1) * 10, CS231n
        ("28x28x1 -> conv 32 3x3", 320),  # (9 + 1) * 32
        ("227x227x3 -> conv 96 11x11 s4", 34_944),  # (11*11*3 + 1) * 96, AlexNet's first layer
        ("300x300x3 -> conv 100 5x5", 7_600),  # (75 + 1) * 100
        ("300x300x3 -> dense 100", 27_000_100),  # 270,000*100 + 100
    ],
)
def test_parameters(text: str, params: int) -> None:
    """Parameters worked by hand."""
    assert analyze(text).totals.params == params


def test_an_exact_stride_that_does_not_fit_is_refused() -> None:
    """CS231n: 7x7, 3x3, stride 3 does not fit; (7 - 3)/3 + 1 = 2.33."""
    with pytest.raises(SpecError, match=r"2\.33"):
        analyze("7x7x1 -> conv 1 3x3 s3 exact")


@pytest.mark.parametrize(
    ("convention", "params", "non_trainable", "buffers"),
    [
        ("formula", 10, 0, 10),
        ("keras", 20, 10, 0),
        ("tensorflow", 20, 10, 0),
        ("pytorch", 10, 0, 10),
        ("onnx", 10, 0, 10),
    ],
)
def test_moving_statistics(convention: str, params: int, non_trainable: int, buffers: int) -> None:
    """Keras prints batch norm's moving mean and variance as non-trainable parameters; PyTorch holds buffers."""
    totals = analyze("5x5x5 -> batch_norm", convention=convention).totals
    assert (totals.params, totals.non_trainable_params, totals.buffers) == (params, non_trainable, buffers)


NAMES = ("params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "activation_elements")
ARRAY = {"input": "5x5x3", "layers": [{"parameter": "7x11"}]}


@for_each(
    ("spec", "options", "figures"),
    [
        # (1*1*3 + 1)*3 = 12, counted once; used at 5*5 positions, 300 weights if none were shared
        ("5x5x3 -> conv 3 1x1 name=a", {}, (12, 12, 0, 0, 300, 75)),
        ("5x5x3 -> conv 3 1x1 name=a -> conv 3 1x1 share_weights=a", {}, (0, 0, 0, 0, 300, 75)),
        # scale and shift, mean and variance, of 3 channels each
        ("5x5x3 -> batch_norm", {}, (6, 6, 0, 6, 150, 75)),
        ("5x5x3 -> batch_norm", {"convention": "keras"}, (12, 6, 6, 0, 300, 75)),
        ("5x5x3 -> batch_norm name=a -> batch_norm share_weights=a", {}, (0, 0, 0, 0, 150, 75)),
        ("5x5x3 -> batch_norm name=a -> batch_norm share_weights=a", {"convention": "keras"}, (0, 0, 0, 0, 300, 75)),
        # a tied autoencoder counts the bias of its second layer; (30 + 1)*784 weights if none were shared
        ("784 -> dense 30 name=a -> dense 784 share_weights=a", {"convention": "keras"}, (784, 784, 0, 0, 24_304, 784)),
        # (3*3*3 + 1)*7 = 196 at 3*3 positions
        ("5x5x3 -> conv 7 3x3 trainable=false", {}, (196, 0, 196, 0, 1764, 63)),
        ("5x5x3 -> conv 7 3x3 trainable=false", {"convention": "keras", "batch": 2}, (196, 0, 196, 0, 1764, 126)),
        # A learned array is stored among the parameters, what an activation makes of it once for all samples.
        (ARRAY, {"batch": 2}, (77, 77, 0, 0, 77, 0)),
        ({**ARRAY, "layers": [{"parameter": "7x11", "activation": "relu"}]}, {"batch": 2}, (77, 77, 0, 0, 77, 77)),
        ({**ARRAY, "layers": [{"parameter": "7x11"}, "relu"]}, {"batch": 2}, (0, 0, 0, 0, 0, 77)),
    ],
)
def test_parameters_and_memory_of_the_last_layer(
    spec: object, options: dict[str, object], figures: tuple[int, ...]
) -> None:
    """Counted by hand, with those that a layer before it counts already, and those that are not trained."""
    last = analyze(spec, **options).layers[-1]
    assert tuple(getattr(last, name) for name in NAMES) == figures
    assert last.activation_bytes == 4 * figures[-1]


def test_operations_on_a_learned_array() -> None:
    """7*11 comparisons of a relu, whatever the batch."""
    last = analyze({**ARRAY, "layers": [{"parameter": "7x11"}, "relu"]}, batch=2).layers[-1]
    assert (last.macs, last.flops) == (0, 77)


def test_what_a_report_says_of_the_spec() -> None:
    """Inputs, settings and the layer whose weights are shared, as the spec gives them."""
    report = analyze("5x7x3 -> conv 3 1x1 name=a -> conv 3 1x1 share_weights=a")
    assert [tuple(each) for each in report.inputs] == [("input", (5, 7, 3))]
    first, second = report.layers
    assert (first.shares_with, second.shares_with) == (None, "a")
    assert second.settings["filters"] == 3


def test_a_report_without_receptive_fields() -> None:
    """Views may be given; a sum of two inputs has none either."""
    graph = load("9x9x1 -> conv 2 3x3")
    assert report_on(graph).layers[0].receptive_field == (3, 3)
    assert report_on(graph, seen=[None, None]).layers[0].receptive_field is None
    (joined,) = analyze("a: 9x1, b: 9x1 -> add from=[a, b]").layers
    assert (joined.receptive_field, joined.effective_stride) == (None, None)


def test_a_text_that_cannot_be_read() -> None:
    """The mistake of its text is raised, not a later one."""
    with pytest.raises(SpecError) as caught:
        analyze("9x9x1 -> relu ->")
    assert [each.code for each in caught.value.diagnostics] == ["E110"]


@pytest.mark.parametrize(
    ("spec", "layer", "field", "stride"),
    [
        # Araujo, Norris & Sim, Distill 2019, table of receptive fields
        ("vgg16", "stage5.max_pool_1", 212, 32),
        ("alexnet", "features", 195, 32),
        # the stride on the 3x3 convolution (torchvision), worked with the same recursion
        ("resnet50", "stage4", 427, 32),
        ("resnet18", "stage4", 435, 32),
    ],
)
def test_receptive_fields(spec: str, layer: str, field: int, stride: int) -> None:
    """Receptive fields and effective strides as published."""
    report = analyze(spec)
    last = [each for each in report.layers if each.name == layer or each.name.startswith(f"{layer}.")][-1]
    assert last.receptive_field == (field, field)
    assert last.effective_stride == (stride, stride)


@for_each(
    ("text", "field", "stride"),
    [
        ("17x17x1 -> conv 1 3x3 -> conv 1 3x3", (5, 5), (1, 1)),
        ("17x17x1 -> conv 1 3x3 s2 -> conv 1 3x3", (7, 7), (2, 2)),  # 3 + 2*2
        ("17x17x1 -> conv 1 3x5 d2", (5, 9), (1, 1)),
        ("17x17x1 -> conv 1 3x3 -> relu -> max_pool 2", (4, 4), (2, 2)),
        ("17x17x1 -> add(conv 1 3x3 p1 | conv 1 7x7 p3)", (7, 7), (1, 1)),
        ("17x17x1 -> concat(conv 1 3x3 s2 p1 | conv 1 1x1 -> max_pool 2 s2 ceil)", (3, 3), (2, 2)),  # -1…1 and 0…1
        ("17x17x1 -> conv 1 3x3 s2 -> flatten", (17, 17), None),
        ("17x17x1 -> global_avg_pool", (17, 17), None),
        ("8x8x1 -> conv_transpose 1 4x4 s2 p1", (2, 2), (0.5, 0.5)),
        ("8x8x1 -> conv 1 3x3 s2 p1 -> conv_transpose 1 2x2 s2", (3, 3), (1, 1)),
    ],
)
def test_receptive_field_of_small_networks(
    text: str, field: tuple[int, ...] | None, stride: tuple[float, ...] | None
) -> None:
    """r grows by (F' - 1) times the product of the strides before; a merge sees the union of its branches."""
    last = analyze(text).layers[-1]
    assert last.receptive_field == field
    assert last.effective_stride == stride


def test_branches_of_unequal_strides_see_the_union_position_by_position() -> None:
    """Of 5 outputs, output k sees 2k to 2k + 2 and k to k + 6: 7 positions each time, and there is no one stride."""
    last = analyze("11x11x1 -> add(conv 1 3x3 s2 | conv 1 7x7)").layers[-1]
    assert last.receptive_field == (7, 7)
    assert last.effective_stride is None


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("10 -> dense 20 -> dense 5", 30),  # 10 + 20
        ("10 -> dense 5 -> dense 20 -> dense 2", 25),  # 5 + 20
        ("10 -> add(dense 10 | identity) -> dense 2", 30),  # input, dense and the identity's copy, then the sum
        ("10 -> dense 20 name=a -> dense 3 -> dense 4 -> concat from=a,dense_2", 48),  # 20 + 4 + 24
    ],
)
def test_peak_activation_memory(text: str, elements: int) -> None:
    """The most that is alive at once: inputs and output of a layer together, each tensor freed after its last use."""
    assert analyze(text).totals.peak_activation_bytes == 4 * elements
    assert analyze(text, dtype="float16", batch=3).totals.peak_activation_bytes == 2 * 3 * elements


def test_work_is_for_the_whole_batch() -> None:
    """Parameters do not depend on the batch; work and elements do."""
    one, five = analyze(QUIZ).totals, analyze(QUIZ, batch=5).totals
    assert five.params == one.params
    assert (five.macs, five.flops, five.activation_elements) == (
        5 * one.macs,
        5 * one.flops,
        5 * one.activation_elements,
    )


def test_flops_are_twice_the_macs_and_the_rest() -> None:
    """14*14*20 = 3,920 outputs of 192 MACs; one addition of the bias and one relu each."""
    report = analyze(QUIZ + " relu")
    assert report.totals.macs == 3920 * 192
    assert report.totals.flops == 2 * 3920 * 192 + 3920 + 3920
