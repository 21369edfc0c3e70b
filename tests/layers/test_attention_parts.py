"""Attention in its parts: heads that are broadcast or shared, masks with a batch axis, kernels of projections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Weight
from tests.layers.layer_making import make
from tests.together import for_each


@for_each(
    ("name", "shape", "axes"),
    [
        # heads × features of a head are the outputs of a projection; the last one gives the layer's own
        ("query_kernel", (12, 3, 4), (1, 2)), ("value_kernel", (12, 3, 4), (1, 2)), ("output_kernel", (3, 4, 12), (2,)),
        ("dense_hidden_kernel_0", (12, 24), (1,)), ("query_bias", (3, 4), ()), ("attention_norm_scale_0", (12,), ()),
        ("self_attention_output_kernel_1", (3, 4, 12), (2,)),
    ],
)  # fmt: skip
@for_each("kind", ["multi_head_attention", "transformer_encoder"])
def test_outputs_of_a_projection(kind: str, name: str, shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    assert make(kind, heads=3).output_axes(Weight(name, shape)) == axes


@for_each(
    ("query", "key", "value", "y"),
    [
        # torch.nn.functional.scaled_dot_product_attention broadcasts as matmul does
        ((2, 4, 5, 8), (1, 4, 7, 8), (1, 4, 7, 6), (2, 4, 5, 6)),
        ((1, 4, 5, 8), (2, 4, 7, 8), (2, 4, 7, 6), (2, 4, 5, 6)),
        ((2, 1, 5, 8), (1, 4, 7, 8), (1, 4, 7, 6), (2, 4, 5, 6)), ((1, 5, 8), (3, 7, 8), (1, 7, 6), (3, 5, 6)),
    ],
)  # fmt: skip
def test_heads_are_broadcast(query: Any, key: Any, value: Any, y: Any) -> None:
    layer = make("attention", "pytorch")
    assert layer.shape(query, key, value) == y
    arrays = [np.ones((3, *shape), np.float32) for shape in (query, key, value)]
    assert layer.forward(np, *arrays).shape == (3, *y)


@pytest.mark.parametrize(
    ("query", "key", "named"),
    [((2, 4, 5, 8), (3, 4, 7, 8), ("2x4", "3x4")), ((2, 4, 5, 8), (2, 3, 7, 8), ("2x4", "2x3"))],
)
def test_heads_that_differ_in_one_axis(query: Any, key: Any, named: tuple[str, str]) -> None:
    message = f"queries with {named[0]} heads before their positions do not match keys or values with {named[1]} heads"
    with pytest.raises(Refusal, match=message):
        make("attention", "pytorch").shape(query, key)


def test_shared_heads_of_batches() -> None:
    """Grouped keys are those of `repeat_interleave` along the heads, as PyTorch's enable_gqa says."""
    random = np.random.default_rng(5)
    query, key = random.standard_normal((3, 7, 4, 5, 8)), random.standard_normal((3, 7, 2, 6, 8))
    value = random.standard_normal((3, 7, 2, 6, 11))
    each = [np.repeat(array, 2, axis=2) for array in (key, value)]
    grouped = make("attention", "pytorch", grouped=True).forward(np, query, key, value)
    np.testing.assert_allclose(grouped, make("attention", "pytorch").forward(np, query, *each))


def test_work_of_two_inputs() -> None:
    """5 queries, 7 keys that are the values, 12 features: 35 scores and 35 weighings of 12."""
    layer, inputs = make("additive_attention", "keras"), ((5, 12), (7, 12), (5, 12))
    assert (layer.macs(*inputs), layer.elementwise(*inputs)) == (2 * 35 * 12, 35 * (2 * 12 + 1))
    assert make("additive_attention", "keras", scale=False).elementwise(*inputs) == 35 * (3 * 12 + 1)
    assert [weight.shape for weight in layer.weights((5, 12), (7, 12), (7, 3), (5, 3))] == [(12,)]


