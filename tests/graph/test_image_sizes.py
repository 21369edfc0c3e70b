"""Sizes that look like an image, a signal or a batch of the other layout: the last of each kind, the first beyond."""

from __future__ import annotations

import pytest

from cnncalc.arithmetic.convention import CONVENTIONS, Layout, Setting, Shape
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.doubts import _ANY_IMAGES, _IMAGES, describe, other_order, without_batch
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.load import load_source, parsed
from tests.together import for_each

LAST, FIRST = Setting(CONVENTIONS["formula"], "HWC"), Setting(CONVENTIONS["pytorch"], "CHW")


@for_each(
    ("channels", "height", "width", "plausible", "possible"),
    [
        # squares of 1, 3 and 4 channels
        (1, 8, 8, True, True), (1, 7, 7, False, True), (1, 2, 2, False, True), (1, 1, 1, False, False),
        (3, 5, 5, True, True), (3, 4, 4, False, True), (3, 2, 2, False, True), (3, 1, 1, False, False),
        (4, 32, 32, True, True), (4, 31, 31, False, True), (4, 8, 8, False, True), (4, 7, 7, False, False),
        # other sides, and how long the larger may be
        (1, 16, 32, True, True), (1, 15, 16, False, True), (1, 16, 33, False, True), (1, 16, 64, False, True),
        (1, 16, 65, False, False), (3, 16, 64, True, True), (3, 64, 16, True, True), (3, 15, 16, False, True),
        (3, 16, 65, False, True), (3, 16, 128, False, True), (3, 16, 129, False, False),
        (4, 64, 128, True, True), (4, 63, 64, False, True), (4, 64, 129, False, False), (2, 32, 32, False, False),
    ],
)  # fmt: skip
def test_an_image_in_the_other_layout(channels: int, height: int, width: int, plausible: bool, possible: bool) -> None:
    """Channels first are read as a height; `possible` is what explains an error, `plausible` what is doubted alone."""
    turned = (height, width, channels)
    for images, expected in ((_IMAGES, plausible), (_ANY_IMAGES, possible)):
        found = other_order((channels, height, width), LAST, images)
        # what has 1, 3 or 4 channels as it is read, too, is not doubted
        assert found == (turned if expected and (width not in images or images is _ANY_IMAGES) else None)


@for_each(
    ("shape", "setting", "turned"),
    [
        ((1, 32), LAST, (32, 1)), ((1, 31), LAST, None), ((2, 32), LAST, (32, 2)), ((3, 32), LAST, None),
        ((32, 1), FIRST, (1, 32)), ((31, 1), FIRST, None), ((5,), LAST, None), ((3, 5, 5, 5, 5), LAST, None),
        ((3, 16, 112, 112), LAST, (16, 112, 112, 3)), ((224, 224, 3), FIRST, (3, 224, 224)), ((5, 5, 5), LAST, None),
        ((3, 224, 3), LAST, None),
    ],
)  # fmt: skip
def test_signals_and_volumes(shape: Shape, setting: Setting, turned: Shape | None) -> None:
    """One or two channels of at least 32 samples; the last two sides of a volume."""
    assert other_order(shape, setting) == turned


@for_each(
    ("shape", "setting", "rest"),
    [
        ((1, 28, 28, 1), LAST, (28, 28, 1)), ((1, 3, 224, 224), LAST, (224, 224, 3)),
        ((1, 224, 224, 3), FIRST, (3, 224, 224)), ((1, 224, 224), LAST, None), ((1, 7, 7, 1), LAST, None),
        ((64, 3, 32, 32), LAST, (32, 32, 3)), ((64, 3, 31, 31), LAST, None), ((64, 3, 32, 33), LAST, None),
        ((64, 4, 32, 32), LAST, None), ((64, 224, 224, 3), LAST, None),  # a clip
        ((64, 3, 128, 128), FIRST, (3, 128, 128)), ((64, 3, 127, 127), FIRST, None),
        ((1, 1, 28, 28, 1), LAST, None),
    ],
)  # fmt: skip
def test_a_batch_in_front(shape: Shape, setting: Setting, rest: Shape | None) -> None:
    """One image of either layout; several in PyTorch's order, which no volume has."""
    assert without_batch(shape, setting) == rest


@pytest.mark.parametrize(
    ("shape", "layout", "words"),
    [
        ((3, 224, 1), "HWC", "height 3, width 224, 1 channel"), ((3, 224, 2), "CHW", "3 channels, height 224, width 2"),
        ((7, 2), "HWC", "length 7, 2 channels"), ((5, 6, 7, 3), "HWC", "depth 5, height 6, width 7, 3 channels"),
        ((4, 5, 6, 7, 3), "HWC", "axis 1 4, axis 2 5, axis 3 6, axis 4 7, 3 channels"),
    ],
)  # fmt: skip
def test_axes_in_words(shape: Shape, layout: Layout, words: str) -> None:
    assert describe(shape, layout) == words


@pytest.mark.parametrize("doubts", [True, False])
def test_doubts_are_looked_for_on_request(doubts: bool) -> None:
    """3x32x32 may be an image with its channels first."""
    root = parsed(load_source("input: 3x32x32\nlayers: [conv 8 3x3]\n"), DEFAULT_LIMITS).root
    assert root is not None
    graph, mistakes = build(root, Overrides(), doubts=doubts)
    assert graph is not None
    assert not mistakes
    assert bool(graph.doubts) is doubts
