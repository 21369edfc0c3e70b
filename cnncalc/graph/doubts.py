"""Doubts about an input: whether its sizes were written in the other layout, or with the batch.

`3x224x224` under a layout with the channels last is a strip of 3 rows with 224 channels. Nothing is guessed: it is
read like that. But where the other layout is the plausible one, the graph carries a doubt for the user to see, and an
error about sizes names it first. A doubt is raised only if the spec builds with what was probably meant.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.arithmetic.convention import AXIS_NAMES, Layout, Setting, Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.model import Doubt, Node
from cnncalc.layers.base import Layer
from cnncalc.number_text import show_shape

CODE = "N117"
"""The code of a doubt, which is that of the lint rule about it."""

MESSAGE = "{layer}: {shape} is read as {reading}"

OTHER: Mapping[Layout, Layout] = {"HWC": "CHW", "CHW": "HWC"}

_MOST_NODES = 20_000
"""A larger graph is not built a second time to see what the other reading makes of it."""


_OPTIONS = r"give --layout \w+ \(`(layout: \w+)` in a file\)|, and give --batch \d+"


class _ImageSides(NamedTuple):
    """The sides of an image: the least of a square, and the least and the largest ratio of any other."""

    square: int
    least: int
    ratio: int

    def has(self, height: int, width: int) -> bool:
        """Whether these are the sides of an image."""
        small, large = sorted((height, width))
        return small >= (self.square if small == large else self.least) and large <= self.ratio * small


_IMAGES: Mapping[int, _ImageSides] = {1: _ImageSides(8, 16, 2), 3: _ImageSides(5, 16, 4), 4: _ImageSides(32, 64, 2)}
"""The images by their number of channels."""
_ANY_IMAGES: Mapping[int, _ImageSides] = {1: _ImageSides(2, 2, 4), 3: _ImageSides(2, 2, 8), 4: _ImageSides(8, 8, 2)}
"""The same where the reading has failed already."""
_LEAST_BATCHED = 32
_LEAST_LARGE = 128
"""The sides from which a square of 3 channels is taken for an image of a batch, where that reads 3 high or 3 deep."""
_LEAST_SIGNAL = 32
"""Samples from which one channel is taken for a signal."""

Nodes = Sequence[Node]
Attempt = Callable[[str | None, dict[str, Shape]], tuple[Nodes, list[Diagnostic]]]
"""Builds the spec in another layout, or with other input shapes: its nodes, and what is wrong with it."""


class Reading(NamedTuple):
    """A spec as it was built: its setting, whether somebody stated the layout, and its nodes."""

    setting: Setting
    stated: bool
    nodes: Nodes

    @property
    def inputs(self) -> list[tuple[Node, Shape]]:
        return [(node, node.shape) for node in self.nodes if node.layer is None and node.name and node.shape]


def as_warning(doubt: Doubt) -> Diagnostic:
    """The warning that every command prints for a doubt."""
    message = MESSAGE.format(layer=doubt.name, shape=doubt.shape_text, reading=doubt.reading)
    return Diagnostic(CODE, message, doubt.span, hint=doubt.hint, severity="warning")


def without_options(hint: str) -> str:
    """A doubt's hint for a command that has no options for a spec, as `lint` has none."""
    return re.sub(_OPTIONS, lambda found: f"write {found[1]}" if found[1] else "", hint)


def doubts_of(reading: Reading, attempt: Attempt) -> Iterator[Doubt]:
    """The doubts about the inputs of a spec that builds, as far as its layers make a difference."""
    if len(reading.nodes) > _MOST_NODES:
        return
    for doubts, layout, shapes in _ways(reading, _IMAGES):
        if layout and reading.stated:
            continue
        nodes, mistakes = attempt(layout, shapes)
        if not mistakes and all(_matters(reading, nodes, doubt) for doubt in doubts):
            yield from doubts
            return