@for_each(
    ("kind", "fields", "inputs", "mask", "learned", "fits"),
    [
        # a learned bias of shape 1x…, as Swin has it: its first axis stands for the batch
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (1, 5, 7), True, True),
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (1, 5, 7), False, False),
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (2, 5, 7), True, False),
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (1, 1, 5, 7), True, False),
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (5, 7), True, True),
        ("attention", {}, [(5, 8), (7, 8), (7, 8)], (1, 7), True, True),
        ("attention", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 8)], (1, 4, 5, 7), True, True),
        ("attention", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 8)], (1, 2, 5, 7), True, False),
        ("attention", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 8)], (4, 7, 5), True, False),
        ("multi_head_attention", {"heads": 4}, [(5, 8), (7, 8), (7, 8)], (1, 4, 5, 7), True, True),
        ("multi_head_attention", {"heads": 4}, [(5, 8), (7, 8), (7, 8)], (1, 4, 5, 7), False, False),
    ],
)
def test_masks_with_an_axis_for_the_batch(
    kind: str, fields: dict[str, Any], inputs: Any, mask: tuple[int, ...], learned: bool, fits: bool
) -> None:
    layer = make(kind, "pytorch", **fields).beside((3,) if learned else ())
    if fits:
        assert layer.shape(*inputs, mask) == inputs[0]
        return
    with pytest.raises(Refusal, match="cannot be added to scores of shape"):
        layer.shape(*inputs, mask)


def test_such_a_mask_is_the_same_for_every_sample() -> None:
    random = np.random.default_rng(6)
    query, key, mask = (random.standard_normal(shape) for shape in ((2, 5, 8), (2, 7, 8), (1, 1, 5, 7)))
    layer = make("attention", "pytorch")
    np.testing.assert_array_equal(
        layer.forward(np, query, key, key, mask), layer.forward(np, query, key, key, mask[:, 0])
    )


def test_a_fixed_scale() -> None:
    """With 16 features, 1/4 is the usual scale."""
    random = np.random.default_rng(7)
    x = random.standard_normal((2, 5, 16))
    layers = [make("attention", "pytorch", scale=0.25), make("attention", "pytorch")]
    fixed, usual = (layer.forward(np, x, x[:, :3]) for layer in layers)
    np.testing.assert_allclose(fixed, usual)


def test_keras_shares_heads_of_sequences_alone() -> None:
    with pytest.raises(Refusal, match="Keras's GroupQueryAttention takes sequences"):
        make("multi_head_attention", "keras", heads=4, key_value_heads=2, attention_axes=2).shape((3, 5, 12))
    shape = make("multi_head_attention", "formula", heads=4, key_value_heads=2, attention_axes=2).shape((3, 5, 12))
    assert shape == (3, 5, 12)


@for_each(
    ("inner", "bias", "gates"),
    [("relu", 3.0, (2 / 3, 1.0)), ("silu", 2.0, (1 / 6, 2 / 3)), ("silu", 3.0, (0.53219595598, 1.0))],
)
@for_each("layout", ["HWC", "CHW"])
def test_biases_of_squeeze_excite(inner: str, bias: float, gates: tuple[float, float], layout: str) -> None:
    """By hand: means of 2 and 4 are squeezed to 2 − 4 + bias, which is 1 or 0.

    The gates are (3·1 − 2)/6 + 1/2 and (3·1 + 1)/6 + 1/2, limited to 1; and (−2)/6 + 1/2 and 1/6 + 1/2. The silu of 1
    is 1/(1 + 1/e) = 0.7310586.
    """
    x = np.array([[[[1.0, 4.0], [3.0, 4.0]]]])  # means 2 and 4
    x = x if layout == "HWC" else x.transpose(0, 3, 1, 2)
    layer = make("squeeze_excite", layout=layout, squeeze=1, inner=inner, gate="hard_sigmoid")
    y = layer.forward(
        np, x, squeeze_kernel=np.array([[1.0], [-1.0]]), squeeze_bias=np.array([bias]),
        excite_kernel=np.array([[3.0, 3.0]]), excite_bias=np.array([-2.0, 1.0]),
    )  # fmt: skip
    y = y if layout == "HWC" else y.transpose(0, 2, 3, 1)
    np.testing.assert_allclose(y, np.array([[[[1.0, 4.0], [3.0, 4.0]]]]) * gates)


