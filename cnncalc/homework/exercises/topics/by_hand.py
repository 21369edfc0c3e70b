"""Exercises that are computed by hand on small arrays: transposed convolution, unpooling, Boltzmann machines."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.topics import Exercise, topic


def _matrix(dice: Dice, rows: int, columns: int, low: int = 0, high: int = 5) -> str:
    lines = (", ".join(str(dice.number(low, high)) for _ in range(columns)) for _ in range(rows))
    return f"[[{'], ['.join(lines)}]]"


def _bits(dice: Dice, count: int) -> str:
    """Zeros and ones, of which the first is 1."""
    return f"[{', '.join(['1', *(str(dice.number(0, 1)) for _ in range(count - 1))])}]"


@topic
def transpose_by_hand(dice: Dice, level: int) -> Exercise:
    """The values of a transposed convolution."""
    kernel, stride = (2, 2) if level == 1 else (dice.choice((2, 3)), dice.kind((1, 2)))
    padding = 1 if level == 3 and kernel == 3 else 0
    data, weights = _matrix(dice, 2, 2), _matrix(dice, kernel, kernel, 0, 3)
    words = f" and padding {padding}" if padding else ""
    text = (
        f"What is the result of a transposed convolution of {data} with the kernel {weights}, stride {stride}{words}? "
        "Each input adds the kernel, times its value, to the output; copies of the kernel that overlap are added."
    )
    item = f"conv_transpose 1 {kernel}x{kernel} s{stride}{f' p{padding}' if padding else ''}"
    return Exercise(text, apply=item, data=data, weights=weights)


@topic
def unpooling(dice: Dice, level: int) -> Exercise:
    """The values of bed-of-nails and of max unpooling."""
    side = 2 if level < 3 else 3
    data = _matrix(dice, side, side, 1, 9)
    if level == 1 or dice.kind((True, False)):
        text = f"What is the result of bed-of-nails unpooling by 2 of {data}? Other positions are 0."
        return Exercise(text, apply="bed_of_nails 2", data=data)
    pooled = _with_one_maximum(dice, 2 * side)
    text = (
        f"Maximum pooling with windows of 2x2 and stride 2 saw the input {pooled}. What is the result of max "
        f"unpooling of {data}, which puts each value at the position of its window's maximum, and 0 elsewhere?"
    )
    return Exercise(text, apply="max_unpool 2", data=data, second_data=pooled)


def _with_one_maximum(dice: Dice, side: int) -> str:
    """A matrix whose windows of 2x2 have one largest value each."""
    rows = [[dice.number(0, 5) for _ in range(side)] for _ in range(side)]
    for row in range(0, side, 2):
        for column in range(0, side, 2):
            rows[row + dice.number(0, 1)][column + dice.number(0, 1)] = dice.number(6, 9)
    return str(rows)


@topic
def boltzmann(dice: Dice, level: int) -> Exercise:
    """The up and the down pass of a restricted Boltzmann machine, and its reconstruction."""
    visible, hidden = (3, 2) if level < 3 else (4, 3)
    weights = [[dice.number(-2, 2) for _ in range(hidden)] for _ in range(visible)]
    turned = [list(column) for column in zip(*weights, strict=True)]
    up, down = (f"[{', '.join(str(dice.number(-1, 1)) for _ in range(count))}]" for count in (hidden, visible))
    seen = _bits(dice, visible)
    text = (
        f"A restricted Boltzmann machine has {visible} visible and {hidden} hidden units, the weights {weights} (a "
        f"row for each visible unit), the hidden biases {up} and the visible biases {down}. "
        f"The visible units are {seen}."
    )
    summed = Exercise(
        "Weighted inputs of the hidden units", apply=f"dense {hidden}", data=seen, weights=str(weights), bias=up
    )
    chance = summed._replace(
        text="Probabilities that the hidden units are 1, to two decimals", apply=f"dense {hidden} activation=sigmoid"
    )
    if level == 1:
        return Exercise(text, parts=(summed,))
    sampled = _bits(dice, hidden)
    back = Exercise(
        f"The hidden units are then drawn as {sampled}. Reconstruction: probabilities that the visible units are 1, to "
        "two decimals", apply=f"dense {visible} activation=sigmoid", data=sampled, weights=str(turned), bias=down,
    )  # fmt: skip
    return Exercise(text, parts=(chance, back))
