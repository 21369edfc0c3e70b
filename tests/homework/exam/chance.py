"""Random wrong numbers: the fraction of them that a mistake gives by chance."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import NamedTuple

from cnncalc.homework.figure_paths import ask, subject_of
from cnncalc.homework.suspects import SuspectSearch

COUNTS = (
    ("32x32x3 -> conv 20 8x8 s2 p1", "params"),
    ("32x32x3 -> conv 20 8x8 s2 p1", "unshared_params"),
    ("32x32x3 -> conv 20 8x8 s2 p1", "macs"),
    ("32x32x3 -> conv 20 8x8 s2 p1", "flops"),
    ("14x14x32 -> conv 64 3x3 g4", "params"),
    ("14x14x32 -> separable_conv 64 3x3", "params"),
    ("14x14x32 -> depthwise_conv 3x3", "macs"),
    ("8x16x16x2 -> conv 4 3x3x3", "macs"),
    ("100x8 -> conv 16 7", "params"),
    ("30x20 -> lstm 50", "params"),
    ("30x20 -> bidirectional(lstm 50)", "params"),
    ("30x20 -> lstm 50", "macs"),
    ("10x32 -> multi_head_attention 4", "params"),
    ("10x32 -> multi_head_attention 4", "macs"),
    ("6x6x16 -> dense 20", "params"),
    ("40 -> embedding 5000 32", "params"),
    ("lenet5", "total.params"),
    ("lenet5", "total.macs"),
    ("alexnet", "total.params"),
    ("resnet18", "total.params"),
    ("12x12x64 -> squeeze_excite 16", "params"),
    ("20x64 -> transformer_encoder 4 hidden=256", "params"),
    ("17x17x3 -> locally_connected 6 5x5 s2", "params"),
    ("12x30 -> rnn 40", "params"),
    ("200x9 -> conv1d 14 5 s3 p2", "macs"),
    ("20x20x8 -> deformable_conv 10 3x3 p1", "params"),
)
DRAWN = 1_000


class Chance(NamedTuple):
    """The number of random wrong integers for one figure that are named, of those drawn."""

    spec: str
    path: str
    named: int
    drawn: int = DRAWN


def by_chance(spec: str, path: str, drawn: int = DRAWN) -> Chance:
    """Draw wrong numbers from a tenth of the right one to ten times as much, evenly on a logarithmic scale."""
    about = subject_of(spec)
    asked = ask(about, path)
    search = SuspectSearch(about, asked)
    dice = random.Random(f"{spec} {path}")
    named = 0
    assert isinstance(asked.value, int)
    for _ in range(drawn):
        wrong = round(asked.value * 10 ** dice.uniform(-1, 1))
        named += bool(wrong != asked.value and search.giving(Fraction(wrong)))
    return Chance(spec, path, named, drawn)
