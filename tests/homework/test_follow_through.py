"""What comes out where earlier answers count as right, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.homework.figure_paths import FigureValue, ask, subject_of
from cnncalc.homework.follow_through import worked_from
from cnncalc.homework.judge import Question
from cnncalc.homework.rework import Workings
from tests.together import for_each

CHAIN = "32x32x3 -> conv 20 8x8 s2 p1 -> max_pool 2 -> conv 8 3x3 -> flatten -> dense 10"
"""14x14x20 with 3,860 parameters, 7x7x20, 5x5x8 with 1,448, 200, 10 with 2,010; 7,318 in all.

MACs: 14·14·20·192 = 752,640, 5·5·8·180 = 36,000, and 2,000. Unshared: 756,560, 5·5·8·181 = 36,200, and 2,010.
"""

# What is asked for, the answers that count as right, and what follows; None where they lead nowhere.
FOLLOWING = [
    ("dense_1.params", {"conv_2.output": (3, 3, 8)}, 730),  # (72 + 1)·10
    ("dense_1.params", {"flatten_1.input": (3, 3, 8)}, 730),
    ("conv_2.params", {"conv_2.input": (7, 7, 10)}, 728),  # (9·10 + 1)·8
    ("dense_1.params", {"conv_2.output.height": 3}, 1210),  # 3·5·8 = 120
    ("dense_1.params", {"conv_2.output.width": 2}, 810),  # 5·2·8 = 80
    ("dense_1.params", {"conv_2.output.channels": 5}, 1260),  # 5·5·5 = 125
    ("dense_1.params", {"conv_2.output.height": 3, "conv_2.output.width": 2}, 490),  # 3·2·8 = 48
    ("dense_1.params", {"conv_2.output.size": 72}, 2010),  # no axis: the shape stays
    ("dense_1.params", {"max_pool_1.output": (5, 5, 20), "conv_2.output": (2, 2, 8)}, 330),  # the later one counts
    ("dense_1.params", {"max_pool_1.output": (5, 5, 20)}, 730),  # 5 − 3 + 1 = 3
    ("conv_1.params", {"conv_2.output": (3, 3, 8)}, 3860),  # what comes later changes nothing
    ("conv_2.macs", {"conv_2.output": (3, 3, 8)}, 12_960),  # 9 positions
    ("conv_2.unshared_params", {"conv_2.output": (3, 3, 8)}, 13_032),
    ("total.params", {"conv_2.params": 1440}, 7310),
    ("total.params", {"conv_2.weights": 1000}, 6878),  # 440 less
    ("total.params", {"conv_2.biases": 0}, 7310),
    ("total.params", {"conv_2.kernel": 1400, "conv_2.biases": 6}, 7276),  # 40 less, and 2
    ("total.params", {"conv_1.params": 0, "dense_1.params": 1}, 1449),
    ("total.params", {"conv_2.params": Fraction(1440)}, 7310),
    ("total.macs", {"conv_2.macs": 1000}, 755_640),
    ("total.unshared_params", {"conv_2.unshared_params": 1000}, 759_570),
    ("total.param_bytes", {"total.params": 7000}, 28_000),
    ("conv_2.activation_bytes", {"conv_2.activation_elements": 100}, 400),
    # A half of another layer's, or of another figure, would be a half of the bytes: but it is not of the same.
    ("total.param_bytes", {"conv_2.params": 724}, None),
    ("total.param_bytes", {"total.macs": 395_320}, None),
    ("total.param_bytes", {"total.params": 7000, "conv_2.output": (3, 3, 8)}, None),
    # A count of the model has no place in a layer, and no sum begins with it.
    ("total.macs", {"total.params": 7000}, None),
    ("total.macs", {"output": (5,)}, None),
    ("total.params", {"conv_2.params": Fraction("1440.5")}, None),
    ("conv_1.unshared_params", {"conv_1.unshared_params / conv_1.params": 200}, None),
    ("total.params", {"conv_2.activation_elements": 100}, None),
    ("total.params", {"conv_2.kernel.shape": (3, 3, 20, 9)}, None),  # not a count
    ("total.params", {"conv_2.params": 1440, "conv_2.activation_elements": 100}, None),
    ("conv_1.params", {"conv_2.params": 1440}, None),  # a later layer's
    # No kernel of 3 fits in 2: the input of flatten is unknown, and with it the arrays of what follows.
    ("conv_2.weights", {"conv_1.output": (4, 4, 20)}, None),
    ("dense_1.weights", {"conv_1.output": (4, 4, 20), "flatten_1.output": (90,)}, 900),
    ("dense_1.weights", {"conv_1.output": (4, 4, 20), "dense_1.output": (5,)}, None),
    ("dense_1.biases", {"conv_1.output": (4, 4, 20), "dense_1.output": (5,)}, None),
]  # fmt: skip


@for_each(("asked", "said", "expected"), FOLLOWING)
def test_what_follows_from_earlier_answers(
    asked: str, said: dict[str, FigureValue], expected: FigureValue | None
) -> None:
    about = subject_of(CHAIN)
    taken = [(ask(about, path), value) for path, value in said.items()]
    assert worked_from(Question(about, ask(about, asked)), taken, Workings(None)) == expected


# A model, what is asked for, an earlier answer, what follows: layers whose figures are more than a product.
OTHERS = [
    # Keras counts the moving statistics: 4 numbers for each of 5 channels instead of 4.
    (("keras", "9x9x2 -> conv 4 3x3 -> batch_norm"), "batch_norm_1.params", {"conv_1.output": (7, 7, 5)}, 20),
    (("formula", "9x9x2 -> conv 4 3x3 -> batch_norm"), "batch_norm_1.params", {"conv_1.output": (7, 7, 5)}, 10),
    (("keras", "9x9x2 -> conv 4 3x3 -> batch_norm"), "batch_norm_1.unshared_params", {"conv_1.output": (7, 7, 5)}, 980),
    # A layer that shares all its weights has none of its own; its work is its own: 5·5 positions of 9·3·3.
    (
        ("formula", "9x9x3 -> conv 3 3x3 name=a -> conv 3 3x3 share_weights=a"),
        "conv_1.params", {"a.output": (6, 6, 3)}, 0,
    ),
    (
        ("formula", "9x9x3 -> conv 3 3x3 name=a -> conv 3 3x3 share_weights=a"),
        "conv_1.macs", {"a.output": (6, 6, 3)}, 4 * 4 * 3 * 27,
    ),
    # Regions: 3 boxes of each image, 2x2 of 4 channels; the dense layer's 16·5 products for each of them.
    (
        ("pytorch", "x: 4x9x9, boxes: 3x4 -> roi_align 2 from=[x, boxes] -> flatten -> dense 5"),
        "dense_1.macs", {"roi_align_1.output": (4, 1, 2)}, 3 * 8 * 5,
    ),
    # Layers whose output follows from no kernel: what comes after goes on from the answer all the same.
    (
        ("formula", "9x9x3 -> concat(conv 4 1x1 | identity) -> conv 2 1x1"),
        "conv_2.params", {"concat_1.output": (9, 9, 8)}, (8 + 1) * 2,
    ),
    (("formula", "9x9x3 -> global_avg_pool -> dense 5"), "dense_1.params", {"global_avg_pool_1.output": (9,)}, 50),
    (("formula", "9x9x3 -> locally_connected 4 3x3 -> flatten"), "total.params",
     {"locally_connected_1.output": (9, 9, 4)}, 9 * 9 * 4 * 28),  # a kernel at each position of the answer
]  # fmt: skip


@for_each(("model", "asked", "said", "expected"), OTHERS)
def test_what_follows_in_other_layers(
    model: tuple[str, str], asked: str, said: dict[str, FigureValue], expected: FigureValue
) -> None:
    about = subject_of(model[1], convention=model[0])
    taken = [(ask(about, path), value) for path, value in said.items()]
    assert worked_from(Question(about, ask(about, asked)), taken, Workings(None)) == expected
