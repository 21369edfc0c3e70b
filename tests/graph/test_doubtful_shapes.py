"""Which sizes look like an image or a batch in another order, at each bound, and the hints about them in full."""

from __future__ import annotations

from typing import Literal

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import setting as make_setting
from cnncalc.graph.doubts import _ANY_IMAGES, _IMAGES, describe, other_order, without_batch, without_options
from tests.graph.facts import mistakes_of
from tests.together import for_each

IMAGES = {"built": _IMAGES, "failed": _ANY_IMAGES}
Sizes = tuple[int, ...]


@for_each(
    ("layout", "images", "shape", "turned"),
    [
        ("HWC", "built", (3, 224, 224), (224, 224, 3)), ("CHW", "built", (224, 224, 3), (3, 224, 224)),
        # 3 channels: a square from 5, other images from 16, of a ratio up to 4
        ("HWC", "built", (3, 5, 5), (5, 5, 3)), ("HWC", "built", (3, 6, 6), (6, 6, 3)),
        ("HWC", "built", (3, 2, 2), None),
        ("HWC", "built", (3, 16, 17), (16, 17, 3)), ("HWC", "built", (3, 17, 15), None),
        ("HWC", "built", (3, 16, 64), (16, 64, 3)),
        ("HWC", "built", (3, 65, 16), None),
        # 1 channel: a square from 8, others from 16, a ratio of 2
        ("HWC", "built", (1, 8, 8), (8, 8, 1)), ("HWC", "built", (1, 7, 7), None), ("HWC", "built", (1, 16, 32),
        (16, 32, 1)),
        ("HWC", "built", (1, 16, 33), None), ("HWC", "built", (1, 15, 16), None),
        # 4 channels: a square from 32, others from 64, a ratio of 2
        ("HWC", "built", (4, 32, 32), (32, 32, 4)), ("HWC", "built", (4, 31, 31), None),
        ("HWC", "built", (4, 64, 128), (64, 128, 4)),
        ("HWC", "built", (4, 64, 129), None), ("HWC", "built", (4, 63, 65), None),
        # After a failure: squares from 2, 2 and 8, the same for others, ratios of 4, 8 and 2
        ("HWC", "failed", (1, 2, 2), (2, 2, 1)), ("HWC", "failed", (1, 2, 8), (2, 8, 1)),
        ("HWC", "failed", (1, 2, 9), None),
        ("HWC", "failed", (3, 2, 2), (2, 2, 3)), ("HWC", "failed", (3, 2, 16), (2, 16, 3)),
        ("HWC", "failed", (3, 2, 17), None),
        ("HWC", "failed", (3, 1, 5), None), ("HWC", "failed", (4, 8, 8), (8, 8, 4)), ("HWC", "failed", (4, 7, 7), None),
        ("HWC", "failed", (4, 8, 16), (8, 16, 4)), ("HWC", "failed", (4, 8, 17), None),
        ("HWC", "failed", (4, 7, 9), None),
        ("HWC", "failed", (1, 1, 2), None), ("HWC", "failed", (3, 16, 4), (16, 4, 3)),
        # The last axis may be a number of channels, too: no doubt where the spec builds
        ("HWC", "built", (3, 16, 4), None), ("HWC", "built", (3, 16, 3), None), ("HWC", "built", (2, 64, 64), None),
        # Signals of 1 or 2 channels from 32 steps
        ("HWC", "built", (1, 32), (32, 1)), ("HWC", "built", (2, 32), (32, 2)), ("HWC", "built", (1, 31), None),
        ("HWC", "built", (3, 32), None), ("CHW", "built", (32, 1), (1, 32)),
        ("HWC", "built", (3, 2, 16, 16), (2, 16, 16, 3)), ("HWC", "built", (3, 2, 2, 16, 16), None),
        ("HWC", "built", (32,), None),
    ],
)  # fmt: skip
def test_the_other_order(layout: Literal["HWC", "CHW"], images: str, shape: Sizes, turned: Sizes | None) -> None:
    assert other_order(shape, make_setting("formula", layout), IMAGES[images]) == turned


@for_each(
    ("layout", "images", "shape", "rest"),
    [
        ("HWC", "built", (1, 224, 224, 3), (224, 224, 3)), ("HWC", "built", (1, 3, 224, 224), (224, 224, 3)),
        ("HWC", "built", (2, 224, 224, 3), None), ("HWC", "failed", (2, 224, 224, 3), (224, 224, 3)),
        ("HWC", "built", (64, 3, 32, 32), (32, 32, 3)), ("HWC", "built", (64, 3, 31, 31), None),
        ("HWC", "built", (64, 3, 32, 33), None),
        ("HWC", "built", (64, 4, 32, 32), None), ("CHW", "built", (64, 3, 128, 128), (3, 128, 128)),
        ("CHW", "built", (64, 3, 127, 127), None), ("HWC", "failed", (7, 3, 16, 16), (16, 16, 3)),
        ("HWC", "built", (1, 8, 224, 224, 3), None), ("HWC", "failed", (1, 8, 224, 224, 3), (8, 224, 224, 3)),
        ("HWC", "failed", (2, 7, 9), None), ("HWC", "failed", (2, 5, 7, 11), None),
        ("HWC", "failed", (1, 1, 1, 8, 8, 3), None),
    ],
)  # fmt: skip
def test_sizes_with_a_batch(layout: Literal["HWC", "CHW"], images: str, shape: Sizes, rest: Sizes | None) -> None:
    assert without_batch(shape, make_setting("formula", layout), IMAGES[images]) == rest


