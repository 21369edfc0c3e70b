"""Attention with several heads, and transformer layers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned
from cnncalc.importing.python.torch.modules.checks import check_declared
from cnncalc.importing.python.torch.operations import wrapped
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import Aside, PyInstance


def _attention_arrays(made: PyInstance, prefix: str, width: int, *, bias: bool, others: tuple[int, int]) -> None:
    if others == (width, width):
        learned(made, f"{prefix}in_proj_weight", 3 * width, width)
    else:
        learned(made, f"{prefix}q_proj_weight", width, width)
        learned(made, f"{prefix}k_proj_weight", width, others[0])
        learned(made, f"{prefix}v_proj_weight", width, others[1])
    if bias:
        learned(made, f"{prefix}in_proj_bias", 3 * width)
    learned(made, f"{prefix}out_proj.weight", width, width)
    if bias:
        learned(made, f"{prefix}out_proj.bias", width)


def make_attention(made: PyInstance, setup: ModuleSetup) -> None:
    width = setup.integer("embed_dim")
    if setup.flag("add_bias_kv", default=False):
        raise NotSaid("add_bias_kv")
    others = (setup.integer("kdim", width), setup.integer("vdim", width))
    made.attributes["head_dim"] = width // max(setup.integer("num_heads"), 1)
    _attention_arrays(made, "", width, bias=setup.flag("bias"), others=others)


def arrays_of(call: ModuleCall) -> list[TapeArray]:
    return [value.array() for value in call.instance.attributes.values() if isinstance(value, TorchTensor)]


def attention(call: ModuleCall) -> object:
    """The output, and the weights, which nobody knows."""
    query, key, value = (call.tape.tensor(call.input(place)) for place in range(3))
    check_declared(call, "embed_dim", query, -1, "feature")
    batch_axis = 0 if call.setup.flag("batch_first", default=False) else 1
    for each in (query, key, value):
        if each.rank == 3 and each.batch is not None and each.batch.axis != batch_axis:
            raise NotSaid("a sequence whose batch is elsewhere: is batch_first missing?")
    inputs = [query] if query.name == key.name == value.name else [query, key, value]
    if len(inputs) == 3 and key.name == value.name:
        inputs = [query, key]
    fields: dict[str, object] = {"heads": call.setup.integer("num_heads")}
    if not call.setup.flag("bias"):
        fields["bias"] = False
    y = call.tape.append("multi_head_attention", fields, inputs, query.dims, query.batch, weights=arrays_of(call))
    return (wrapped(y), Aside("the weights of the attention", call.given.place))


def make_encoder(made: PyInstance, setup: ModuleSetup) -> None:
    _transformer_arrays(made, setup, ("self_attn.",))


def make_decoder(made: PyInstance, setup: ModuleSetup) -> None:
    _transformer_arrays(made, setup, ("self_attn.", "multihead_attn."))


def _transformer_arrays(made: PyInstance, setup: ModuleSetup, attentions: tuple[str, ...]) -> None:
    """The arrays of attentions, of two dense layers, and of a normalization for each of these steps."""
    width, hidden, bias = setup.integer("d_model"), setup.integer("dim_feedforward", 2048), setup.flag("bias")
    for prefix in attentions:
        _attention_arrays(made, prefix, width, bias=bias, others=(width, width))
    for name, dims in (("linear1", (hidden, width)), ("linear2", (width, hidden))):
        learned(made, f"{name}.weight", *dims)
        if bias:
            learned(made, f"{name}.bias", dims[0])
    for name in ("norm1", "norm2", "norm3")[: len(attentions) + 1]:
        learned(made, f"{name}.weight", width)
        if bias:
            learned(made, f"{name}.bias", width)


def encoder(call: ModuleCall) -> object:
    x = _sequence(call, 0)
    return call.tape.append("transformer_encoder", _fields(call.setup), [x], x.dims, x.batch, weights=arrays_of(call))


def decoder(call: ModuleCall) -> object:
    """A layer from the target and the memory."""
    x, memory = _sequence(call, 0), _sequence(call, 1)
    fields = _fields(call.setup)
    return call.tape.append("transformer_decoder", fields, [x, memory], x.dims, x.batch, weights=arrays_of(call))


def _sequence(call: ModuleCall, place: int) -> TapeTensor:
    """A sequence of vectors of the layer's width. Raises NotSaid where its batch is elsewhere."""
    x = call.tape.tensor(call.input(place))
    if not check_declared(call, "d_model", x, -1, "feature"):
        raise NotSaid("sizes that do not fit")
    batch_axis = 0 if call.setup.flag("batch_first", default=False) else 1
    if x.rank == 3 and x.batch is not None and x.batch.axis != batch_axis:
        raise NotSaid("a sequence whose batch is elsewhere: is batch_first missing?")
    return x


def _fields(setup: ModuleSetup) -> dict[str, object]:
    """The fields of a transformer's layer. Raises NotSaid for other activations."""
    fields: dict[str, object] = {"heads": setup.integer("nhead"), "hidden": setup.integer("dim_feedforward", 2048)}
    if setup.flag("norm_first", default=False):
        fields["norm_first"] = True
    if not setup.flag("bias"):
        fields["bias"] = False
    activation = setup.get("activation")
    if activation is not None:
        word = activation if isinstance(activation, str) else getattr(activation, "name", "")
        if word.lower() not in ("relu", "gelu"):
            raise NotSaid("this activation")
        if word.lower() != "relu":
            fields["function"] = word.lower()
    return fields


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    "MultiheadAttention": ModuleRow(MODULES["MultiheadAttention"], make_attention, attention, 8),
    "TransformerEncoderLayer": ModuleRow(MODULES["TransformerEncoderLayer"], make_encoder, encoder, 4),
    "TransformerDecoderLayer": ModuleRow(MODULES["TransformerDecoderLayer"], make_decoder, decoder, 8),
})  # fmt: skip
