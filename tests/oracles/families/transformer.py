"""PyTorch's transformer layers and stacks."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights

FREQUENCY = {"pytorch": {"transformer_encoder": 2, "transformer_decoder": 2, "transformer": 1}}


def transformer(inputs: int) -> Any:
    def draw(random: Random, convention: str) -> Drawn:
        """One or two sequences of the same features, a tenth of them not; heads that do not divide now and then."""
        heads = random.choice((1, 2, 3, 5))
        features = heads * random.choice((1, 2, 4)) + (1 if chance(random, 0.15) else 0)
        shapes = [[random.choice((1, 2, 3, 5, 8)), features] for _ in range(inputs)]
        if inputs == 2 and chance(random, 0.1):
            shapes[1][1] += 1
        fields: Fields = {"heads": heads, "hidden": random.choice((1, 3, 7, 16))}
        for name in ("norm_first", "bias", "final_norm"):
            maybe(random, fields, name, 0.4, lambda: chance(random, 0.5))
        maybe(random, fields, "depth", 0.4, lambda: random.choice((1, 2, 3)))
        maybe(random, fields, "function", 0.4, lambda: random.choice(("relu", "gelu")))
        if inputs == 2:
            maybe(random, fields, "causal", 0.4, lambda: chance(random, 0.5))
        return shapes, fields

    return draw


def whole(random: Random, convention: str) -> Drawn:
    """As a decoder, with the depth of both stacks."""
    shapes, fields = transformer(2)(random, convention)
    fields.pop("final_norm", None)
    fields.pop("depth", None)
    return shapes, {**fields, "encoders": random.choice((1, 2)), "decoders": random.choice((1, 2, 3))}


DRAW = {"transformer_encoder": transformer(1), "transformer_decoder": transformer(2), "transformer": whole}

MODULES = {"attention": "self_attn", "self_attention": "self_attn", "memory_attention": "multihead_attn"}
NORMS = {
    "transformer_encoder": {"attention": "norm1", "dense": "norm2"},
    "transformer_decoder": {"self_attention": "norm1", "memory_attention": "norm2", "dense": "norm3"},
}


def in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """A stack of the layer that the case describes; the stack's own fast path, which training skips, is not taken."""
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields, kind = case["fields"], case["layer"]
    features = inputs[0].shape[-1]
    given = {"norm_first": fields.get("norm_first", False), "bias": fields.get("bias", True)}
    decoder = kind == "transformer_decoder"
    layer = (nn.TransformerDecoderLayer if decoder else nn.TransformerEncoderLayer)(
        features, fields["heads"], fields["hidden"], 0.0, fields.get("function", "relu"), batch_first=True, **given
    )
    norm = nn.LayerNorm(features, bias=given["bias"]) if fields.get("final_norm") else None
    if decoder:
        stack: Any = nn.TransformerDecoder(layer, fields.get("depth", 1), norm)
    else:
        stack = nn.TransformerEncoder(layer, fields.get("depth", 1), norm, enable_nested_tensor=False)
    theirs = None if weights is None else renamed(case, weights)
    if not fields.get("causal"):
        return run_module(stack, inputs, theirs)
    mask = nn.Transformer.generate_square_subsequent_mask(inputs[0].shape[1])
    return run_module(stack, inputs, theirs, tgt_mask=mask)


def renamed(case: Case, weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights under PyTorch's names and in its order of axes; the three projections of an attention are one."""
    found: dict[str, np.ndarray] = {}
    names = {"scale": "weight", "shift": "bias"}
    for name in [name for name in weights if name.startswith("final_norm_")]:
        found[f"norm.{names[name.removeprefix('final_norm_')]}"] = weights[name]
    for number in range(case["fields"].get("depth", 1)):
        for step, norm in NORMS[case["layer"]].items():
            own = {
                name[len(step) + 1 : -len(f"_{number}")]: array
                for name, array in weights.items()
                if name.startswith(f"{step}_") and name.endswith(f"_{number}")
            }
            before = f"layers.{number}"
            found |= {f"{before}.{norm}.{names[n]}": own[f"norm_{n}"] for n in names if f"norm_{n}" in own}
            renamed_step = attention(step, own) if step in MODULES else feed_forward(own)
            found |= {f"{before}.{name}": array for name, array in renamed_step}
    return found


def feed_forward(own: dict[str, np.ndarray]) -> Any:
    for theirs, ours in (("linear1", "hidden"), ("linear2", "output")):
        yield f"{theirs}.weight", own[f"{ours}_kernel"].T
        if f"{ours}_bias" in own:
            yield f"{theirs}.bias", own[f"{ours}_bias"]


def attention(step: str, own: dict[str, np.ndarray]) -> Any:
    roles = ("query", "key", "value")
    features = own["query_kernel"].shape[0]
    yield (
        f"{MODULES[step]}.in_proj_weight",
        np.concatenate([own[f"{role}_kernel"].reshape(features, -1).T for role in roles]),
    )
    yield f"{MODULES[step]}.out_proj.weight", own["output_kernel"].reshape(-1, features).T
    if "query_bias" in own:
        yield f"{MODULES[step]}.in_proj_bias", np.concatenate([own[f"{role}_bias"].ravel() for role in roles])
        yield f"{MODULES[step]}.out_proj.bias", own["output_bias"]


def whole_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """`nn.Transformer`; each stack's weights are renamed as its own would be."""
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    module = nn.Transformer(
        inputs[0].shape[-1], fields["heads"], fields["encoders"], fields["decoders"], fields["hidden"], 0.0,
        fields.get("function", "relu"), batch_first=True, norm_first=fields.get("norm_first", False),
        bias=fields.get("bias", True),
    )  # fmt: skip
    theirs: dict[str, np.ndarray] = {}
    for stack in ("encoder", "decoder") if weights is not None else ():
        part = {name.removeprefix(f"{stack}_"): array for name, array in (weights or {}).items() if name[:7] == stack}
        stacked: Case = {**case, "layer": f"transformer_{stack}", "fields": {**fields, "depth": fields[f"{stack}s"]}}
        theirs |= {f"{stack}.{name}": array for name, array in renamed(stacked, part).items()}
    mask = nn.Transformer.generate_square_subsequent_mask(inputs[1].shape[1]) if fields.get("causal") else None
    return run_module(module, inputs, None if weights is None else theirs, tgt_mask=mask)


PYTORCH = {"transformer_encoder": in_pytorch, "transformer_decoder": in_pytorch, "transformer": whole_in_pytorch}
