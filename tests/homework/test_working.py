"""The working below a wrong answer: it leads to the right one, for every metric that `check` can be asked."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from cnncalc.analysis.explain import explain
from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.diagnostics import SpecError
from cnncalc.homework.check import check
from cnncalc.homework.figure_paths import COUNTS, SHAPES, TOTALS, AskedModel, ask, show_value, subject_of
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from cnncalc.render.homework.judgements import as_markdown, as_text
from cnncalc.render.homework.working import working
from tests.sweeps import sampled
from tests.together import for_each

_NUMBER = re.compile(r"\d+(?:x\d+)+|\d[\d,]*(?:\.\d+)?(?:e\+?\d+)?")

TYPES = [kind for kind in load_all().values() if kind.examples]


def last_number(lines: list[str]) -> str:
    """What a working comes to."""
    return _NUMBER.findall(lines[-1])[-1]


def paths(about: AskedModel) -> list[str]:
    """Every metric of the last layer and of the model, its first arrays, and parts of its output."""
    node = about.graph.nodes[-1]
    assert node.layer is not None
    arrays = [weight.name for weight in node.layer.weights(*about.graph.inputs_of(node), node.shape)]
    return [
        *(f"{node.name}.{name}" for name in (*COUNTS, *SHAPES, *arrays[:6])), *(f"total.{name}" for name in TOTALS),
        *(f"{node.name}.{name}" for name in ("weights", "biases", "output_with_batch", "output_with_steps", "steps")),
        *(f"{node.name}.{name}.shape" for name in arrays[:2]), "weights", "biases", "weight_layers",
        "layers", "output", "output.channels", "output.height", "output.size", "receptive_field", "effective_stride",
    ]  # fmt: skip


def astray(text: str, **options: object) -> list[tuple[str, str, list[str]]]:
    """The metrics of a spec whose working does not end in the right answer."""
    about, found = subject_of(text, **options), []
    for path in paths(about):
        try:
            asked = ask(about, path)
        except SpecError:  # the layer has no such metric
            continue
        lines = working(about, asked)
        if not lines or last_number(lines) != show_value(asked.value):
            found.append((path, show_value(asked.value), lines))
    return found


def learns(kind: type[Layer]) -> bool:
    return kind.weights is not Layer.weights


@pytest.mark.parametrize("kind", sampled(filter(learns, TYPES), 5), ids=lambda kind: kind.type)
def test_every_working_ends_in_the_answer_above_it(kind: type[Layer]) -> None:
    """Counts, shapes, memory, totals and arrays of a batch, under a convention that counts statistics or not."""
    convention = ("keras", "pytorch", "formula")[len(kind.type) % 3]
    try:
        assert astray(kind.examples[0], convention=convention, batch=3, dtype="float16") == []
    except SpecError:  # this framework does not have the layer
        assert astray(kind.examples[0], batch=3, dtype="float16") == []


@pytest.mark.sweep
@pytest.mark.parametrize("place", range(len(TYPES)), ids=lambda place: TYPES[place].type)
def test_every_working_under_other_conventions(place: int) -> None:
    """As above, of every example of every layer type, in turn of one sample and of several.

    Each example is tried under two conventions, and the next layer type's under the next ones.
    """
    conventions = list(CONVENTIONS)
    for number, example in enumerate(TYPES[place].examples, start=place):
        for convention in (conventions[number % 6], conventions[(number + 3) % 6]):
            with suppress(SpecError):  # this framework does not have the layer
                options = {"batch": 3, "dtype": "float16"} if number % 2 else {}
                assert astray(example, convention=convention, **options) == []


@for_each(
    "spec",
    [
        "9x9x9 -> conv 4 3x3 relu -> batch_norm -> max_pool 2 -> flatten -> dense 10",
        "8x8x3 -> conv 4 3x3 -> relu -> add(conv 4 3x3 same | identity) -> global_avg_pool",
        {"input": 4, "layers": [{"dense": 4, "name": "a"}, {"dense": 4, "share_weights": "a"}]},
        {"input": 1, "layers": [{"embedding": "11 5", "name": "words"}, "flatten",
                                {"dense": "11", "share_weights": "words"}]},
        {"input": "8x8x3", "layers": [{"conv": "4 3x3", "trainable": False}, {"batch_norm": {}, "trainable": False}]},
    ],
    ids=range(5),
)  # fmt: skip
@for_each("convention", ["formula", "keras", "pytorch"])
def test_workings_of_several_layers_end_in_the_answer(spec: object, convention: str) -> None:
    """Sums over the layers, shared, tied and frozen weights."""
    assert astray(spec, convention=convention, batch=2) == []  # type: ignore[arg-type]


def test_totals_of_a_network_are_added_up() -> None:
    """LeNet-5: 61,706 parameters of 5 layers, and their bytes; the peak is the first layer's output."""
    about = subject_of("lenet5")
    lines = working(about, ask(about, "total.params"))
    assert lines[-1] == "= 156 + 2,416 + 48,120 + 10,164 + 850 = 61,706"
    assert working(about, ask(about, "total.param_bytes"))[-1] == "Bytes = 61,706·4 = 246,824"
    assert astray("lenet5") == []


