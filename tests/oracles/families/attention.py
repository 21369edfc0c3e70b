"""Attention and embeddings: PyTorch's and Keras's multi-head attention, Keras's attention without projections."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import CHANNELS, Drawn, Fields, Shape, chance, maybe, spatial_axes, volume
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {
        "multi_head_attention": 3, "attention": 2, "embedding": 1, "embedding_bag": 1, "squeeze_excite": 1,
    },
    "keras": {"multi_head_attention": 4, "attention": 2, "additive_attention": 2, "embedding": 1},
    "onnx": {"attention": 2},
}  # fmt: skip

LENGTHS = (1, 2, 3, 4, 5, 7, 11, 13)
HEADS = (1, 2, 3, 4, 5)


# --- drawing -----------------------------------------------------------------------------------------------------


def roles(random: Random, features: tuple[int, int, int], fewest: int = 1) -> list[Shape]:
    """One to three sequences: query, key, value; sometimes with a value too many, sometimes not sequences."""
    queries, keys = random.sample(LENGTHS, 2)
    values = keys if chance(random, 0.85) else keys + 1
    made = [[queries, features[0]], [keys, features[1]], [values, features[2]]][: random.randint(fewest, 3)]
    if chance(random, 0.06):
        return [shape[1:] for shape in made]
    return [[2, *shape] for shape in made] if chance(random, 0.06) else made


def several_heads(random: Random, convention: str) -> Drawn:
    """Multi-head attention as the framework can say it."""
    return (heads_of_keras if convention == "keras" else heads_of_pytorch)(random)


def heads_of_pytorch(random: Random) -> Drawn:
    fields: Fields = {"heads": random.choice(HEADS)}
    features = fields["heads"] * random.choice((1, 2, 3)) + (random.choice((1, 2)) if chance(random, 0.15) else 0)
    others = random.choice(((features, features), (random.choice(CHANNELS), random.choice(CHANNELS))))
    for name in ("bias", "key_value_bias", "zero_attention", "causal"):
        maybe(random, fields, name, 0.3, lambda: chance(random, 0.6))
    return roles(random, (features, *others)), fields


def heads_of_keras(random: Random) -> Drawn:
    fields: Fields = {"heads": random.choice(HEADS), "key_dim": random.choice((1, 2, 3, 5))}
    inputs = roles(random, (random.choice(CHANNELS), random.choice(CHANNELS), random.choice(CHANNELS)), fewest=2)
    if chance(random, 0.3):
        fields["key_value_heads"] = random.choice((1, 2, 2, 3))
        inputs[-1][-1] = inputs[-1][-1] if chance(random, 0.2) else inputs[0][-1]
    else:
        maybe(random, fields, "value_dim", 0.5, lambda: random.choice((1, 2, 3, 7)))
        maybe(random, fields, "output", 0.3, lambda: random.choice(CHANNELS))
    for name in ("bias", "gate", "causal"):
        maybe(random, fields, name, 0.3, lambda: chance(random, 0.6))
    if chance(random, 0.25):
        fields["window"] = random.choice((1, 1, 2, 3))
        inputs[0][0] += random.choice((0, 0, 7))
    return inputs, fields


def compared(random: Random, convention: str) -> Drawn:
    """Attention without projections: queries and keys should have as many features."""
    features = random.choice(CHANNELS)
    others = random.choice((1, 1, *CHANNELS)) if chance(random, 0.25) else features
    inputs = roles(random, (features, others, random.choice(CHANNELS)), fewest=2 if convention == "keras" else 1)
    fields: Fields = {}
    maybe(random, fields, "causal", 0.3, lambda: chance(random, 0.6))
    return inputs, fields


def headed(random: Random, convention: str) -> Drawn:
    """Attention whose heads are an axis, or parts of the features; queries' heads mostly share the keys'."""
    fewer = random.choice((1, 2, 3))
    heads = fewer * random.choice((1, 1, 2, 3)) + chance(random, 0.1)
    size, value = random.choice((1, 2, 3, 5)), random.choice((1, 2, 3, 5))
    queries, keys = random.sample(LENGTHS, 2)
    fields: Fields = {}
    maybe(random, fields, "causal", 0.3, lambda: chance(random, 0.6))
    maybe(random, fields, "scale", 0.3, lambda: random.choice((0.125, 2.0, 1)))
    other = size + chance(random, 0.08)
    if convention == "pytorch":
        maybe(random, fields, "grouped", 0.6, lambda: True)
        lead = [random.choice((1, 2, 3))] if chance(random, 0.2) else []
        of_values = random.choice((1, 2, 3)) if chance(random, 0.1) else fewer
        return [[*lead, heads, queries, size], [*lead, fewer, keys, other], [*lead, of_values, keys, value]], fields
    maybe(random, fields, "softcap", 0.3, lambda: random.choice((0.5, 2.0)))
    if chance(random, 0.5):
        return [[heads, queries, size], [fewer, keys, other], [fewer, keys, value]], fields
    fields |= {"heads": heads, "key_value_heads": fewer}
    return [[queries, heads * size], [keys, fewer * other], [keys, fewer * value + chance(random, 0.05)]], fields


def dot_product(random: Random, convention: str) -> Drawn:
    if convention == "onnx" or (convention == "pytorch" and chance(random, 0.6)):
        return headed(random, convention)
    inputs, fields = compared(random, convention)
    if convention == "keras":
        maybe(random, fields, "scale", 0.5, lambda: chance(random, 0.7))
        maybe(random, fields, "score", 0.5, lambda: random.choice(("dot", "concat")))
    return inputs, fields


def additive(random: Random, convention: str) -> Drawn:
    inputs, fields = compared(random, convention)
    maybe(random, fields, "scale", 0.5, lambda: chance(random, 0.5))
    return inputs, fields


def looked_up(random: Random, convention: str) -> Drawn:
    fields: Fields = {"vocabulary": random.choice((1, 2, 3, 5, 11, 50)), "dimension": random.choice(CHANNELS)}
    if convention == "pytorch":
        maybe(random, fields, "padding_index", 0.4, lambda: random.choice((0, 1, 2, 4, 11, -1, -2, -12)))
    return [spatial_axes(random)], fields


def bag(random: Random, convention: str) -> Drawn:
    (shape,), fields = looked_up(random, convention)
    maybe(random, fields, "mode", 0.7, lambda: random.choice(("mean", "sum", "max")))
    return [shape if chance(random, 0.2) else shape[:1]], fields


def squeezed(random: Random, convention: str) -> Drawn:
    channels = random.choice(CHANNELS)
    fields: Fields = {"squeeze": random.choice((1, 2, 3, 5))}
    maybe(random, fields, "inner", 0.4, lambda: random.choice(("relu", "silu")))
    maybe(random, fields, "gate", 0.4, lambda: random.choice(("sigmoid", "hard_sigmoid")))
    return [[channels] if chance(random, 0.2) else volume(convention, [*spatial_axes(random), 3][:2], channels)], fields


def some_indices(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Indices within the vocabulary, as real numbers."""
    shape, vocabulary = case["inputs"][0], case["fields"]["vocabulary"]
    return [generator.integers(0, vocabulary, (2, *shape)).astype(np.float32)]