def explained(reading: Reading, mistakes: list[Diagnostic], attempt: Attempt) -> list[Diagnostic]:
    """Let the first mistake about sizes name a doubt as its likely cause, if what was meant does not make it."""
    first = next((mistake for mistake in mistakes if mistake.code.startswith("E3")), None)
    if first is None or len(reading.nodes) > _MOST_NODES:
        return mistakes
    for doubts, layout, shapes in _ways(reading, _ANY_IMAGES):
        _, others = attempt(layout, shapes)
        if all(first.offset < other.offset for other in others):
            doubt = doubts[0]
            told = f"{doubt.shape_text} is read as {doubt.reading}: {doubt.hint}"
            repeats = layout is not None and first.hint.endswith(f"write layout: {layout} in the spec")
            hint = f"{told}\notherwise {first.hint}" if first.hint and not repeats else told
            changed = Diagnostic(first.code, first.message, first.span, hint=hint, severity=first.severity)
            return [changed if mistake is first else mistake for mistake in mistakes]
    return mistakes


_Way = tuple[list[Doubt], str | None, dict[str, Shape]]


def _ways(reading: Reading, images: Mapping[int, _ImageSides]) -> Iterator[_Way]:
    """The doubts about an input, and the layout or the shapes that would settle them."""
    setting, inputs = reading.setting, reading.inputs
    other = OTHER[setting.layout]
    batched = {node.name: rest for node, shape in inputs if (rest := without_batch(shape, setting, images))}
    if batched:
        doubts = [_of_batch(node, shape, setting, batched[node.name]) for node, shape in inputs if node.name in batched]
        yield doubts, None, batched
    meant = {node.name: turned for node, shape in inputs if (turned := other_order(shape, setting, images))}
    if meant:
        whole = all(len(shape) < 3 or node.name in meant for node, shape in inputs)
        doubts = [_of_layout(node, shape, setting, meant[node.name], whole=whole, stated=reading.stated)
                  for node, shape in inputs if node.name in meant]  # fmt: skip
        yield (doubts, other, {}) if whole else (doubts, None, meant)
    batched = {node.name: shape[1:] for node, shape in inputs if len(shape) in (4, 5)}
    if batched and images is _ANY_IMAGES:
        doubts = [_of_batch(node, shape, setting, shape[1:]) for node, shape in inputs if node.name in batched]
        yield doubts, None, batched
    gray = {node.name: setting.volume(shape, 1) for node, shape in inputs if len(shape) == 2 and images[1].has(*shape)}
    if gray and images is _ANY_IMAGES:
        yield [_of_gray(node, shape, setting) for node, shape in inputs if node.name in gray], None, gray


def _of_layout(node: Node, shape: Shape, setting: Setting, turned: Shape, *, whole: bool, stated: bool) -> Doubt:
    other = OTHER[setting.layout]
    written = f"write {show_shape(turned)}"
    ways = f"give --layout {other} (`layout: {other}` in a file), or {written}" if whole and not stated else written
    hint = f"if it is {describe(shape, other)}, {ways}"
    if not stated:
        hint += f"; stating {setting.layout} confirms this reading"
    return Doubt(node.name, shape, f"{describe(shape, setting.layout)} ({setting.layout})", node.span, hint)


def _of_gray(node: Node, shape: Shape, setting: Setting) -> Doubt:
    hint = f"if it is an image of one channel, write {show_shape(setting.volume(shape, 1))}"
    return Doubt(node.name, shape, f"{describe(shape, setting.layout)} ({setting.layout})", node.span, hint)


def _of_batch(node: Node, shape: Shape, setting: Setting, rest: Shape) -> Doubt:
    batch = f", and give --batch {shape[0]}" if shape[0] > 1 else ""
    hint = f"shapes have no batch axis: if {shape[0]} is the batch, write {show_shape(rest)}{batch}"
    return Doubt(node.name, shape, f"{describe(shape, setting.layout)} ({setting.layout})", node.span, hint)


