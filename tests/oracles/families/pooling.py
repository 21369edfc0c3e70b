"""The pools beyond `max_pool` and `avg_pool`: adaptive, norms, pyramids, fractional ones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case, per_axis, spatial_rank
from tests.oracles.deviations import SAME, Deviation, dilated_same_pool, numbers, spatial, window_beyond_the_input
from tests.oracles.drawing import CHANNELS, Drawn, axes, chance, maybe, spatial_axes, volume
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {
        "adaptive_avg_pool": 3, "adaptive_max_pool": 3, "lp_pool": 3, "spatial_pyramid_pool": 1,
        "fractional_max_pool": 1,
    },
    "keras": {"adaptive_avg_pool": 2, "adaptive_max_pool": 2},
    "onnx": {"lp_pool": 3, "global_lp_pool": 1},
}  # fmt: skip

Ask = Callable[[Case, list[np.ndarray], Weights], Answer]


# --- drawing -----------------------------------------------------------------------------------------------------


def listed_axes(random: Random, rank: int, choices: tuple[Any, ...]) -> Any:
    """One value for every axis, or a list, which now and then is too long."""
    if chance(random, 0.45):
        return random.choice([value for value in choices if value is not None])
    return [random.choice(choices) for _ in range(rank + chance(random, 0.12))]


def adaptive(random: Random, convention: str) -> Drawn:
    """Sizes that divide and that do not, larger than the input too; `~` where PyTorch has it, not for one axis."""
    sizes = spatial_axes(random)
    choices: tuple[Any, ...] = (1, 1, 2, 3, 3, 4, 5, 6, 7, 8)
    if convention == "pytorch" and len(sizes) > 1:
        choices = (*choices, 13, None)
    return [volume(convention, sizes, random.choice(CHANNELS))], {"size": listed_axes(random, len(sizes), choices)}


def lp_pool(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    rank = len(sizes)
    fields: dict[str, Any] = {"kernel": axes(random, rank, (1, 2, 2, 3, 3, 4, 5))}
    maybe(random, fields, "norm", 0.75, lambda: random.choice((1, 2, 2, 3, 4)))
    maybe(random, fields, "stride", 0.65, lambda: axes(random, rank, (1, 2, 2, 3, 4)))
    maybe(random, fields, "rounding", 0.4, lambda: random.choice(("ceil", "ceil", "floor")))
    if convention == "onnx":
        maybe(random, fields, "padding", 0.5, lambda: onnx_padding(random, rank))
        maybe(random, fields, "dilation", 0.25, lambda: axes(random, rank, (1, 2, 2, 3)))
        if "dilation" in fields and fields.get("padding") in SAME:
            fields["stride"] = 1  # one deviation at a time: SAME that needs no padding is another
    return [volume(convention, sizes, random.choice(CHANNELS))], fields


def onnx_padding(random: Random, rank: int) -> Any:
    if chance(random, 0.3):
        return random.choice(("same", "same_lower", "valid"))
    return axes(random, rank, (0, 1, 1, 2))


def global_lp_pool(random: Random, convention: str) -> Drawn:
    fields: dict[str, Any] = {}
    maybe(random, fields, "norm", 0.7, lambda: random.choice((1, 2, 3, 4)))
    return [volume(convention, spatial_axes(random), random.choice(CHANNELS))], fields


def pyramid(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    fields: dict[str, Any] = {"levels": [random.choice((1, 2, 3, 4, 6)) for _ in range(random.randint(1, 4))]}
    maybe(random, fields, "mode", 0.6, lambda: random.choice(("max", "avg")))
    return [volume(convention, sizes, random.choice(CHANNELS))], fields


def fractional(random: Random, convention: str) -> Drawn:
    """Sizes up to one more than can be, or a ratio; rarely both, or neither; rarely one axis."""
    sizes = spatial_axes(random)
    if len(sizes) == 1 and chance(random, 0.8):
        sizes = random.sample(range(2, 14), 2)
    kernel = axes(random, len(sizes), (1, 2, 2, 3))
    fields: dict[str, Any] = {"kernel": kernel}
    if chance(random, 0.4):
        fields["ratio"] = listed_axes(random, len(sizes), (0.3, 0.5, 0.6, 0.7, 0.9))
    if ("ratio" not in fields) == chance(random, 0.95):
        most = [max(1, size - window + 2) for size, window in zip(sizes, per_axis(kernel, len(sizes)), strict=True)]
        fields["size"] = [random.randint(1, size) for size in most]
    return [volume(convention, sizes, random.choice(CHANNELS))], fields


DRAW = {
    "adaptive_avg_pool": adaptive, "adaptive_max_pool": adaptive, "lp_pool": lp_pool, "global_lp_pool": global_lp_pool,
    "spatial_pyramid_pool": pyramid,
    "fractional_max_pool": fractional,
}  # fmt: skip


def magnitudes_for_odd_norms(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Positive numbers where the norm is odd: else sums near zero, whose roots tell nothing, decide about the sign."""
    x = generator.standard_normal((2, *case["inputs"][0]), dtype=np.float32)
    return [np.abs(x) if case["fields"].get("norm", 2) == 3 else x]


INPUTS = {"lp_pool": magnitudes_for_odd_norms}


# --- PyTorch -----------------------------------------------------------------------------------------------------


def of_rank(name: str, case: Case) -> Any:
    from torch import nn

    return getattr(nn, f"{name}{spatial_rank(case)}d")


