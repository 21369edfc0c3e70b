"""Numbers that are easy to compute with, and convolutions that have them."""

from __future__ import annotations

from cnncalc.homework.exercises.dice import Dice

CHANNELS = (1, 3, 4, 8, 16, 32)
FILTERS = (4, 6, 8, 10, 16, 20, 32, 64)


def window(dice: Dice, level: int) -> tuple[int, int, int, int]:
    """Input size, kernel, stride and padding along one axis; below level 3 the stride divides evenly."""
    kernel = dice.number(2, 5 if level == 1 else 7)
    stride = 1 if level == 1 else dice.number(1, 3)
    padding = 0 if level == 1 else dice.number(0, (kernel - 1) // 2)
    if level == 3:
        return dice.number(12, 64), kernel, stride, padding
    output = dice.number(3, 16 if level == 1 else 30)
    size = (output - 1) * stride + kernel - 2 * padding
    return (size, kernel, stride, padding) if size >= kernel else (size + 8 * stride, kernel, stride, padding)


def image(dice: Dice, level: int, size: int, channels: int) -> str:
    """An input; at level 3 also one that is wider than high."""
    width = size + dice.number(1, 12) if level == 3 and dice.chance(50) else size
    return f"{size}x{width}x{channels}"


def settings(stride: int, padding: int) -> str:
    """Stride and padding in the notation of specs."""
    return f"{f' s{stride}' if stride > 1 else ''}{f' p{padding}' if padding else ''}"


def in_words(stride: int, padding: int) -> str:
    """Stride and padding in words."""
    words = [f"stride {stride}"] * (stride > 1) + [f"padding {padding} on every side"] * (padding > 0)
    return f" with {' and '.join(words)}" if words else ", stride 1 and no padding"


def convolution(dice: Dice, level: int) -> tuple[str, str]:
    """A spec of one convolution, and its description."""
    size, kernel, stride, padding = window(dice, level)
    channels, filters = dice.choice(CHANNELS[1:]), dice.choice(FILTERS)
    given = image(dice, level, size, channels)
    spec = f"{given} -> conv {filters} {kernel}x{kernel}{settings(stride, padding)}"
    return spec, f"An input of {given} goes through {filters} filters of {kernel}x{kernel}{in_words(stride, padding)}."
