"""The positions that outputs read, as each layer declares them, against its forward pass on changed inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.kernels.arrays import Array
from cnncalc.layers.base import Layer, Reach
from tests.together import for_each

LAYERS = {
    "formula": [
        "7x5x2 -> flip axis=1", "7x5x2 -> flip axis=[2, 3]", "7x5x2 -> roll 3 axis=1",
        "7x5x2 -> roll [-2, 9] axis=[1, 2]", "7x5x2 -> roll 1 axis=3", "3x5x2 -> tile [2, 1, 3]",
        "3x5x2 -> tile [1, 3, 1]", "1x5x2 -> expand [4, 5, 2]", "5x1x1 -> expand [5, 3, 2]",
        "7x2 -> cumulative_sum axis=1", "7x2 -> cumulative_sum axis=1 exclusive=true",
        "7x2 -> cumulative_sum axis=1 reverse=true", "7x2 -> cumulative_sum axis=1 reverse=true exclusive=true",
        "3x5x2 -> repeat_interleave 3 axis=1", "3x5x2 -> repeat_interleave 2 axis=2",
        "3x5x2 -> repeat_interleave 2 axis=3", "9x7x2 -> slice 2 8 axis=1", "9x7x2 -> slice start=-3 axis=2",
        "9x7x2 -> slice 1 8 axis=1 step=3", "9x7x2 -> slice step=-2 axis=1",
        "9x7x2 -> slice start=6 stop=1 step=-1 axis=1", "9x7x2 -> slice 1 2 axis=3", "7x5x2 -> gather 0..3 axis=1",
        "7x5x2 -> gather [1, 0] axis=3", "5x7x2 -> zero_pad [[1, 2], [3, 0]]", "5x7x2 -> zero_pad [-1, -2]",
        "5x7x2 -> reflection_pad [[1, 2], [3, 0]]", "5x7x2 -> replication_pad [[1, 2], [3, 0]]",
        "5x7x2 -> circular_pad [[1, 2], [3, 0]]", "7x9x2 -> crop [[1, 2], [0, 3]]", "7x9x2 -> adaptive_avg_pool 3x4",
        "7x9x2 -> adaptive_max_pool 5x2", "4x6x2 -> bed_of_nails 2x3", "4x6x2 -> unpool 2x3",
        "9x11x2 -> fractional_max_pool 2 size=1x2",
        "11x13x2 -> fractional_max_pool 2 size=5x6", "9x11x2 -> avg_pool 3x2 s2x1 p1x0", "9x11x2 -> lp_pool 2",
        "9x11x2 -> max_pool 3 s2 p1", "9x12x2 -> max_pool 2 d2x3", "4x6x2 -> upsample 2x3",
        "4x6x2 -> bilinear_upsample 2", "4x6x2 -> upsample size=6x4", "4x6x8 -> depth_to_space 2",
        "4x6x2 -> space_to_depth 2", "7x5x2 -> layer_norm axis=1", "7x5x2 -> layer_norm", "7x5x2 -> unit_norm axis=2",
        "7x5x2 -> instance_norm", "7x5x2 -> batch_norm", "7x5x2 -> softmax axis=1",
        "7x5x2 -> reduce_mean axis=1 keep=true", "7x5x2 -> reduce_sum axis=3 keep=true",
        "7x5x2 -> reduce_max axis=[1, 2] keep=true", "4x6x2 -> resize_image 7 5", "7x5x2 -> channel_shuffle 2",
        "7x5x2 -> global_avg_pool keep=true", "9x2 -> conv 3 3 d2 p1 s2", "5x2 -> conv_transpose 3 4 s3 p1",
        "7x2 -> masking", "7x2 -> gru 3", "7x2 -> lstm 3", "7x2 -> bidirectional(gru 3)",
        "4x5x6x2 -> time_distributed(max_pool 2)", "7x5x2 -> spectral_norm(conv 2 3)", "7x5x2 -> highway",
        "7x5x2 -> drop_block", "7x5x2 -> concat(parameter 2x5x2 | identity) axis=1",
    ],
    "pytorch": [
        "2x7x5 -> flip axis=1", "2x7x5 -> flip axis=3", "2x7x5 -> roll [3, 1] axis=[1, 2]", "2x3x5 -> tile [1, 2, 3]",
        "2x1x5 -> expand [-1, 4, 5]", "2x7 -> cumulative_sum axis=2", "2x7 -> cumulative_sum axis=1",
        "2x3x5 -> repeat_interleave 3 axis=2", "2x3x5 -> repeat_interleave 2 axis=1",
        "2x9x7 -> slice 2 8 axis=2 step=2", "2x7x5 -> gather 1..3 axis=2", "2x7x5 -> layer_norm",
        "2x7x5 -> unit_norm axis=2", "2x7x5 -> reduce_mean axis=2 keep=true", "2x7x5 -> softmax axis=3",
        "2x5x7 -> reflection_pad [1, 2, 3, 0]", "8x4x6 -> pixel_shuffle 2", "2x4x6 -> pixel_unshuffle 2",
        "2x4x6 -> upsample 2 mode=bilinear", "2x4x6 -> upsample 2 mode=bicubic", "2x4x6 -> upsample 2x3 mode=nearest",
        "2x4x6 -> bilinear_upsample 3", "2x7x9 -> adaptive_avg_pool 3x4", "2x9x11 -> max_pool 3 s2 p1 ceil_mode=true",
        "2x5x3 -> concat(identity | parameter 2x5x2) axis=3",
    ],
}  # fmt: skip


@for_each("convention, text", [(convention, text) for convention, texts in LAYERS.items() for text in texts])
def test_what_is_declared_is_read(convention: str, text: str) -> None:
    check(convention, text)


def check(convention: str, text: str) -> None:
    """The last layer of a spec reads along each axis what its `reach` declares."""
    graph = load(text, convention=convention)
    node = graph.nodes[-1]
    layer, inputs = node.layer, graph.inputs_of(node)
    assert layer is not None
    place = next(place for place in range(len(inputs)) if place not in layer.unbatched)
    x, y = inputs[place], node.shape
    random = np.random.default_rng(3)
    arrays = [random.uniform(0.5, 1.5, (1, *shape)) for shape in inputs]
    weights = {one.name: random.uniform(0.5, 1.5, one.shape) for one in layer.weights(*inputs, y)}

    def forward(given: Array) -> Array:
        return layer.forward(np, *arrays[:place], given, *arrays[place + 1 :], **weights)

    reach = layer.reach(*inputs)
    for axis in range(len(x) - 1):
        along = 1 + axis + (layer.setting.layout == "CHW")
        declared = [set(places(reach, axis, output, x, layer)) for output in range(y[along - 1])]
        assert found(forward, arrays[place], along, y[along - 1]) == declared, axis


UNDEFINED = [
    # numbers of copies and places that follow no pattern, and axes that become others
    "3x5x2 -> repeat_interleave [2, 1, 2] axis=1", "7x5x2 -> gather [4, 2, 0] axis=2", "7x5x2 -> permute 2x1x3",
    "7x5x2 -> reduce_mean axis=1", "7x5x2 -> reduce_mean axis=3",
    "7x5x2 -> stack(identity | relu)", "7x5x2 -> concat(identity | relu) axis=1",
]  # fmt: skip


@for_each("text", UNDEFINED)
def test_what_follows_no_pattern(text: str) -> None:
    graph = load(text)
    layer = graph.nodes[-1].layer
    assert layer is not None
    assert layer.reach(*graph.inputs_of(graph.nodes[-1])) == ()


def found(forward: Callable[[Array], Array], x: Array, along: int, outputs: int) -> list[set[int]]:
    """For each output position along an axis, the input positions whose change changes it."""
    before = forward(x)
    read: list[set[int]] = [set() for _ in range(outputs)]
    for place in range(x.shape[along]):
        changed = x.copy()
        changed[(slice(None),) * along + (place,)] += np.random.default_rng(5).uniform(5, 9, 1)
        others = tuple(axis for axis in range(before.ndim) if axis != along)
        for output in np.flatnonzero((forward(changed) != before).any(axis=others)):
            read[output].add(place)
    return read


def places(reach: Reach, axis: int, output: int, x: tuple[int, ...], layer: Layer) -> Iterator[int]:
    """The positions that an output reads along an axis, those beyond the input by its border."""
    size = layer.spatial(x)[axis]
    assert reach
    if isinstance(reach, str):
        yield from range(size) if reach == "whole" else [output]
        return
    taps: AxisTaps = reach[axis]
    first, end = taps.inside or (0, size)
    for tap in taps.of(output):
        within = bordered(tap - first, end - first, taps.border)
        if within is not None:
            yield first + within


def bordered(place: int, size: int, border: str) -> int | None:
    """The position within an axis that one beyond it stands for."""
    if 0 <= place < size:
        return place
    if border == "reflect":
        return -place if place < 0 else 2 * (size - 1) - place
    if border == "replicate":
        return min(max(place, 0), size - 1)
    return place % size if border == "circular" else None
