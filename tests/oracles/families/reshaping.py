"""Padding, cropping and every change of axes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case, per_axis, spatial_rank
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import CHANNELS, Drawn, any_volume, axes, chance, maybe, pairs, spatial_axes, volume
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {
        "reflection_pad": 2, "replication_pad": 2, "circular_pad": 2, "permute": 1, "transpose": 1, "squeeze": 1,
        "unsqueeze": 1, "slice": 1, "channel_shuffle": 1, "unfold": 3, "fold": 2,
    },
    "keras": {"crop": 4, "permute": 2, "repeat_vector": 1},
    "onnx": {
        "reflection_pad": 1, "replication_pad": 1, "circular_pad": 1, "permute": 1, "squeeze": 1, "unsqueeze": 1,
        "slice": 2,
    },
}  # fmt: skip

Ask = Callable[[Case, list[np.ndarray], Weights], Answer]


# --- drawing -----------------------------------------------------------------------------------------------------


def border(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    rank, choices = len(sizes), (0, 1, 1, 2, 3, 4, 6)
    forms = [random.choice(choices), pairs(random, rank, choices)]
    if rank > 1:
        forms.append([random.choice(choices) for _ in range(rank)])
    return [volume(convention, sizes, random.choice(CHANNELS))], {"amount": random.choice(forms)}


def order(random: Random, convention: str) -> Drawn:
    """An order of all axes, with or without the batch where the framework's own has it; some with a mistake."""
    shape = any_volume(random, convention)
    axes = list(range(1, len(shape) + 1))
    random.shuffle(axes)
    if chance(random, 0.15):
        axes[random.randrange(len(axes))] += random.choice((-1, 1))
    return [shape], {"order": axes if convention == "keras" else [0, *axes]}


