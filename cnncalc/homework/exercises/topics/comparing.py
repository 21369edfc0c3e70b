"""Exercises that compare two ways: SAME and VALID, with and without a 1x1 convolution, with and without sharing."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, topic

_WIDTHS = (32, 64, 128, 192, 256)


@topic
def same_and_valid(dice: Dice, level: int) -> Exercise:
    """The outputs of SAME and of VALID padding on the same input."""
    size, filters, kernel = dice.number(9, 40), dice.choice((4, 8, 16)), dice.number(2, 5 if level == 1 else 7)
    stride = 1 if level == 1 else dice.number(2, 4)
    width = size + (dice.number(1, 9) if level == 3 else 0)
    layer = f"conv {filters} {kernel}x{kernel} s{stride}"
    text = (
        f"An input of {size}x{width}x3 goes through {filters} filters of {kernel}x{kernel} with stride {stride}: "
        "first with TensorFlow's padding SAME, and once more with VALID. What are the shapes of the two outputs?"
    )
    spec = f"{size}x{width}x3 -> {layer} same -> {layer} valid from=input"
    return Exercise(text, spec, ("conv_1.output", "conv_2.output"))


@topic
def bottleneck(dice: Dice, level: int) -> Exercise:
    """The saving by a 1x1 convolution before a 3x3 or 5x5 one."""
    side, kernel = dice.choice((14, 28)), 3 if level == 1 else dice.choice((3, 5))
    channels, filters, between = dice.choice(_WIDTHS[1:]), dice.choice(_WIDTHS), dice.choice((8, 16, 24))
    given, last = f"{side}x{side}x{channels}", f"conv {filters} {kernel}x{kernel} p{kernel // 2}"
    text = (
        f"An input of {given} goes through {filters} filters of {kernel}x{kernel} with padding {kernel // 2}, or first "
        f"through {between} filters of 1x1 and then through these filters. "
    )
    spec = f"{given} -> {last} bias=false -> conv {between} 1x1 bias=false from=input -> {last} bias=false"
    figure, words = ("params", "weights are learned") if level == 1 else ("macs", "multiply–accumulates are needed")
    asks = [f"conv_{number}.{figure}" for number in (1, 2, 3)]
    if level == 3:
        asks.append(f"conv_1.{figure} / conv_3.{figure}")
    return Exercise(
        f"{text}There are no biases. How many {words} for the direct layer (here the first convolution), for the 1x1 "
        "layer (the second), and for the layer after it (the third)?", spec, tuple(asks),
    )  # fmt: skip


@topic
def unsharing(dice: Dice, level: int) -> Exercise:
    """One layer of a network without weight sharing."""
    size, filters = dice.number(8, 16), dice.choice((4, 6, 8))
    first = f"conv {filters} 3x3"
    stride = 1 if level == 1 else 2
    other = f"locally_connected {filters} 3x3" + (f" s{stride}" if stride > 1 else "")
    items = [first, other] if level < 3 or dice.kind((True, False)) else [other, first]
    spec = f"{size}x{size}x3 -> {' -> '.join(items)} -> flatten -> dense 10"
    place = "second" if items[0] == first else "first"
    text = (
        f"{{network}} The {place} of the two layers of filters shares no weights: every position has its own filters "
        "and biases. How many parameters does this layer have, and the whole network?"
    )
    return Exercise(text, spec, ("locally_connected_1.params", "total.params"))