@for_each(
    ("fields", "inputs", "operations"),
    [
        # 35 scores of 4 features; concat: 3 per feature, 4 with a scale, 1 for w, 1 for the softmax
        ({"score": "concat"}, 3, 35 * (3 * 4 + 2)), ({"score": "concat", "scale": True}, 3, 35 * (4 * 4 + 2)),
        ({"score": "concat", "softcap": 2}, 3, 35 * (3 * 4 + 5)), ({"score": "concat"}, 4, 35 * (3 * 4 + 3)),
        # the softmax; a scale each; a soft cap of three; a mask
        ({}, 3, 35), ({"scale": True}, 3, 35 * 2), ({"score": "scaled_dot"}, 3, 35 * 2), ({"scale": 0.5}, 3, 35 * 2),
        ({"score": "scaled_dot", "scale": True}, 3, 35 * 3), ({"score": "scaled_dot", "scale": 0.5}, 3, 35 * 2),
        ({"softcap": 2}, 3, 35 * 4), ({}, 4, 35 * 2),
    ],
)  # fmt: skip
def test_operations_of_attention(fields: dict[str, Any], inputs: int, operations: int) -> None:
    shapes = [(5, 4), (7, 4), (7, 3), (5, 7)][:inputs]
    layer = make("attention", **fields)
    assert layer.elementwise(*shapes, layer.shape(*shapes)) == operations


@pytest.mark.parametrize("grouped", [True, False])
def test_work_without_heads(grouped: bool) -> None:
    assert make("attention", grouped=grouped).macs((5, 4), (7, 4), (7, 3), (5, 3)) == 35 * (4 + 3)


@for_each(("value", "scale"), [("true", True), ("FALSE", False), (True, True), ("0.5", 0.5), (2, 2.0)])
def test_a_scale_is_a_flag_or_a_number(value: object, scale: object) -> None:
    found = make("attention", scale=value).scale  # type: ignore[attr-defined]
    assert (found, type(found)) == (scale, type(scale))


@for_each(
    ("convention", "fields", "inputs", "field", "message", "hint"),
    [
        ("pytorch", {"heads": 2}, [(5, 8)], "heads", "takes heads as an axis", "reshape to heads × positions"),
        ("pytorch", {"softcap": 2}, [(5, 8)], "softcap", "takes no soft cap", "remove softcap"),
        ("formula", {"heads": 3}, [(5, 9), (7, 8)], "heads", "8 features of 7x8", "that divides"),
        ("formula", {"heads": 3}, [(5, 9), (7, 9), (7, 8)], "heads", "8 features of 7x8", "that divides"),
        ("formula", {"heads": 3, "key_value_heads": 3}, [(5, 9), (7, 8)], "key_value_heads", "8 features of 7x8", ""),
        ("formula", {"heads": 3, "key_value_heads": 3}, [(5, 9), (7, 9), (7, 8)], "key_value_heads", "of 7x8", ""),
        ("formula", {"heads": 2}, [(8,), (5, 8), (5, 8)], None, "needs sequences", ""),
        ("tensorflow", {}, [(4, 5, 8)], None, "needs sequences", ""),
        ("pytorch", {}, [(1,) * 8 + (5, 8)], None, "needs sequences", ""),
        ("pytorch", {"causal": True}, [(5, 8), (5, 8), (5, 8), (5, 5)], "causal", "a mask together with is_causal", ""),
        ("onnx", {"heads": 2}, [(4, 5, 8)], "heads", "takes the heads from an axis of 4x5x8", "remove heads"),
    ],
)
def test_refused(
    convention: str, fields: dict[str, Any], inputs: Any, field: str | None, message: str, hint: str
) -> None:
    with pytest.raises(Refusal, match=message) as refusal:
        make("attention", convention, **fields).shape(*inputs)
    assert refusal.value.field == field
    assert hint in refusal.value.hint


