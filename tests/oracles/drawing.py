"""How the random cases of each layer type are drawn: small sizes, distinct primes where it can be."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Shape = list[int]
Fields = dict[str, Any]
Drawn = tuple[list[Shape], Fields]

CHANNEL_FIRST = ("pytorch", "onnx")
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 5, 7, 11, 13)
PADDING_MODES = ("zeros", "reflect", "replicate", "circular", "reflect", "replicate", "circular")
CHANNELS = (1, 2, 3, 4, 5, 6, 7, 8, 12)


def chance(random: Random, probability: float) -> bool:
    return random.random() < probability


def spatial_axes(random: Random) -> Shape:
    """One to three sizes, different ones where the draw allows it; those of three axes are small."""
    rank = random.choice((1, 1, 2, 2, 2, 2, 3))
    sizes = [size for size in SIZES if rank < 3 or size <= 7]
    return random.sample(sizes, rank)


def volume(convention: str, spatial: Shape, channels: int) -> Shape:
    return [channels, *spatial] if convention in CHANNEL_FIRST else [*spatial, channels]


def axes(random: Random, rank: int, choices: tuple[int, ...]) -> Any:
    """One number for every axis, or a list."""
    return random.choice(choices) if chance(random, 0.55) else [random.choice(choices) for _ in range(rank)]


def maybe(random: Random, fields: Fields, name: str, probability: float, value: Callable[[], Any]) -> None:
    """Set a field with some probability; else leave it unsaid."""
    if chance(random, probability):
        fields[name] = value()


def pairs(random: Random, rank: int, choices: tuple[int, ...]) -> list[list[int]]:
    """[before, after] for every axis."""
    return [[random.choice(choices), random.choice(choices)] for _ in range(rank)]


def conv_padding(random: Random, convention: str, rank: int) -> Any:
    numbers = (0, 1, 1, 2, 3)
    if convention == "keras":
        return random.choice(
            ("valid", "same", "same", "causal") if rank == 1 or chance(random, 0.05) else ("valid", "same")
        )
    if convention == "tensorflow":
        explicit = rank == 2 and chance(random, 0.4)
        return pairs(random, rank, numbers) if explicit else random.choice(("valid", "same"))
    if convention == "pytorch":
        return random.choice(("same", "valid")) if chance(random, 0.2) else axes(random, rank, numbers)
    kind = random.random()
    if kind < 0.35:
        return random.choice(("same", "same_lower", "valid"))
    return pairs(random, rank, numbers) if kind < 0.7 else axes(random, rank, numbers)


def pool_padding(random: Random, convention: str, rank: int) -> Any:
    if convention == "pytorch":
        return "same" if chance(random, 0.02) else axes(random, rank, (0, 1, 1, 2))
    if convention == "onnx":
        return conv_padding(random, convention, rank) if chance(random, 0.5) else axes(random, rank, (0, 1, 1, 2))
    return random.choice(("valid", "same"))


def window_fields(random: Random, convention: str, rank: int) -> Fields:
    fields: Fields = {"kernel": axes(random, rank, (1, 2, 3, 3, 4, 5, 7))}
    if chance(random, 0.02):
        fields["kernel"] = [3] * (rank + 1)
    maybe(random, fields, "stride", 0.65, lambda: axes(random, rank, (1, 2, 2, 3, 4)))
    maybe(random, fields, "padding", 0.75, lambda: conv_padding(random, convention, rank))
    maybe(random, fields, "dilation", 0.3, lambda: axes(random, rank, (1, 2, 2, 3)))
    maybe(random, fields, "bias", 0.3, lambda: chance(random, 0.5))
    if convention == "pytorch":
        maybe(random, fields, "padding_mode", 0.2, lambda: random.choice(PADDING_MODES))
    return fields


def grouped(random: Random) -> tuple[int, int, int]:
    """Channels, filters and groups, which mostly fit together."""
    groups = random.choice((2, 3, 4))
    if chance(random, 0.25):
        return random.choice(CHANNELS), random.choice(CHANNELS), groups
    return groups * random.choice((1, 2, 3)), groups * random.choice((1, 2, 3, 5)), groups


def conv(random: Random, convention: str) -> Drawn:
    spatial = spatial_axes(random)
    channels, filters, groups = random.choice(CHANNELS), random.choice(CHANNELS), 1
    fields = window_fields(random, convention, len(spatial))
    if chance(random, 0.25):
        channels, filters, groups = grouped(random)
    if groups > 1:
        fields["groups"] = groups
    if convention == "tensorflow" and len(spatial) == 3:  # its CPU kernels have neither
        fields.pop("groups", None)
        fields.pop("stride" if "dilation" in fields else "dilation", None)
    return [volume(convention, spatial, channels)], {"filters": filters, **fields}


def depthwise_conv(random: Random, convention: str) -> Drawn:
    spatial = spatial_axes(random)
    if convention in ("keras", "tensorflow"):
        spatial = [*spatial, 5][:2] if convention == "tensorflow" else spatial[:2]
    fields = window_fields(random, convention, len(spatial))
    maybe(random, fields, "multiplier", 0.5, lambda: random.choice((1, 2, 3, 5)))
    return [volume(convention, spatial, random.choice(CHANNELS))], fields


def conv_transpose(random: Random, convention: str) -> Drawn:
    (shape,), fields = conv(random, convention)
    rank = len(shape) - 1
    if "padding_mode" in fields and chance(random, 0.8):
        fields.pop("padding_mode")
    if convention in ("keras", "tensorflow"):
        fields.pop("groups", None)
        fields["padding"] = random.choice(("valid", "same"))
    if convention == "tensorflow":
        fields.pop("dilation", None)
        return [shape], fields
    maybe(random, fields, "output_padding", 0.3, lambda: axes(random, rank, (0, 0, 1, 1, 2)))
    if convention != "keras" and chance(random, 0.25):
        fields["output_size"] = output_size(random, convention, shape, fields)
    return [shape], fields


def output_size(random: Random, convention: str, shape: Shape, fields: Fields) -> list[int]:
    """Near the size that the layer would have by itself: reachable or just out of reach."""
    spatial = shape[1:]
    sizes = []
    for axis, size in enumerate(spatial):
        kernel, stride = (
            value[axis] if isinstance(value, list) else value for value in (fields["kernel"], fields.get("stride", 1))
        )
        sizes.append(max(1, (size - 1) * stride + kernel - random.choice((0, 0, 1, 2)) + random.choice((0, 0, 1, 2))))
    return sizes


def pool(random: Random, convention: str) -> Drawn:
    spatial = spatial_axes(random)
    rank = len(spatial)
    fields: Fields = {"kernel": axes(random, rank, (1, 2, 2, 3, 3, 4, 5))}
    maybe(random, fields, "stride", 0.65, lambda: axes(random, rank, (1, 2, 2, 3, 4)))
    maybe(random, fields, "padding", 0.65, lambda: pool_padding(random, convention, rank))
    if convention in CHANNEL_FIRST:
        maybe(random, fields, "rounding", 0.5, lambda: random.choice(("ceil", "ceil", "floor")))
    return [volume(convention, spatial, random.choice(CHANNELS))], fields


def max_pool(random: Random, convention: str) -> Drawn:
    inputs, fields = pool(random, convention)
    if convention in CHANNEL_FIRST:
        maybe(random, fields, "dilation", 0.25, lambda: axes(random, len(inputs[0]) - 1, (1, 2, 2, 3)))
    return inputs, fields


def avg_pool(random: Random, convention: str) -> Drawn:
    inputs, fields = pool(random, convention)
    if convention in CHANNEL_FIRST:
        maybe(random, fields, "count_include_pad", 0.3, lambda: chance(random, 0.5))
    if convention == "onnx":
        maybe(random, fields, "dilation", 0.25, lambda: axes(random, len(inputs[0]) - 1, (1, 2, 2, 3)))
    if convention == "pytorch":
        maybe(random, fields, "divisor", 0.15, lambda: random.choice((1, 2, 3, 7)))
    return inputs, fields


def global_pool(random: Random, convention: str) -> Drawn:
    fields: Fields = {}
    if convention == "keras":
        maybe(random, fields, "keep", 0.5, lambda: chance(random, 0.5))
    return [volume(convention, spatial_axes(random), random.choice(CHANNELS))], fields


def any_volume(random: Random, convention: str) -> Shape:
    """A vector or a volume."""
    channels = random.choice(CHANNELS)
    return [channels] if chance(random, 0.25) else volume(convention, spatial_axes(random), channels)


def dense(random: Random, convention: str) -> Drawn:
    fields: Fields = {"units": random.choice((1, 2, 3, 5, 10))}
    maybe(random, fields, "bias", 0.3, lambda: chance(random, 0.5))
    return [any_volume(random, convention)], fields


def batch_norm(random: Random, convention: str) -> Drawn:
    fields: Fields = {}
    if convention == "keras":
        maybe(random, fields, "scale", 0.3, lambda: chance(random, 0.5))
        maybe(random, fields, "shift", 0.3, lambda: chance(random, 0.5))
        maybe(random, fields, "axis", 0.3, lambda: random.choice((-3, -2, -1, 1, 2, 3)))
        maybe(random, fields, "renorm", 0.15, lambda: True)
    elif convention == "pytorch":
        maybe(random, fields, "affine", 0.3, lambda: chance(random, 0.5))
        maybe(random, fields, "track_running_stats", 0.3, lambda: chance(random, 0.5))
    return [any_volume(random, convention)], fields


def zero_pad(random: Random, convention: str) -> Drawn:
    spatial = spatial_axes(random)
    rank = len(spatial)
    listed = [random.randint(0, 3) for _ in range(rank)]
    amount = random.choice((random.randint(0, 3), listed, pairs(random, rank, (0, 1, 2, 3))))
    if rank == 1 and amount is listed:
        amount = pairs(random, 1, (0, 1, 2, 3))
    return [volume(convention, spatial, random.choice(CHANNELS))], {"amount": amount}


def concat(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    fields: Fields = {}
    maybe(random, fields, "axis", 0.4, lambda: random.randint(1, len(shape)))
    along = fields.get("axis", 1 if convention in CHANNEL_FIRST else len(shape)) - 1
    inputs = [shape]
    for _ in range(random.randint(1, 3)):
        other = list(shape)
        other[along] = random.choice(CHANNELS)
        if chance(random, 0.15):
            other[random.randrange(len(other))] += 1
        inputs.append(other[:-1] if chance(random, 0.04) and len(other) > 1 else other)
    return inputs, fields


def merge(most: int) -> Callable[[Random, str], Drawn]:
    """Elementwise merges of two to `most` inputs, some of which need broadcasting and some of which cannot have it."""

    def draw(random: Random, convention: str) -> Drawn:
        shape = any_volume(random, convention)
        inputs = [shape]
        for _ in range(random.randint(1, most - 1)):
            other = [1 if chance(random, 0.2) else size for size in shape]
            if chance(random, 0.2):
                other[random.randrange(len(other))] += 1
            inputs.append(
                other[random.randint(1, len(other) - 1) :] if chance(random, 0.15) and len(other) > 1 else other
            )
        random.shuffle(inputs)
        return inputs, {}

    return draw


def flatten(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {}


def reshape(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    target = list(shape)
    random.shuffle(target)
    if chance(random, 0.5):
        target[random.randrange(len(target))] = -1
    if chance(random, 0.4):
        target.append(random.choice((1, 2, 3)))
    return [shape], {"shape": target}


def dropout(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {"rate": random.choice((0.1, 0.5))}


DRAW: dict[str, Callable[[Random, str], Drawn]] = {
    "conv": conv, "depthwise_conv": depthwise_conv, "conv_transpose": conv_transpose, "max_pool": max_pool,
    "avg_pool": avg_pool, "global_avg_pool": global_pool, "global_max_pool": global_pool, "dense": dense,
    "batch_norm": batch_norm, "zero_pad": zero_pad, "concat": concat, "add": merge(4),
    "multiply": merge(2), "average": merge(3), "maximum": merge(3), "subtract": merge(2), "flatten": flatten,
    "reshape": reshape, "dropout": dropout,
}  # fmt: skip
"""The drawing function of each layer type."""