# --- PyTorch -----------------------------------------------------------------------------------------------------


def three(inputs: list[Any]) -> tuple[Any, Any, Any]:
    """Query, key and value, from one to three inputs."""
    return inputs[0], inputs[min(1, len(inputs) - 1)], inputs[-1]


def pytorch_heads(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    query, key, value = three(inputs)
    module = nn.MultiheadAttention(
        query.shape[-1], fields["heads"], bias=fields.get("bias", True), kdim=key.shape[-1], vdim=value.shape[-1],
        add_bias_kv=fields.get("key_value_bias", False), add_zero_attn=fields.get("zero_attention", False),
        batch_first=True,
    )  # fmt: skip
    hidden = torch.ones(query.shape[1], key.shape[1], dtype=torch.bool).triu(1) if fields.get("causal") else None
    theirs = None if weights is None else pytorch_weights(weights, together=module.in_proj_weight is not None)
    return run_module(module, [query, key, value], theirs, attn_mask=hidden)


def pytorch_weights(weights: dict[str, np.ndarray], *, together: bool) -> dict[str, np.ndarray]:
    """Ours as `nn.MultiheadAttention` has them: each projection transposed, with the heads' features in a row."""
    parts = ("query", "key", "value")
    kernels = [weights[f"{part}_kernel"].reshape(len(weights[f"{part}_kernel"]), -1).T for part in parts]
    output = weights["output_kernel"]
    theirs = {"out_proj.weight": output.reshape(-1, output.shape[-1]).T}
    theirs |= {"in_proj_weight": np.concatenate(kernels)} if together else {
        f"{part[0]}_proj_weight": kernel for part, kernel in zip(parts, kernels, strict=True)
    }  # fmt: skip
    if "query_bias" in weights:
        theirs["in_proj_bias"] = np.concatenate([weights[f"{part}_bias"].reshape(-1) for part in parts])
        theirs["out_proj.bias"] = weights["output_bias"]
    if "extra_key" in weights:
        theirs |= {"bias_k": weights["extra_key"].reshape(1, 1, -1), "bias_v": weights["extra_value"].reshape(1, 1, -1)}
    return theirs


def pytorch_dot_product(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch.nn.functional import scaled_dot_product_attention

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    return run_module(
        scaled_dot_product_attention, list(three(inputs)), is_causal=fields.get("causal", False),
        scale=fields.get("scale"), enable_gqa=fields.get("grouped", False),
    )  # fmt: skip


def pytorch_table(name: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    """`nn.Embedding` or `nn.EmbeddingBag`."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from torch import nn

        from tests.oracles.pytorch_oracle import run_module

        fields = case["fields"]
        given = {"mode": fields["mode"]} if "mode" in fields else {}
        module = getattr(nn, name)(
            fields["vocabulary"], fields["dimension"], padding_idx=fields.get("padding_index"), **given
        )
        theirs = None if weights is None else {"weight": weights["table"]}
        return run_module(module, [array.astype(np.int64) for array in inputs], theirs)

    return ask


def pytorch_squeeze(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """As torchvision's SqueezeExcitation: the mean, two convolutions of 1×1, their activations, a product."""
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields, channels = case["fields"], case["inputs"][0][0]
    inner = nn.SiLU() if fields.get("inner") == "silu" else nn.ReLU()
    gate = nn.Hardsigmoid() if fields.get("gate") == "hard_sigmoid" else nn.Sigmoid()

    class SqueezeExcitation(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.fc1 = nn.Conv2d(channels, fields["squeeze"], 1)
            self.fc2 = nn.Conv2d(fields["squeeze"], channels, 1)

        def forward(self, x: Any) -> Any:
            return x * gate(self.fc2(inner(self.fc1(self.avgpool(x)))))

    theirs = None
    if weights is not None:
        theirs = {
            "fc1.weight": weights["squeeze_kernel"].T[..., None, None], "fc1.bias": weights["squeeze_bias"],
            "fc2.weight": weights["excite_kernel"].T[..., None, None], "fc2.bias": weights["excite_bias"],
        }  # fmt: skip
    return run_module(SqueezeExcitation(), inputs, theirs)


# --- Keras -------------------------------------------------------------------------------------------------------


def as_keras_orders(inputs: list[Any]) -> list[Any]:
    """Query, value and, where it is not the value, key."""
    return [inputs[0], inputs[-1], *inputs[1:2]] if len(inputs) == 3 else inputs


def run_keras(layer: Any, shapes: list[Any], call: Callable[..., Any], inputs: list[np.ndarray], weights: Weights,
              ruled: tuple[int, ...]) -> Answer:  # fmt: skip
    """A layer that is built already: traced on abstract arrays, or run with weights."""
    import jax

    if weights is None:
        ran = jax.eval_shape(call, *(jax.ShapeDtypeStruct(shape, "float32") for shape in shapes)).shape
        if tuple(ran) != ruled:
            raise ValueError(f"its shape rule says {ruled}, its operation {tuple(ran)}")
        return Answer(np.zeros(ran, np.float32), layer.count_params())
    layer.set_weights([array.reshape(own.shape) for array, own in zip(weights.values(), layer.weights, strict=True)])
    return Answer(np.asarray(call(*inputs)), layer.count_params())


def keras_heads(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Dropout, which inference skips, keeps JAX from its fused kernel, which takes values as long as keys only."""
    import keras

    fields = case["fields"]
    given = as_keras_orders(inputs)
    shapes = [array.shape for array in given]
    common = {
        "use_bias": fields.get("bias", True), "use_gate": fields.get("gate", False), "kernel_initializer": "zeros",
        "sliding_window": fields.get("window"),
    }  # fmt: skip
    if "key_value_heads" in fields:
        layer = keras.layers.GroupQueryAttention(
            fields["key_dim"], fields["heads"], fields["key_value_heads"], **common
        )
    else:
        unfused = fields.get("value_dim", fields["key_dim"]) != fields["key_dim"]
        layer = keras.layers.MultiHeadAttention(
            fields["heads"], fields["key_dim"], fields.get("value_dim"), 0.5 if unfused else 0.0,
            output_shape=fields.get("output"), **common,
        )  # fmt: skip
    layer.build(*shapes)
    ruled = tuple(layer.compute_output_shape(*shapes))
    causal = fields.get("causal", False)
    return run_keras(layer, shapes, lambda *arrays: layer.call(*arrays, use_causal_mask=causal), given, weights, ruled)


def keras_pairwise(name: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    """`Attention` or `AdditiveAttention`, whose inputs are a list."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        import keras

        from tests.oracles.keras_oracle import chosen

        given = as_keras_orders(inputs)
        shapes = [array.shape for array in given]
        layer = getattr(keras.layers, name)(**chosen(case, scale="use_scale", score="score_mode"))
        layer.build(shapes)
        ruled = tuple(layer.compute_output_shape(shapes))
        causal = case["fields"].get("causal", False)
        return run_keras(
            layer, shapes, lambda *arrays: layer.call(list(arrays), use_causal_mask=causal), given, weights, ruled
        )

    return ask


def keras_embedding(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    fields = case["fields"]
    layer = keras.layers.Embedding(fields["vocabulary"], fields["dimension"], embeddings_initializer="zeros")
    return run_layer(layer, inputs, None if weights is None else list(weights.values()), dtype="int32")


# --- tables ------------------------------------------------------------------------------------------------------


def onnx_attention(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    names = {
        "causal": "is_causal", "scale": "scale", "softcap": "softcap", "heads": "q_num_heads",
        "key_value_heads": "kv_num_heads",
    }  # fmt: skip
    given = {names[field]: value for field, value in case["fields"].items()}
    given = {name: float(value) if name in ("scale", "softcap") else int(value) for name, value in given.items()}
    node = helper.make_node("Attention", ["x0", "x1", "x2"], ["y"], **given)
    return run_nodes([node], inputs, {}, rank=inputs[0].ndim, opset=23)


def no_sequences(*types: str) -> Callable[[Case], bool]:
    return lambda case: case["layer"] in types and any(len(shape) != 2 for shape in case["inputs"])


def of_vectors(case: Case) -> bool:
    """Attention of PyTorch's without projections, whose heads may stand before the positions, over no positions."""
    vectors = case["layer"] == "attention" and any(len(shape) < 2 for shape in case["inputs"])
    return vectors or (no_sequences("multi_head_attention")(case) and not with_leading_axes(case))


def with_leading_axes(case: Case) -> bool:
    return case["layer"] == "multi_head_attention" and all(len(shape) > 2 for shape in case["inputs"])


def stretched_features(case: Case) -> bool:
    """A single feature of queries or keys meets several of the other."""
    adds = case["layer"] == "additive_attention" or case["fields"].get("score") == "concat"
    query, key, _ = three(case["inputs"])
    return adds and query[-1] != key[-1] and 1 in (query[-1], key[-1])


def sees_nothing(case: Case) -> bool:
    """The last query is farther from the last key than its window."""
    if case["layer"] != "multi_head_attention" or any(len(shape) != 2 for shape in case["inputs"]):
        return False
    query, key, _ = three(case["inputs"])
    return query[0] - key[0] >= case["fields"].get("window", query[0])


DRAW = {
    "multi_head_attention": several_heads, "attention": dot_product, "additive_attention": additive,
    "embedding": looked_up, "embedding_bag": bag, "squeeze_excite": squeezed,
}  # fmt: skip
INPUTS = {"embedding": some_indices, "embedding_bag": some_indices}
PYTORCH = {
    "multi_head_attention": pytorch_heads, "attention": pytorch_dot_product, "embedding": pytorch_table("Embedding"),
    "embedding_bag": pytorch_table("EmbeddingBag"), "squeeze_excite": pytorch_squeeze,
}  # fmt: skip
KERAS = {
    "multi_head_attention": keras_heads, "attention": keras_pairwise("Attention"),
    "additive_attention": keras_pairwise("AdditiveAttention"), "embedding": keras_embedding,
}  # fmt: skip
ONNX = {"attention": onnx_attention}
DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        "attention over what is not a sequence",
        "PyTorch takes a batch of vectors for one unbatched sequence, and every axis before the last two for a batch",
        "pytorch",
        of_vectors,
        refuses="cnncalc",
    ),
    Deviation(
        "multi-head attention over leading axes",
        "PyTorch's module takes one batch axis; cnncalc takes more, as scaled_dot_product_attention does",
        "pytorch",
        with_leading_axes,
        refuses="framework",
    ),
    Deviation(
        "attention over what is not a sequence",
        "Keras attends along the batch of vectors, and along the width of a volume, row by row",
        "keras",
        no_sequences("attention", "additive_attention"),
        refuses="cnncalc",
    ),
    Deviation(
        "a single feature that meets several",
        "adding queries and keys stretches it over the others': it fits by accident only",
        "keras",
        stretched_features,
        refuses="cnncalc",
    ),
    Deviation(
        "a query whose window holds no key",
        "Keras weighs every value the same in its fused kernel, as cnncalc does, and none at all in its other path",
        "keras",
        sees_nothing,
        refuses="nobody",
    ),
)