def other_order(shape: Shape, setting: Setting, images: Mapping[int, _ImageSides] = _IMAGES) -> Shape | None:
    """The sizes in the order of the setting's layout, if they look like an image or a signal of the other one."""
    theirs = setting._replace(layout=OTHER[setting.layout])
    own, channels, sides = setting.channels(shape), theirs.channels(shape), theirs.spatial(shape)
    if not 2 <= len(shape) <= 4 or own == channels or (own in images and images is _IMAGES):
        return None
    if len(shape) == 2:
        return setting.volume(sides, channels) if channels <= 2 and sides[0] >= _LEAST_SIGNAL else None
    kind = images.get(channels)
    return setting.volume(sides, channels) if kind and kind.has(*sides[-2:]) else None


def doubt_about(shape: Shape, setting: Setting, span: Span) -> Doubt | None:
    """The doubt about a shape whose use in the network is unknown."""
    turned = other_order(shape, setting)
    node = Node("input", None, (), shape, span)
    return _of_layout(node, shape, setting, turned, whole=True, stated=False) if turned else None


def without_batch(shape: Shape, setting: Setting, images: Mapping[int, _ImageSides] = _IMAGES) -> Shape | None:
    """The sizes after the first, in the order of the setting's layout, if the first is probably the batch.

    Where nothing has failed yet, that is a batch of one image, as a volume of one voxel's depth is none that a network
    takes, or a batch in PyTorch's order.
    """
    rest = shape[1:]
    if len(shape) not in (4, 5) or (images is _IMAGES and len(shape) > 4):
        return None
    if images is _IMAGES and shape[0] != 1:
        return _without_batches(rest, setting)
    for candidate in (setting, setting._replace(layout=OTHER[setting.layout])):
        sides, channels = candidate.spatial(rest), candidate.channels(rest)
        kind = images.get(channels)
        if kind and kind.has(*sides[-2:]):
            return setting.volume(sides, channels)
    return None


def _without_batches(rest: Shape, setting: Setting) -> Shape | None:
    """The sizes after a batch of images in PyTorch's order, 64x3x224x224, which cannot be a volume with four axes.

    In Keras's order, 64x224x224x3, it can be a clip; under a layout with the channels first, the layout is doubted.
    """
    least = _LEAST_BATCHED if setting.layout == "HWC" else _LEAST_LARGE
    is_batch = rest[0] == 3 and rest[1] == rest[2] >= least
    return setting.volume(rest[1:], 3) if is_batch else None


def describe(shape: tuple[int | str, ...], layout: Layout) -> str:
    """The axes of a shape in words: `height 3, width 224, 224 channels`."""
    sides, channels = (shape[:-1], shape[-1]) if layout == "HWC" else (shape[1:], shape[0])
    names = AXIS_NAMES.get(len(sides)) or tuple(f"axis {place}" for place in range(1, len(sides) + 1))
    words = [f"{name} {size}" for name, size in zip(names, sides, strict=True)]
    counted = f"{channels} channel{'' if channels == 1 else 's'}"
    return ", ".join([*words, counted] if layout == "HWC" else [counted, *words])


def _matters(reading: Reading, others: Nodes, doubt: Doubt) -> bool:
    """Whether a layer makes something else of the input as it is read than of what was probably meant.

    A flatten does not, nor a permutation that brings the channels to where they belong.
    """
    unchanged = {index for index, node in enumerate(reading.nodes) if node.name == doubt.name and node.layer is None}
    for index, (node, other) in enumerate(zip(reading.nodes, others, strict=False)):
        if node.layer is None or unchanged.isdisjoint(node.inputs):
            continue
        if node.shape != other.shape or _weights(reading.nodes, node) != _weights(others, other):
            return len(doubt.shape) > 2 or _slides(node.layer)
        if node.shape == doubt.shape:
            unchanged.add(index)
    return False


def _slides(layer: Layer) -> bool:
    """Whether a layer slides a window of several positions: a signal of one position gives it nothing to see."""
    kernel = getattr(layer, "kernel", 1)
    return prod(kernel if isinstance(kernel, tuple) else (kernel,)) > 1


def _weights(nodes: Nodes, node: Node) -> list[Shape]:
    shapes = [nodes[index].shape for index in node.inputs]
    if node.layer is None or node.shape is None or None in shapes:
        return []
    return [weight.shape for weight in node.layer.weights(*shapes, node.shape)]