def torch_module(make: Callable[[Case], Any]) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from tests.oracles.pytorch_oracle import run_module

        return run_module(make(case), inputs)

    return ask


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def lp_module(case: Case) -> Any:
    fields = case["fields"]
    given = {"stride": as_tuple(fields["stride"])} if "stride" in fields else {}
    if spatial_rank(case) == 1:
        given = {name: per_axis(value, 1)[0] for name, value in given.items()}
        kernel = per_axis(fields["kernel"], 1)[0]
    else:
        kernel = as_tuple(fields["kernel"])
    return of_rank("LPPool", case)(fields.get("norm", 2), kernel, ceil_mode=fields.get("rounding") == "ceil", **given)


def pyramid_module(case: Case) -> Callable[..., Any]:
    import torch

    name = {"max": "AdaptiveMaxPool", "avg": "AdaptiveAvgPool"}[case["fields"].get("mode", "max")]
    pools = [of_rank(name, case)(level) for level in case["fields"]["levels"]]
    return lambda x: torch.cat([pool(x).flatten(1) for pool in pools], 1)


def one_each(case: Case, name: str) -> list[int]:
    """A field for every axis; ValueError for a list of another length."""
    values = numbers(case, name)
    if len(values) != spatial_rank(case):
        raise ValueError(f"{len(values)} values for {spatial_rank(case)} axes")
    return values


def fractional_module(case: Case) -> Callable[..., Any]:
    """With samples of 0: the most even steps. There is none for one axis."""
    import torch

    if spatial_rank(case) == 1:
        raise ValueError("no FractionalMaxPool1d")
    for name in ("ratio", "size"):
        one_each(case, name)  # FractionalMaxPool3d takes the first three of four

    fields = case["fields"]
    names = {"kernel": "kernel_size", "size": "output_size", "ratio": "output_ratio"}
    given = {theirs: as_tuple(fields[name]) for name, theirs in names.items() if name in fields}

    def run(x: torch.Tensor) -> torch.Tensor:
        samples = torch.zeros(*x.shape[:2], x.ndim - 2)
        return of_rank("FractionalMaxPool", case)(**given, _random_samples=samples)(x)

    return run


def adaptive_module(name: str) -> Ask:
    def make(case: Case) -> Any:
        one_each(case, "size")  # AdaptiveMaxPool forgets to look
        return of_rank(name, case)(as_tuple(case["fields"]["size"]))

    return torch_module(make)


PYTORCH: dict[str, Ask] = {
    "adaptive_avg_pool": adaptive_module("AdaptiveAvgPool"),
    "adaptive_max_pool": adaptive_module("AdaptiveMaxPool"),
    "lp_pool": torch_module(lp_module),
    "spatial_pyramid_pool": torch_module(pyramid_module),
    "fractional_max_pool": torch_module(fractional_module),
}


# --- Keras -------------------------------------------------------------------------------------------------------


def keras_layer(name: str, field: str) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        import keras

        from tests.oracles.keras_oracle import run_layer

        value = as_tuple(case["fields"][field])
        if name.startswith("Up") and spatial_rank(case) == 1:
            value = one_each(case, field)[0]
        layer = getattr(keras.layers, name.format(spatial_rank(case)))(value)
        return run_layer(layer, inputs, None if weights is None else [])

    return ask


KERAS: dict[str, Ask] = {
    "adaptive_avg_pool": keras_layer("AdaptiveAveragePooling{}D", "size"),
    "adaptive_max_pool": keras_layer("AdaptiveMaxPooling{}D", "size"),
}


# --- ONNX --------------------------------------------------------------------------------------------------------


def onnx_lp_pool(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes, window

    node = helper.make_node("LpPool", ["x0"], ["y"], p=case["fields"].get("norm", 2), **window(case))
    return run_nodes([node], inputs, {}, rank=inputs[0].ndim)


def onnx_global_lp_pool(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """An LpPool over everything: the runtime has no GlobalLpPool of this operator set."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    node = helper.make_node("LpPool", ["x0"], ["y"], p=case["fields"].get("norm", 2), kernel_shape=spatial(case))
    return run_nodes([node], inputs, {}, rank=inputs[0].ndim)


ONNX: dict[str, Ask] = {
    "lp_pool": onnx_lp_pool,
    "global_lp_pool": onnx_global_lp_pool,
}


# --- deviations --------------------------------------------------------------------------------------------------


def of_lp_pool(applies: Callable[[Case], bool]) -> Callable[[Case], bool]:
    """What holds of max pools, for `lp_pool`."""
    return lambda case: case["layer"] == "lp_pool" and applies({**case, "layer": "max_pool"})


def inexact_bins(case: Case) -> bool:
    """Sizes by which float32 division on the CPU is not exact: 7 · 7 / 7 is a little less or more than 7."""
    adaptive_pool = case["layer"] in ("adaptive_avg_pool", "adaptive_max_pool")
    return adaptive_pool and any(size in (7, 13, 14, 15) for size in numbers(case, "size"))


DEVIATIONS = (
    Deviation(
        "a power-average pool's window larger than the padded input",
        "ONNX Runtime's division truncates towards zero and gives 1; the specification's floor gives none",
        "onnx",
        of_lp_pool(window_beyond_the_input),
        refuses="cnncalc",
    ),
    Deviation(
        "power-average pools with SAME and a dilation",
        "ONNX Runtime leaves the dilation out of the padding, against the specification",
        "onnx",
        of_lp_pool(dilated_same_pool),
        refuses="cnncalc",
    ),
    Deviation(
        "adaptive pools whose bins Keras computes in floating point",
        "Keras's JAX backend divides in float32, where i · W / 7 lands beside whole numbers: bins one place off",
        "keras",
        inexact_bins,
        refuses="nobody",
    ),
)
