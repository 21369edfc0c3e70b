"""Layers of PyTorch, each with our type, its inputs and fields: for the memory that their backward passes keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

Call = Callable[..., torch.Tensor]


class MemoryCase(NamedTuple):
    """One of our layers in the PyTorch convention, and the same in PyTorch."""

    layer: str
    inputs: tuple[tuple[int, ...], ...]
    fields: dict[str, Any]
    call: Call
    indices: tuple[int, ...] = ()
    """The inputs that hold indices."""


VOLUME, SEQUENCE = (6, 5, 7), (5, 6)


def cases() -> Iterator[MemoryCase]:
    """Every case."""
    for name, function in _FUNCTIONS.items():
        yield MemoryCase(name, (VOLUME,), {}, function)
    for name, (count, call) in _MERGES.items():
        yield MemoryCase(name, (VOLUME,) * count, {}, call)
    yield MemoryCase("multiply", (VOLUME,) * 3, {}, lambda a, b, c: a * b * c)
    for layer, inputs, fields, call in (*_OTHERS, *_VARIANTS):
        yield MemoryCase(layer, inputs, fields, call)
    for layer, fields, module in _RECURRENT:
        yield MemoryCase(layer, (SEQUENCE,), fields, _first(module))
    yield MemoryCase("embedding", ((5,),), {"vocabulary": 11, "dimension": 3}, nn.Embedding(11, 3), (0,))
    yield MemoryCase("gather", (VOLUME,), {"axis": 1, "indices": [0, 2]}, lambda x: x[:, [0, 2]])
    yield MemoryCase("gather", (VOLUME,), {"axis": 1, "indices": 2}, lambda x: x[:, 2])


_FUNCTIONS: dict[str, Call] = {
    "relu": functional.relu, "relu6": functional.relu6, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "swish":
    functional.silu, "selu": functional.selu, "hard_swish": functional.hardswish, "hard_sigmoid":
    functional.hardsigmoid, "mish": functional.mish, "log_sigmoid": functional.logsigmoid, "softsign":
    functional.softsign, "gelu": functional.gelu, "elu": functional.elu, "celu": functional.celu, "leaky_relu":
    functional.leaky_relu, "softplus": functional.softplus, "hard_tanh": functional.hardtanh, "tanh_shrink":
    functional.tanhshrink, "soft_shrink": functional.softshrink, "hard_shrink": functional.hardshrink, "prelu":
    nn.PReLU(), "rrelu": nn.RReLU(), "softmax": nn.Softmax(1), "log_softmax": nn.LogSoftmax(1), "softmin":
    nn.Softmin(1), "softmax2d": nn.Softmax2d(), "abs": torch.abs, "acos": torch.acos, "acosh": torch.acosh, "asin":
    torch.asin, "asinh": torch.asinh, "atan": torch.atan, "atanh": torch.atanh, "ceil": torch.ceil, "cos": torch.cos,
    "cosh": torch.cosh, "erf": torch.erf, "exp2": torch.exp2, "expm1": torch.expm1, "exponential": torch.exp, "floor":
    torch.floor, "log": torch.log, "log10": torch.log10, "log1p": torch.log1p, "log2": torch.log2, "logit": torch.logit,
    "negative": torch.neg, "reciprocal": torch.reciprocal, "round": torch.round, "rsqrt": torch.rsqrt, "sign":
    torch.sign, "sin": torch.sin, "sinh": torch.sinh, "sqrt": torch.sqrt, "square": torch.square, "tan": torch.tan,
    "trunc": torch.trunc, "batch_norm": nn.BatchNorm2d(6), "instance_norm": nn.InstanceNorm2d(6), "unit_norm":
    functional.normalize, "layer_norm": nn.LayerNorm(7), "rms_norm": nn.RMSNorm(7), "dropout": nn.Dropout(0.5),
    "spatial_dropout": nn.Dropout2d(0.5), "alpha_dropout": nn.AlphaDropout(0.5), "flatten": nn.Flatten(), "identity":
    nn.Identity(), "global_avg_pool": nn.AdaptiveAvgPool2d(1), "global_max_pool": nn.AdaptiveMaxPool2d(1),
}  # fmt: skip

_MERGES: dict[str, tuple[int, Call]] = {
    "add": (2, torch.add), "subtract": (2, torch.sub), "multiply": (2, torch.mul), "divide": (2, torch.div),
    "maximum": (2, torch.maximum), "minimum": (2, torch.minimum), "addcmul": (3, torch.addcmul),
    "addcdiv": (3, torch.addcdiv), "lerp": (3, torch.lerp), "concat": (2, lambda a, b: torch.cat([a, b], 1)),
    "stack": (2, lambda a, b: torch.stack([a, b], 1)), "cosine_similarity": (2, functional.cosine_similarity),
}  # fmt: skip

_MATRICES = ((3, 5, 4), (3, 4, 2))

_OTHERS: tuple[tuple[str, tuple[tuple[int, ...], ...], dict[str, Any], Call], ...] = (
    ("relu", (VOLUME,), {"slope": 0.1}, lambda x: functional.leaky_relu(x, 0.1)),
    ("threshold", (VOLUME,), {"threshold": 0.5, "value": 1.0}, nn.Threshold(0.5, 1.0)),
    ("clip", (VOLUME,), {"low": 0.2, "high": 0.6}, lambda x: torch.clamp(x, 0.2, 0.6)),
    ("power", (VOLUME,), {"exponent": 3}, lambda x: x**3),
    ("power", (VOLUME,), {"exponent": 1, "scale": 2}, lambda x: x * 2),
    ("power", (VOLUME,), {"exponent": 3, "scale": 2, "shift": 1}, lambda x: (2 * x + 1) ** 3),
    ("glu", (VOLUME,), {"axis": 1}, lambda x: functional.glu(x, 1)),
    ("matmul", _MATRICES, {}, torch.matmul),
    ("einsum", _MATRICES, {"equation": "bhij,bhjk->bhik"}, lambda a, b: torch.einsum("bhij,bhjk->bhik", a, b)),
    ("addmm", ((5, 3), (5, 4), (4, 3)), {}, torch.baddbmm),
    ("pairwise_distance", ((6,), (6,)), {}, functional.pairwise_distance),
    ("conv", (VOLUME,), {"filters": 4, "kernel": 3, "bias": False}, nn.Conv2d(6, 4, 3, bias=False)),
    ("conv", (VOLUME,), {"filters": 4, "kernel": 3, "padding": "same"}, nn.Conv2d(6, 4, 3, padding="same")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": 4, "padding": "same"}, nn.Conv2d(6, 4, 4, padding="same")),
    ("conv", ((6, 9),), {"filters": 4, "kernel": 3, "stride": 2}, nn.Conv1d(6, 4, 3, 2)),
    ("conv", ((3, 5, 4, 6),), {"filters": 4, "kernel": 3, "padding": 1}, nn.Conv3d(3, 4, 3, padding=1)),
    *(
        ("conv", (VOLUME,), {"filters": 4, "kernel": 3, "padding": 1, "padding_mode": mode},
         nn.Conv2d(6, 4, 3, padding=1, padding_mode=mode))
        for mode in ("reflect", "replicate", "circular")
    ),
    ("depthwise_conv", (VOLUME,), {"kernel": 3}, nn.Conv2d(6, 6, 3, groups=6)),
    ("conv_transpose", (VOLUME,), {"filters": 4, "kernel": 3}, nn.ConvTranspose2d(6, 4, 3)),
    ("dense", ((6,),), {"units": 4}, nn.Linear(6, 4)),
    ("dense", (SEQUENCE,), {"units": 4}, nn.Linear(6, 4)),
    ("bilinear", ((5,), (6,)), {"units": 4}, nn.Bilinear(5, 6, 4)),
    ("group_norm", (VOLUME,), {"groups": 3}, nn.GroupNorm(3, 6)),
    ("layer_norm", (VOLUME,), {"normalized_shape": list(VOLUME)}, nn.LayerNorm(VOLUME)),
    ("rms_norm", (VOLUME,), {"affine": False}, nn.RMSNorm(7, elementwise_affine=False)),
    ("instance_norm", (VOLUME,), {"affine": True}, nn.InstanceNorm2d(6, affine=True)),
    ("batch_norm", (VOLUME,), {"track_running_stats": False}, nn.BatchNorm2d(6, track_running_stats=False)),
    ("local_response_norm", (VOLUME,), {"size": 3}, nn.LocalResponseNorm(3)),
    ("dropout", (VOLUME,), {"rate": 0.0}, nn.Dropout(0.0)),
    ("max_pool", (VOLUME,), {"kernel": 2}, nn.MaxPool2d(2)),
    ("max_pool", ((6, 9),), {"kernel": 3}, nn.MaxPool1d(3)),
    ("max_pool", ((3, 5, 4, 6),), {"kernel": 2}, nn.MaxPool3d(2)),
    ("avg_pool", (VOLUME,), {"kernel": 2}, nn.AvgPool2d(2)),
    ("lp_pool", (VOLUME,), {"kernel": 2}, nn.LPPool2d(2, 2)),
    ("adaptive_avg_pool", (VOLUME,), {"size": 1}, nn.AdaptiveAvgPool2d(1)),
    ("adaptive_avg_pool", (VOLUME,), {"size": 2}, nn.AdaptiveAvgPool2d(2)),
    ("adaptive_max_pool", (VOLUME,), {"size": 2}, nn.AdaptiveMaxPool2d(2)),
    ("fractional_max_pool", (VOLUME,), {"kernel": 2, "size": 3}, nn.FractionalMaxPool2d(2, output_size=3)),
    *(
        (name, (VOLUME,), {"axis": 1}, call)
        for name, call in {
            "reduce_sum": lambda x: x.sum(1), "reduce_mean": lambda x: x.mean(1), "reduce_max": lambda x: x.amax(1),
            "reduce_min": lambda x: x.amin(1), "reduce_prod": lambda x: x.prod(1), "reduce_std": lambda x: x.std(1),
            "reduce_variance": lambda x: x.var(1), "reduce_log_sum_exp": lambda x: x.logsumexp(1),
            "reduce_l2": lambda x: x.norm(2, 1), "reduce_l1": lambda x: x.norm(1, 1),
            "reduce_sum_square": lambda x: x.square().sum(1), "reduce_log_sum": lambda x: x.sum(1).log(),
            "cumulative_sum": lambda x: x.cumsum(1), "flip": lambda x: x.flip(1),
        }.items()
    ),
    ("reshape", (VOLUME,), {"shape": [6, 35]}, lambda x: x.reshape(-1, 6, 35)),
    ("permute", (VOLUME,), {"order": [2, 1, 3]}, lambda x: x.permute(0, 2, 1, 3)),
    ("slice", (VOLUME,), {"axis": 1, "stop": 3}, lambda x: x[:, :3]),
    ("roll", (VOLUME,), {"axis": 1, "shift": 2}, lambda x: x.roll(2, 1)),
    ("tile", (VOLUME,), {"repeats": [1, 2, 1]}, lambda x: x.repeat(1, 1, 2, 1)),
    ("repeat_interleave", (VOLUME,), {"repeats": 2, "axis": 1}, lambda x: x.repeat_interleave(2, 1)),
    ("zero_pad", (VOLUME,), {"amount": 1}, nn.ZeroPad2d(1)),
    ("reflection_pad", (VOLUME,), {"amount": 1}, nn.ReflectionPad2d(1)),
    ("replication_pad", (VOLUME,), {"amount": 1}, nn.ReplicationPad2d(1)),
    ("circular_pad", (VOLUME,), {"amount": 1}, nn.CircularPad2d(1)),
    ("pixel_shuffle", ((8, 5, 7),), {"factor": 2}, nn.PixelShuffle(2)),
    ("pixel_unshuffle", ((3, 4, 6),), {"factor": 2}, nn.PixelUnshuffle(2)),
    ("channel_shuffle", (VOLUME,), {"groups": 2}, nn.ChannelShuffle(2)),
    ("unfold", (VOLUME,), {"kernel": 2}, nn.Unfold(2)),
    ("upsample", (VOLUME,), {"scale": 2}, nn.Upsample(scale_factor=2)),
    ("bilinear_upsample", (VOLUME,), {"scale": 2}, nn.UpsamplingBilinear2d(scale_factor=2)),
    ("grid_sample", ((2, 5, 7), (3, 4, 2)), {}, functional.grid_sample),
    ("attention", ((3, 5, 4), (3, 7, 4), (3, 7, 2)), {"fused": False},
     lambda q, k, v: ((q * 4**-0.5) @ k.transpose(-1, -2)).softmax(-1) @ v),
    ("multi_head_attention", ((5, 8),), {"heads": 2}, lambda x: _attention(x, x, x)),
    ("multi_head_attention", ((5, 8), (4, 8)), {"heads": 2}, lambda x, y: _attention(x, y, y)),
    *(
        ("transformer_encoder", ((5, 8),), {"heads": 2, "hidden": 13, "norm_first": first, "function": function},
         nn.TransformerEncoderLayer(8, 2, 13, 0.0, function, batch_first=True, norm_first=first))
        for first in (False, True) for function in ("relu", "gelu")
    ),
    *(
        ("transformer_decoder", ((5, 8), (4, 8)), {"heads": 2, "hidden": 13, "norm_first": first},
         nn.TransformerDecoderLayer(8, 2, 13, 0.0, batch_first=True, norm_first=first))
        for first in (False, True)
    ),
    ("rnn_cell", ((5,),), {"units": 3}, nn.RNNCell(5, 3)),
    ("rnn_cell", ((5,), (3,)), {"units": 3}, nn.RNNCell(5, 3)),
    ("gru_cell", ((5,),), {"units": 3}, nn.GRUCell(5, 3)),
    ("gru_cell", ((5,), (3,)), {"units": 3}, nn.GRUCell(5, 3)),
    ("lstm_cell", ((5,),), {"units": 3}, lambda x: _CELL(x)[0]),
    ("lstm_cell", ((5,), (3,), (3,)), {"units": 3}, lambda x, h, c: _CELL(x, (h, c))[0]),
)  # fmt: skip

_CELL = nn.LSTMCell(5, 3)
_HEADS = nn.MultiheadAttention(8, 2, batch_first=True)


def _attention(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    found: torch.Tensor = _HEADS(query, key, value, need_weights=False)[0]
    return found


def _averaged(scores: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    return scores.softmax(-1) @ values


def _scored(query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
    return (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)


def _heads(**options: Any) -> Call:
    """Attention with other arguments; one input is query, key and value."""
    module = nn.MultiheadAttention(8, 2, batch_first=True, **options)

    def call(query: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        key, value = others[0] if others else query, others[-1] if others else query
        found: torch.Tensor = module(query, key, value, need_weights=False)[0]
        return found

    return call


def _additive(scale: nn.Module) -> Call:
    def call(query: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        key, value = others[0] if others else query, others[-1] if others else query
        return _averaged(scale(torch.tanh(query[:, :, None] + key[:, None]))[..., 0], value)

    return call


def _scaled(shape: tuple[int, ...], *, bias: bool = False) -> Call:
    """A learned scale, as in `layer_scale`, and a bias."""
    weights = nn.ParameterList([torch.rand(shape) for _ in range(1 + bias)])
    return lambda x: x * weights[0] + weights[1] if bias else x * weights[0]


def _gated(inner: nn.Module, gate: nn.Module) -> Call:
    """Squeeze and excitation, as torchvision.ops.SqueezeExcitation(6, 4) computes it."""
    gates = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(6, 4, 1), inner, nn.Conv2d(4, 6, 1), gate)
    return lambda x: gates(x) * x


def _highway(transform: nn.Module, gate: nn.Module) -> Call:
    def call(x: torch.Tensor) -> torch.Tensor:
        open_, transformed = torch.sigmoid(gate(x)), torch.relu(transform(x))
        return open_ * transformed + (1 - open_) * x

    return call


_VARIANTS: tuple[tuple[str, tuple[tuple[int, ...], ...], dict[str, Any], Call], ...] = (
    ("attention", ((3, 5, 4),), {"fused": False}, lambda x: _averaged(_scored(x, x), x)),
    ("attention", ((3, 5, 4), (3, 7, 4)), {"fused": False}, lambda q, k: _averaged(_scored(q, k), k)),
    ("attention", ((3, 5, 4),), {}, lambda x: functional.scaled_dot_product_attention(x, x, x)),
    ("attention", ((2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 4)), {}, functional.scaled_dot_product_attention),
    ("attention", ((3, 5, 4), (3, 7, 4), (3, 7, 4)), {}, functional.scaled_dot_product_attention),
    ("attention", ((5, 4), (7, 4), (7, 2)), {}, functional.scaled_dot_product_attention),
    ("attention", ((5, 4), (7, 4)), {}, lambda q, k: functional.scaled_dot_product_attention(q, k, k)),
    ("attention", ((3, 5, 4), (3, 7, 4), (3, 7, 2), (5, 7)), {},
     lambda q, k, v, mask: functional.scaled_dot_product_attention(q, k, v, mask[:, None])),
    ("attention", ((5, 4), (7, 4), (7, 2), (5, 7)), {}, functional.scaled_dot_product_attention),
    ("attention", ((3, 5, 4), (3, 7, 4), (3, 7, 2), (5, 7)), {"fused": False},
     lambda q, k, v, mask: _averaged(_scored(q, k) + mask[:, None], v)),
    ("additive_attention", ((5, 4), (7, 4), (7, 2)), {}, _additive(nn.Linear(4, 1, bias=False))),
    ("additive_attention", ((5, 4), (7, 4)), {}, _additive(nn.Linear(4, 1, bias=False))),
    ("additive_attention", ((5, 4),), {}, _additive(nn.Linear(4, 1, bias=False))),
    ("multi_head_attention", ((5, 8), (4, 8), (4, 8)), {"heads": 2}, _heads()),
    ("multi_head_attention", ((5, 8), (4, 3), (4, 7)), {"heads": 2}, _heads(kdim=3, vdim=7)),
    ("multi_head_attention", ((5, 8),), {"heads": 2, "bias": False}, _heads(bias=False)),
    ("multi_head_attention", ((5, 8), (4, 8)), {"heads": 2, "fused": False},
     lambda x, y: _HEADS(x, y, y, need_weights=True)[0]),
    ("layer_scale", (SEQUENCE,), {"axis": -1}, _scaled((6,))),
    ("layer_scale", (VOLUME,), {"bias": True}, _scaled((6, 1, 1), bias=True)),
    *(
        ("squeeze_excite", (VOLUME,), {"squeeze": 4, "inner": inner, "gate": gate},
         _gated(inner_module, gate_module))
        for inner, inner_module in (("relu", nn.ReLU()), ("silu", nn.SiLU()))
        for gate, gate_module in (("sigmoid", nn.Sigmoid()), ("hard_sigmoid", nn.Hardsigmoid()))
    ),
    *(
        ("transformer_encoder", ((5, 8),), {"heads": 2, "hidden": 13, "depth": 2, "norm_first": first,
                                            "final_norm": True},
         nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 13, 0.0, batch_first=True, norm_first=first), 2,
                               nn.LayerNorm(8), enable_nested_tensor=False))
        for first in (False, True)
    ),
    *(
        ("transformer", ((5, 8), (4, 8)), {"heads": 2, "encoders": 1, "decoders": 2, "hidden": 13, "norm_first": first},
         nn.Transformer(8, 2, 1, 2, 13, 0.0, batch_first=True, norm_first=first))
        for first in (False, True)
    ),
    ("conv", (VOLUME,), {"filters": 4, "kernel": [3, 2], "padding": [2, 1], "padding_mode": "reflect"},
     nn.Conv2d(6, 4, (3, 2), padding=(2, 1), padding_mode="reflect")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": [3, 2], "padding": [0, 1], "padding_mode": "circular"},
     nn.Conv2d(6, 4, (3, 2), padding=(0, 1), padding_mode="circular")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": 3, "padding_mode": "reflect"},
     nn.Conv2d(6, 4, 3, padding_mode="reflect")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": [3, 2], "padding": "same"}, nn.Conv2d(6, 4, (3, 2), padding="same")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": [3, 2], "dilation": [1, 3], "padding": "same"},
     nn.Conv2d(6, 4, (3, 2), dilation=(1, 3), padding="same")),
    ("conv", (VOLUME,), {"filters": 4, "kernel": 3, "groups": 2}, nn.Conv2d(6, 4, 3, groups=2)),
    ("depthwise_conv", (VOLUME,), {"kernel": [3, 2], "multiplier": 2}, nn.Conv2d(6, 12, (3, 2), groups=6)),
    ("conv_transpose", (VOLUME,), {"filters": 4, "kernel": 3, "stride": 2, "output_padding": 1},
     nn.ConvTranspose2d(6, 4, 3, 2, output_padding=1)),
    ("separable_conv", (VOLUME,), {"filters": 4, "kernel": [3, 2], "multiplier": 2},
     nn.Sequential(nn.Conv2d(6, 12, (3, 2), groups=6, bias=False), nn.Conv2d(12, 4, 1))),
    ("separable_conv", (VOLUME,), {"filters": 4, "kernel": 3, "padding": 1, "padding_mode": "reflect"},
     nn.Sequential(nn.Conv2d(6, 6, 3, 1, 1, groups=6, bias=False, padding_mode="reflect"), nn.Conv2d(6, 4, 1))),
    ("dense", ((5, 3, 6),), {"units": 4}, nn.Linear(6, 4)),
    ("highway", ((6,),), {}, _highway(nn.Linear(6, 6), nn.Linear(6, 6))),
)  # fmt: skip
"""Other arguments of the layers with weights: sizes that differ along each axis, several inputs, several layers."""

_RECURRENT: tuple[tuple[str, dict[str, Any], nn.Module], ...] = (
    ("lstm", {"units": 3}, nn.LSTM(6, 3, batch_first=True)),
    ("lstm", {"units": 3, "layers": 2}, nn.LSTM(6, 3, 2, batch_first=True)),
    ("lstm", {"units": 3, "bidirectional": True}, nn.LSTM(6, 3, batch_first=True, bidirectional=True)),
    ("gru", {"units": 3}, nn.GRU(6, 3, batch_first=True)),
    ("gru", {"units": 3, "layers": 2}, nn.GRU(6, 3, 2, batch_first=True)),
    ("rnn", {"units": 3}, nn.RNN(6, 3, batch_first=True)),
    ("rnn", {"units": 3, "layers": 2}, nn.RNN(6, 3, 2, batch_first=True)),
)


def _first(module: nn.Module) -> Call:
    return lambda x: module(x)[0]


def kept_bytes(call: Call, inputs: list[torch.Tensor]) -> int:
    """The bytes of the distinct storages that autograd saves in a call, without parameters and buffers."""
    pointers = {one.untyped_storage().data_ptr() for one in _owned(call)}
    saved: dict[int, tuple[int, torch.Tensor]] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in pointers:
            saved[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        call(*inputs)
    return sum(size for size, _ in saved.values())


def _owned(call: Call) -> list[torch.Tensor]:
    """The parameters and buffers of a module, or of those that a function calls."""
    modules = [call] if isinstance(call, nn.Module) else [_CELL, _HEADS]
    closure = getattr(call, "__closure__", None) or ()
    modules += [cell.cell_contents for cell in closure if isinstance(cell.cell_contents, nn.Module)]
    return [one for module in modules for one in (*module.parameters(), *module.buffers())]