def transpose(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    reach = len(shape) + chance(random, 0.2)
    return [shape], {"axes": [random.choice((-1, 1)) * random.randint(1, reach) for _ in range(2)]}


def with_ones(random: Random, convention: str) -> list[int]:
    return [1 if chance(random, 0.4) else size for size in any_volume(random, convention)]


def squeeze(random: Random, convention: str) -> Drawn:
    shape = with_ones(random, convention)
    fields: dict[str, Any] = {}
    reach = len(shape) + chance(random, 0.1)
    count = random.choice((1, 1, 2))
    maybe(random, fields, "axis", 0.7, lambda: [signed(random, reach) for _ in range(count)])
    return [shape], fields


def signed(random: Random, reach: int) -> int:
    return random.choice((-1, 1)) * random.randint(1, reach)


def unsqueeze(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    count = random.choice((1, 1, 2)) if convention == "onnx" else 1
    reach = len(shape) + count + chance(random, 0.15)
    return [shape], {"axis": [signed(random, reach) for _ in range(count)]}


def part(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    fields: dict[str, Any] = {"axis": random.randint(1, len(shape))}
    size = shape[fields["axis"] - 1]
    maybe(random, fields, "start", 0.7, lambda: random.randint(-size - 2, size + 1))
    maybe(random, fields, "stop", 0.7, lambda: random.randint(-size - 2, size + 3))
    maybe(random, fields, "step", 0.5, lambda: random.choice((1, 2, 2, 3, 4, -1, -2)))
    return [shape], fields


def shuffle(random: Random, convention: str) -> Drawn:
    groups = random.choice((1, 2, 3, 4))
    depth = groups * random.choice((1, 2, 3, 5)) + chance(random, 0.25)
    return [volume(convention, spatial_axes(random), depth)], {"groups": groups}


def window(random: Random) -> dict[str, Any]:
    fields: dict[str, Any] = {"kernel": axes(random, 2, (1, 2, 3, 3, 4))}
    maybe(random, fields, "stride", 0.5, lambda: axes(random, 2, (1, 2, 3)))
    maybe(random, fields, "padding", 0.5, lambda: axes(random, 2, (0, 1, 2)))
    maybe(random, fields, "dilation", 0.4, lambda: axes(random, 2, (1, 2, 3)))
    return fields


def unfold(random: Random, convention: str) -> Drawn:
    return [volume(convention, random.sample(range(1, 14), 2), random.choice(CHANNELS))], window(random)


def fold(random: Random, convention: str) -> Drawn:
    """Columns as many as the output's windows, now and then one more; of whole windows, mostly."""
    fields = window(random) | {"size": random.sample(range(2, 12), 2)}
    kernel = per_axis(fields["kernel"], 2)
    unsaid = {"stride": 1, "padding": 0, "dilation": 1}
    others = (per_axis(fields.get(name, default), 2) for name, default in unsaid.items())
    counts = [
        max(0, (size + 2 * pad - dilation * (taps - 1) - 1) // stride + 1)
        for size, taps, stride, pad, dilation in zip(fields["size"], kernel, *others, strict=True)
    ]
    columns = max(1, counts[0] * counts[1]) + chance(random, 0.1)
    depth = random.choice((1, 2, 3)) * kernel[0] * kernel[1] + chance(random, 0.1)
    return [[depth, columns]], fields


def crop(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    if chance(random, 0.4):
        size = [random.choice((1, 2, 3, 5, 8, 13)) for _ in range(2)]
        return [volume(convention, random.sample(range(1, 14), 2), random.choice(CHANNELS))], {"size": size}
    amount = random.choice((random.randint(0, 3), pairs(random, len(sizes), (0, 1, 1, 2, 3))))
    return [volume(convention, sizes, random.choice(CHANNELS))], {"amount": amount}


def repeat(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {"count": random.choice((1, 2, 3, 7))}


DRAW = {
    "reflection_pad": border, "replication_pad": border, "circular_pad": border, "permute": order,
    "transpose": transpose, "squeeze": squeeze, "unsqueeze": unsqueeze, "slice": part, "channel_shuffle": shuffle,
    "unfold": unfold, "fold": fold, "crop": crop, "repeat_vector": repeat,
}  # fmt: skip


# --- PyTorch -----------------------------------------------------------------------------------------------------


def in_pytorch(make: Callable[[Case], Callable[..., Any]]) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from tests.oracles.pytorch_oracle import run_module

        return run_module(make(case), inputs)

    return ask


def sides(case: Case) -> list[list[int]]:
    """[before, after] for each spatial axis."""
    return [per_axis(side, 2) for side in per_axis(case["fields"]["amount"], spatial_rank(case))]


def border_module(name: str) -> Callable[[Case], Any]:
    def make(case: Case) -> Any:
        from torch import nn

        flat = tuple(number for side in reversed(sides(case)) for number in side)
        return getattr(nn, f"{name}Pad{spatial_rank(case)}d")(flat)

    return make


def shuffle_module(case: Case) -> Any:
    from torch import nn

    return nn.ChannelShuffle(case["fields"]["groups"])


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def unfold_module(case: Case) -> Any:
    from torch import nn

    names = {"kernel": "kernel_size", "size": "output_size"}
    name = "Fold" if case["layer"] == "fold" else "Unfold"
    return getattr(nn, name)(**{names.get(key, key): as_tuple(value) for key, value in case["fields"].items()})


def squeeze_function(case: Case) -> Callable[..., Any]:
    import torch

    axis = case["fields"].get("axis")
    unnamed = tuple(place for place, size in enumerate(case["inputs"][0], start=1) if size == 1)
    return lambda x: torch.squeeze(x, unnamed if axis is None else tuple(axis))


def slice_function(case: Case) -> Callable[..., Any]:
    fields = case["fields"]
    taken = slice(fields.get("start"), fields.get("stop"), fields.get("step"))
    return lambda x: x[(slice(None),) * fields["axis"] + (taken,)]


PYTORCH: dict[str, Ask] = {
    "reflection_pad": in_pytorch(border_module("Reflection")),
    "replication_pad": in_pytorch(border_module("Replication")),
    "circular_pad": in_pytorch(border_module("Circular")),
    "permute": in_pytorch(lambda case: lambda x: x.permute(case["fields"]["order"]).contiguous()),
    "transpose": in_pytorch(lambda case: lambda x: x.transpose(*case["fields"]["axes"]).contiguous()),
    "squeeze": in_pytorch(squeeze_function),
    "unsqueeze": in_pytorch(lambda case: lambda x: x.unsqueeze(case["fields"]["axis"][0])),
    "slice": in_pytorch(slice_function),
    "channel_shuffle": in_pytorch(shuffle_module),
    "unfold": in_pytorch(unfold_module),
    "fold": in_pytorch(unfold_module),
}


# --- Keras -------------------------------------------------------------------------------------------------------


def in_keras(make: Callable[[Case], Any]) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from tests.oracles.keras_oracle import run_layer

        return run_layer(make(case), inputs, None if weights is None else [])

    return ask


def crop_layer(case: Case) -> Any:
    import keras

    if "size" in case["fields"]:
        return keras.layers.CenterCrop(*case["fields"]["size"])
    rank = spatial_rank(case)
    amount = [tuple(side) for side in sides(case)]
    return getattr(keras.layers, f"Cropping{rank}D")(amount[0] if rank == 1 else tuple(amount))


def keras_layer(name: str, field: str) -> Callable[[Case], Any]:
    def make(case: Case) -> Any:
        import keras

        layer = getattr(keras.layers, name)(as_tuple(case["fields"][field]))
        if layer.input_spec.ndim != len(case["inputs"][0]) + 1:
            raise ValueError(f"needs {layer.input_spec.ndim} axes")
        return layer

    return make


KERAS: dict[str, Ask] = {
    "crop": in_keras(crop_layer),
    "permute": in_keras(keras_layer("Permute", "order")),
    "repeat_vector": in_keras(keras_layer("RepeatVector", "count")),
}


# --- ONNX --------------------------------------------------------------------------------------------------------


def in_onnx(operator: str, held: Callable[[Case], dict[str, Any]], **attributes: Any) -> Ask:
    """A node whose further inputs, whole numbers, are `held`."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from onnx import helper

        from tests.oracles.onnxruntime_oracle import run_nodes

        given = {name: np.array(value, np.int64) for name, value in held(case).items()}
        node = helper.make_node(operator, ["x0", *given], ["y"], **attributes)
        return run_nodes([node], inputs, given, rank=output_rank(case))

    return ask


def output_rank(case: Case) -> int:
    rank, fields = len(case["inputs"][0]) + 1, case["fields"]
    if case["layer"] == "unsqueeze":
        return rank + len(fields["axis"])
    if case["layer"] == "squeeze":
        return rank - (len(fields["axis"]) if "axis" in fields else case["inputs"][0].count(1))
    return rank


def pads(case: Case) -> dict[str, Any]:
    return {"pads": [0, 0, *(before for before, _ in sides(case)), 0, 0, *(after for _, after in sides(case))]}


def unnamed_axes(case: Case) -> dict[str, Any]:
    ones = [place for place, size in enumerate(case["inputs"][0], start=1) if size == 1]
    return {"axes": case["fields"].get("axis", ones)}


def bounds(case: Case) -> dict[str, Any]:
    """The end of the whole axis is as far as a number can be, in the direction of the step."""
    fields, far = case["fields"], 2**31
    step = fields.get("step", 1)
    start, stop = (0, far) if step > 0 else (far, -far)
    return {
        "starts": [fields.get("start", start)], "ends": [fields.get("stop", stop)], "axes": [fields["axis"]],
        "steps": [step],
    }  # fmt: skip


def transposed(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    return in_onnx("Transpose", lambda case: {}, perm=case["fields"]["order"])(case, inputs, weights)


ONNX: dict[str, Ask] = {
    "reflection_pad": in_onnx("Pad", pads, mode="reflect"),
    "replication_pad": in_onnx("Pad", pads, mode="edge"),
    "circular_pad": in_onnx("Pad", pads, mode="wrap"),
    "permute": transposed,
    "squeeze": in_onnx("Squeeze", unnamed_axes),
    "unsqueeze": in_onnx("Unsqueeze", lambda case: {"axes": case["fields"]["axis"]}),
    "slice": in_onnx("Slice", bounds),
}


# --- deviations --------------------------------------------------------------------------------------------------


def named_axes(case: Case) -> list[int]:
    """The axes that a case names; an empty list where it names none."""
    fields = case["fields"]
    if case["layer"] not in ("transpose", "squeeze", "unsqueeze"):
        return []
    return list(fields.get("axes" if case["layer"] == "transpose" else "axis", []))


def names_the_batch(case: Case) -> bool:
    """The axis before the first one, counted from the end, while no other axis lies beyond it."""
    axes = named_axes(case)
    rank = len(case["inputs"][0]) + (len(axes) if case["layer"] == "unsqueeze" else 0)
    return -rank - 1 in axes and all(-rank - 1 <= axis <= rank for axis in axes)


_BATCH = "a function would change the batch axis, which is none of a layer's input"

DEVIATIONS: tuple[Deviation, ...] = (
    Deviation("an axis that is the batch", _BATCH, "pytorch", names_the_batch, refuses="cnncalc"),
    Deviation("an axis that is the batch", "as in PyTorch", "onnx", names_the_batch, refuses="cnncalc"),
)
