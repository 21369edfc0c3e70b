"""Exercises that count layers, and that ask whether a window fits."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, topic


@topic
def weight_layers(dice: Dice, level: int) -> Exercise:
    """The number of layers with weights, as in "VGG-16"."""
    items = []
    for stage in range(dice.number(2, 2 + level)):
        filters = 8 * 2**stage
        for _ in range(dice.number(1, 3)):
            items.append(f"conv {filters} 3x3 p1")
            items += ["batch_norm"] * (level == 3) + ["relu"] * (level > 1)
        items.append("max_pool 2")
    units = [dice.choice((10, 50, 100)) for _ in range(dice.number(1, 3))]
    spec = " -> ".join(["64x64x3", *items, "flatten", *(f"dense {count}" for count in units)])
    text = "{network} Names such as VGG-16 count the layers with weights, without normalizations. What is it here?"
    return Exercise(text, spec, ("weight_layers",))


@topic
def fitting(dice: Dice, level: int) -> Exercise:
    """The output of a layer whose windows have to fit exactly, or that they do not fit."""
    kernel, stride = dice.number(2, 5), dice.number(2, 3 if level == 1 else 4)
    padding = 0 if level == 1 else dice.number(0, kernel // 2)
    fits = dice.kind((False, True))
    output, channels = dice.number(4, 12), dice.choice((3, 8, 16))
    rest = 0 if fits else dice.number(1, stride - 1)
    size = (output - 1) * stride + kernel - 2 * padding + rest
    width = size + stride * dice.number(1, 3) if level == 3 else size
    given = f"{size}x{width}x{channels}"
    words = f" and padding {padding}" if padding else " and no padding"
    text = (
        f"An input of {given} goes through 8 filters of {kernel}x{kernel} with stride {stride}{words}. Here, a "
        "size that is not whole is an error. What is the shape of the output, if there is one?"
    )
    spec = f"{given} -> conv 8 {kernel}x{kernel} s{stride}{f' p{padding}' if padding else ''} rounding=exact"
    shape = Exercise("Shape of the output, or “does not fit”", asks=("output",), right="" if fits else "does not fit")
    return Exercise(text, spec, parts=(shape,))