def test_the_fused_kernel_writes_positions_first() -> None:
    shapes = [(3, 5, 4), (3, 7, 4), (3, 7, 4)]
    kept = make("attention", "pytorch").kept(*shapes, (3, 5, 4))
    assert (kept.inputs, kept.output, kept.order) == ("all", True, (1, 0, 2))
    separate = make("attention", "pytorch").kept((5, 4), (7, 4), (7, 4), (5, 4))
    assert (separate.inputs, separate.folded_axes) == ((2,), 2)


@for_each("bias", [True, False])
@for_each("final", [True, False])
@for_each("name", ["transformer_encoder", "transformer_decoder"])
def test_operations_of_a_stack(name: str, bias: bool, final: bool) -> None:
    """Sums, normalizations, attentions, and 13 hidden units with their activation, at 5 positions of 8 features."""
    x, memory = (5, 8), (7, 8)
    layer = make(name, heads=2, hidden=13, depth=3, bias=bias, final_norm=final)
    norm = make("layer_norm", shift=bias).elementwise(x, x)
    heads = make("multi_head_attention", heads=2, bias=bias)
    dense = 5 * 13 + bias * 5 * (13 + 8)
    if name == "transformer_encoder":
        each = 2 * (40 + norm) + heads.elementwise(x, x) + dense
        found = layer.elementwise(x, x)
    else:
        each = 3 * (40 + norm) + heads.elementwise(x, x) + heads.elementwise(x, memory, x) + dense
        found = layer.elementwise(x, memory, x)
    assert found == 3 * each + final * norm


def test_additive_attention_with_a_scale() -> None:
    """Of equal sums, a scale of 0 gives the mean of the values, one of 1 what no scale gives."""
    random = np.random.default_rng(9)
    x, y = random.standard_normal((2, 5, 4)), random.standard_normal((2, 7, 4))
    layer, without = make("additive_attention"), make("additive_attention", scale=False)
    np.testing.assert_allclose(layer.forward(np, x, y, scale=np.ones(4)), without.forward(np, x, y))
    mean = np.broadcast_to(y.mean(axis=1, keepdims=True), (2, 5, 4))
    np.testing.assert_allclose(layer.forward(np, x, y, scale=np.zeros(4)), mean)
    causal = make("additive_attention", causal=True).forward(np, x, y, scale=np.zeros(4))
    np.testing.assert_allclose(causal[:, 0], y[:, 0])


def test_a_learned_scale() -> None:
    """A factor of the scores; `concat` has a weight as well, and a weight of 0 gives the mean of the values."""
    random = np.random.default_rng(10)
    x, y = random.standard_normal((2, 5, 4)), random.standard_normal((2, 7, 4))
    learned = make("attention", scale=True).forward(np, x, y, scale=np.array([0.25]))
    np.testing.assert_allclose(learned, make("attention", scale=0.25).forward(np, x, y))
    concat = make("attention", score="concat", scale=True)
    mean = np.broadcast_to(y.mean(axis=1, keepdims=True), (2, 5, 4))
    for scale, weight in ((0.25, 0.0), (0.0, 3.0)):
        found = concat.forward(np, x, y, scale=np.array([scale]), score_weight=np.array([weight]))
        np.testing.assert_allclose(found, mean)
    halved = make("additive_attention").forward(np, x, y, scale=np.full(4, 0.5))
    one = make("attention", score="concat").forward(np, x, y, score_weight=np.array([0.5]))
    np.testing.assert_allclose(one, halved)