@for_each(
    ("shape", "layout", "words"),
    [
        ((3, 224, 225), "HWC", "height 3, width 224, 225 channels"),
        ((3, 224, 225), "CHW", "3 channels, height 224, width 225"),
        ((5,), "HWC", "5 channels"), ((7, 1), "HWC", "length 7, 1 channel"),
        ((2, 3, 4, 5), "HWC", "depth 2, height 3, width 4, 5 channels"),
        ((2, 3, 4, 5, 6), "HWC", "axis 1 2, axis 2 3, axis 3 4, axis 4 5, 6 channels"),
    ],
)  # fmt: skip
def test_the_axes_in_words(shape: Sizes, layout: Literal["HWC", "CHW"], words: str) -> None:
    assert describe(shape, layout) == words


LAYOUT = "give --layout CHW (`layout: CHW` in a file), or write 224x224x3; stating HWC confirms this reading"
READ = "3x224x224 is read as height 3, width 224, 224 channels (HWC): if it is 3 channels, height 224, width 224, "
BATCH = "3 channels (HWC): shapes have no batch axis: if"
SIDES = f"read as depth {{}}, height 224, width 224, {BATCH}"
FOUR = f"read as axis 1 7, axis 2 5, axis 3 224, axis 4 224, {BATCH}"
SIGNAL = "read as length 30, 16 channels (HWC): if it is an image of one channel"
VALUES = "\notherwise give one number, or a list of"
PAD = "\notherwise pad by at least 2, or use a kernel of at most 3"
TWO = "input: {a: 3x224x224, b: 64x64x3}\nlayers: [{conv: 5 7, from: a}, {conv: 5 7, from: b}]"


@for_each(
    ("text", "hint"),
    [
        ("3x224x224 -> conv 5 7", READ + LAYOUT + PAD),
        (TWO, READ + "write 224x224x3; stating HWC confirms this reading" + PAD),
        ("layout: HWC\ninput: 3x224x224\nlayers: [conv 5 7]", READ + "write 224x224x3" + PAD),
        ("input: {a: 3x224x224, b: 7}\nlayers: [{conv: 5 7, from: a}, {dense: 5, from: b}]", READ + LAYOUT + PAD),
        ("1x224x224x3 -> conv 5 7x7", f"1x224x224x3 is {SIDES.format(1)} 1 is the batch, write 224x224x3{VALUES} 3"),
        ("2x224x224x3 -> conv 5 7x7",
         f"2x224x224x3 is {SIDES.format(2)} 2 is the batch, write 224x224x3, and give --batch 2{VALUES} 3"),
        ("7x5x224x224x3 -> conv 5 3x3",
         f"7x5x224x224x3 is {FOUR} 7 is the batch, write 5x224x224x3, and give --batch 7"),
        ("30x16 -> conv 5 3x3", f"30x16 is {SIGNAL}, write 30x16x1{VALUES} 1"),
        ("16x28x28x1 -> conv 5 20x20x2", "pad by at least 2, or use a kernel of at most 16"),
    ],
)  # fmt: skip
def test_the_hint_of_a_failure(text: str, hint: str) -> None:
    """What was probably meant, and the advice that the mistake has without it."""
    assert [advice for _, _, advice in mistakes_of(text)] == [hint]


def test_only_the_first_mistake_about_sizes_has_the_doubt() -> None:
    """A mistake of another kind after it keeps its own hint."""
    first, second = mistakes_of("3x224x224 -> conv 5 7 -> dense 5 zz=5")
    assert (first[2], second[2]) == (READ + LAYOUT + PAD, "it has units, bias, fixed_bias")


@for_each(
    ("text", "doubts"),
    [
        ("3x224x224 -> conv 5 3", ["input: " + READ.partition(": ")[2] + LAYOUT]),
        ("input: {a: 3x224x224, b: 64x64x3}\nlayers: [{conv: 5 3, from: a}, {conv: 5 7, from: b}]",
         ["a: " + READ.partition(": ")[2] + "write 224x224x3; stating HWC confirms this reading"]),
        ("input: {a: 3x224x224, b: 7}\nlayers: [{conv: 5 3, from: a}, {dense: 5, from: b}]",
         ["a: " + READ.partition(": ")[2] + LAYOUT]),
        ("3x224x224 -> batch_norm -> flatten", ["input: " + READ.partition(": ")[2] + LAYOUT]),
        # Nothing depends on the order: flattened, elementwise, a signal of one position.
        ("3x224x224 -> flatten -> dense 5", []), ("3x224x224 -> relu", []), ("1x100 -> conv 5 1", []),
        ("1x100 -> dense 5", []),
        ("layout: HWC\ninput: 3x224x224\nlayers: [conv 5 3]", []),
    ],
)  # fmt: skip
def test_doubts_about_what_builds(text: str, doubts: list[str]) -> None:
    assert [f"{doubt.name}: {doubt.hint}" for doubt in load(text).doubts] == doubts


@for_each(
    ("hint", "rest"),
    [
        (LAYOUT, "write layout: CHW, or write 224x224x3; stating HWC confirms this reading"),
        ("write 224x224x3, and give --batch 2", "write 224x224x3"), ("pad", "pad"),
    ],
)  # fmt: skip
def test_a_hint_without_options(hint: str, rest: str) -> None:
    assert without_options(hint) == rest