@for_each(
    ("text", "convention", "path", "lines"),
    [
        # Keras: BatchNormalization on 512 features, 2,048 parameters, 1,024 of them non-trainable
        ("512 -> batch_norm", "keras", "params",
         ["Learned = 2·n = 2·512 = 1,024", "Not learned = 2·n = 2·512 = 1,024", "Parameters = 1,024 + 1,024 = 2,048"]),
        ("512 -> batch_norm", "keras", "buffers", ["Keras counts what is kept as parameters: Buffers = 0"]),
        ("512 -> batch_norm", "pytorch", "buffers", ["Buffers = 2·n = 2·512 = 1,024"]),
        ("512 -> batch_norm", "pytorch", "non_trainable_params",
         ["Training changes all of its parameters: Non-trainable parameters = 0"]),
        ("8x8x1 -> relu", "formula", "params", ["The layer has no weights: Parameters = 0"]),
        ("8x8x1 -> flatten", "formula", "flops", ["The layer moves numbers and computes none: FLOPs = 0"]),
        ("8x8x1 -> flatten", "formula", "macs", ["The layer multiplies by no weights: MACs = 0"]),
    ],
)  # fmt: skip
def test_workings_of_what_is_kept_and_of_zeros(text: str, convention: str, path: str, lines: list[str]) -> None:
    """What a framework counts as parameters, as buffers, or not at all, is said."""
    about = subject_of(text, convention=convention)
    assert working(about, ask(about, path)) == lines


def test_no_answer_ends_in_a_colon() -> None:
    """Every metric answered wrongly: "Right is …:" has a line below it, as text and as Markdown."""
    spec = "32x32x3 -> conv 20 8x8 s2 p1"
    about = subject_of(spec)
    found = check(spec, {f"total.{path}": "7" for path in TOTALS} | {"layers": "7", "input": "7x7x7"})
    for text in (as_text(about, found), as_markdown(about, found)):
        rights = [place for place, line in enumerate(text.splitlines()) if "Right is" in line]
        assert len(rights) == len(found)
        lines = [*text.splitlines(), ""]
        assert all(lines[place + 1].startswith("    ") for place in rights)


@for_each(
    ("text", "path", "answer", "options"),
    [
        # by hand, N products and N additions each: 2·14·14·20·8·8·3
        ("32x32x3 -> conv 20 8x8 s2 p1", "flops", "1505280", {}),
        ("32x32x3 -> conv 20 8x8 s2 p1", "total.flops", "1.51M", {}),
        ("32x32x3 -> conv 20 8x8 s2 p1 relu", "conv_1.flops", "1,505,280", {}),
        ("32x32x3 -> conv 20 8x8 s2 p1", "total.flops", "24084480", {"batch": 16}),
        ("100 -> dense 10 relu", "dense_1.flops", "2000", {}),
        ("8x8x3 -> depthwise_conv 3x3", "flops", "1944", {}),  # 2·6·6·3·9
        ("4x4x3 -> conv_transpose 5 2x2 s2", "flops", "1920", {}),  # 2·4·4·3·2·2·5
        ("7x5 -> lstm 3", "flops", "1344", {}),  # 2·7·4·(5·3 + 3·3)
        ("8x8x3 -> conv 2 3x3 relu -> flatten -> dense 10", "total.flops", "5328", {}),  # 2·(6·6·2·27 + 72·10)
    ],
)
def test_twice_the_macs_are_right_with_a_note(text: str, path: str, answer: str, options: dict[str, object]) -> None:
    """Many courses count FLOPs as 2·MACs: that is right, and the note gives what is counted here."""
    (found,) = check(text, {path: answer}, **options)
    assert found.status == "right with a note"
    assert found.note.startswith("2·MACs; with biases and element-wise operations it is ")


@pytest.mark.parametrize("answer", ["752640", "1505281", "3010560"])
def test_other_multiples_of_the_macs_are_wrong(answer: str) -> None:
    """MACs themselves, and 4·MACs, are not 2·MACs."""
    (found,) = check("32x32x3 -> conv 20 8x8 s2 p1", {"flops": answer})
    assert found.status == "wrong"


def test_the_working_of_operations_says_how_they_are_counted() -> None:
    """One remark, in `check` and in `explain`; none where there is nothing beside 2·MACs."""
    about = subject_of("32x32x3 -> conv 20 8x8 s2 p1")
    first, chain = working(about, ask(about, "flops"))
    assert "a sum of N products has N − 1 additions" in first
    assert chain == "FLOPs = 2·MACs + O·O·Cₒ = 2·752,640 + 14·14·20 = 1,505,280 + 3,920 = 1,509,200"
    (explained,) = explain("32x32x3 -> conv 20 8x8 s2 p1")
    assert any("Many courses count only 2·MACs = 1,505,280" in remark for remark in explained.remarks)
    (plain,) = explain("32x32x3 -> conv 20 8x8 s2 p1 bias=false")
    assert not any("2·MACs" in remark for remark in plain.remarks)