def test_positions_along_the_first_axis() -> None:
    """`attention_axes=1` on columns gives what `attention_axes=2` gives on rows."""
    random = np.random.default_rng(11)
    x = random.standard_normal((2, 5, 3, 8))
    first, second = (make("multi_head_attention", heads=2, attention_axes=axis) for axis in (1, 2))
    weights = {w.name: random.standard_normal(w.shape) for w in first.weights((5, 3, 8), (5, 3, 8))}
    rows = second.forward(np, x.swapaxes(1, 2), **weights).swapaxes(1, 2)
    np.testing.assert_allclose(first.forward(np, x, **weights), rows)
    mask = random.standard_normal((2, 3, 1, 5, 5))
    rows = second.forward(np, *[x.swapaxes(1, 2)] * 3, mask, **weights).swapaxes(1, 2)
    np.testing.assert_allclose(first.forward(np, x, x, x, mask, **weights), rows)


def test_a_single_key_beside_zeros() -> None:
    """Keys of zeros score 0: one key whose score is 0 as well has half of the weight."""
    layer = make("multi_head_attention", heads=1, bias=False, zero_attention=True)
    eye = np.eye(2)[:, None]
    weights = {"query_kernel": 0 * eye, "key_kernel": eye, "value_kernel": eye, "output_kernel": np.eye(2)[None]}
    assert layer.forward(np, np.array([[[3.0, 5.0]]]), **weights).tolist() == [[[1.5, 2.5]]]


@for_each(
    ("fields", "inputs", "message"),
    [
        ({}, [(5, 8), (4, 5, 8)], "equal numbers of axes"), ({}, [(4, 5, 8), (5, 8)], "equal numbers of axes"),
        ({}, [(8,)], "equal numbers of axes"),
        ({"attention_axes": 1}, [(5, 3, 8), (7, 4, 8)], "queries in 3 batches, but keys in 4"),
        ({"attention_axes": 2}, [(3, 5, 8), (4, 7, 8)], "queries in 3 batches, but keys in 4"),
        ({"causal": True}, [(3, 5, 8)], "a single axis of positions"),
        ({"window": 2}, [(3, 5, 8)], "a single axis of positions"),
        ({"key_value_heads": 1}, [(3, 5, 8)], "a single axis of positions"),
    ],
)  # fmt: skip
def test_inputs_that_heads_cannot_compare(fields: dict[str, Any], inputs: Any, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        make("multi_head_attention", heads=2, **fields).shape(*inputs)


def test_what_a_mask_and_a_gate_cost_heads() -> None:
    """2 heads, 5 queries, 7 keys: one sum for each of 70 scores, and the attention weights are kept.

    A gate keeps its own sigmoid and the product beside the 5·8 averages.
    """
    inputs, y = [(5, 8), (7, 8), (7, 8)], (5, 8)
    plain, gated = make("multi_head_attention", heads=2), make("multi_head_attention", heads=2, gate=True)
    assert plain.elementwise(*inputs, (5, 7), y) - plain.elementwise(*inputs, y) == 70
    sizes = {
        name: {array.name: (array.elements, array.item_bytes) for array in kept.arrays}
        for name, kept in {
            "fused": plain.kept(*inputs, y), "masked": plain.kept(*inputs, (5, 7), y),
            "separate": make("multi_head_attention", heads=2, fused=False).kept(*inputs, y),
            "gated": gated.kept(*inputs, y),
        }.items()
    }  # fmt: skip
    projected = {"queries, keys, values": (40 + 2 * 56, 0)}
    assert sizes["fused"] == projected | {"log-sum-exp": (10, 4), "averages": (40, 0)}
    assert sizes["masked"] == sizes["separate"] == projected | {"attention weights": (70, 0), "averages": (40, 0)}
    assert sizes["gated"] == projected | {"log-sum-exp": (10, 4), "averages": (120, 0)}
    assert (plain.kept(*inputs, y).inputs, plain.kept(*inputs, y).needs_training) == ((0, 1, 2), True)
