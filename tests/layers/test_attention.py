"""Attention, squeeze-and-excitation, layer scale: shapes, weights, work, values, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

A, B = (5, 12), (7, 11)

# convention, fields, inputs, output, parameters (the framework's), unshared, MACs.
HEADS = [
    # PyTorch, nn.MultiheadAttention(embed_dim, num_heads): 4·d² + 4·d
    ("pytorch", {"heads": 12}, [(197, 768)], (197, 768), 2362368, 465386496, 524391936),  # ViT-B/16
    ("pytorch", {"heads": 3}, [(7, 15)], (7, 15), 960, 6720, 7770),
    ("pytorch", {"heads": 3, "bias": False}, [(7, 15)], (7, 15), 900, 6300, 7770),
    # kdim=7, vdim=11: (225 + 15) + (105 + 15) + (165 + 15) + (225 + 15)
    ("pytorch", {"heads": 3}, [(5, 15), (11, 7), (11, 11)], (5, 15), 780, 5700, 6870),
    ("pytorch", {"heads": 3, "key_value_bias": True}, [(7, 15)], (7, 15), 990, 6750, 7980),  # one more key: 7·8 scores
    ("pytorch", {"heads": 3, "zero_attention": True}, [(7, 15)], (7, 15), 960, 6720, 7980),
    # Keras, MultiHeadAttention(3, 5): 12·15 + 15, 11·15 + 15 twice, 15·12 + 12
    ("keras", {"heads": 3, "key_dim": 5}, [A, B], A, 747, 4455, 5160),
    ("keras", {"heads": 3, "key_dim": 5, "value_dim": 7}, [A, B], A, 891, 5319, 6192),
    ("keras", {"heads": 3, "key_dim": 5, "output": 13, "bias": False}, [A, B], (5, 13), 705, 4185, 5235),
    ("keras", {"heads": 3, "key_dim": 5}, [A, (7, 13), B], A, 777, 4665, 5370),  # query, key, value
    ("keras", {"heads": 3, "key_dim": 5, "gate": True}, [A], A, 972, 4860, 5250),
    ("keras", {"heads": 3, "key_dim": 4}, [(3, 5, 12)], (3, 5, 12), 624, 9360, 14040),  # 15 positions
    # Keras, GroupQueryAttention(5, 6, 2): 12·30 + 30, 12·10 + 10 twice, 30·12 + 12
    ("keras", {"heads": 6, "key_dim": 5, "key_value_heads": 2}, [A, (7, 12)], A, 1022, 5630, 7380),
    ("formula", {"heads": 4}, [A], A, 624, 3120, 3480),  # 4·(144 + 12); 4·5·144 + 2·5·5·12
]


@for_each(("convention", "fields", "inputs", "y", "shared", "all_apart", "macs"), HEADS)
def test_multi_head_attention(convention, fields, inputs, y, shared, all_apart, macs):
    """The parameters are the framework's; each projection counts once per position without sharing."""
    layer = make("multi_head_attention", convention, **fields)
    assert layer.shape(*inputs) == y
    assert (learned(layer, *inputs), unshared(layer, *inputs), layer.macs(*inputs, y)) == (shared, all_apart, macs)
    assert run(layer, *inputs).shape == (2, *y)
    assert layer.windows(*inputs) == "whole"


@pytest.mark.parametrize(
    ("fields", "operations"),
    [
        ({"heads": 3, "bias": False}, 294),  # scale and softmax of 3·7·7 scores
        ({"heads": 3}, 714),  # and 4·7·15 biases
        ({"heads": 3, "gate": True}, 1029),  # and 7·15 biases of the gate, its sigmoid, its product
    ],
)
def test_operations_of_multi_head_attention(fields, operations):
    """Beside the multiply–accumulates: two per score, one per bias, two per gated element."""
    assert make("multi_head_attention", "pytorch", **fields).elementwise((7, 15), (7, 15)) == operations


# convention, type, fields, inputs, output, parameters, MACs, other operations.
PAIRS = [
    ("keras", "attention", {}, [(5, 12), (7, 12)], (5, 12), 0, 840, 35),  # 2·5·7·12; a softmax of 5·7
    ("keras", "attention", {"scale": True}, [(5, 12), (7, 12)], (5, 12), 1, 840, 70),
    ("keras", "attention", {"scale": True, "score": "concat"}, [(5, 12), (7, 12)], (5, 12), 2, 420, 1750),
    ("keras", "attention", {}, [(5, 3), (7, 3), (7, 2)], (5, 2), 0, 175, 35),  # query, key, value
    ("pytorch", "attention", {}, [(5, 12), (7, 12)], (5, 12), 0, 840, 70),  # scaled by 1/√12
    ("keras", "additive_attention", {}, [(5, 13), (7, 13)], (5, 13), 13, 910, 945),
    ("keras", "additive_attention", {"scale": False}, [(5, 13), (7, 13)], (5, 13), 0, 455, 1400),
    ("formula", "additive_attention", {}, [(5, 13)], (5, 13), 13, 650, 675),
]


@for_each(("convention", "name", "fields", "inputs", "y", "params", "macs", "others"), PAIRS)
def test_attention_without_projections(convention, name, fields, inputs, y, params, macs, others):
    """As many positions as the query, as many features as the value; the parameters are Keras's."""
    layer = make(name, convention, **fields)
    assert layer.shape(*inputs) == y
    assert (learned(layer, *inputs), layer.macs(*inputs, y), layer.elementwise(*inputs, y)) == (params, macs, others)
    assert run(layer, *inputs).shape == (2, *y)


# convention, fields, inputs, output, MACs, operations beside. Two operations a score: the scale 1/√d, and the softmax.
HEADED = [
    # PyTorch, scaled_dot_product_attention: 4·5·7 scores of 8, and as many weighings of 6
    ("pytorch", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 6)], (4, 5, 6), 1960, 280),
    ("pytorch", {}, [(4, 5, 8), (1, 7, 8), (1, 7, 6)], (4, 5, 6), 1960, 280),  # one head of keys is stretched
    ("pytorch", {"grouped": True}, [(4, 5, 8), (2, 7, 8), (2, 7, 6)], (4, 5, 6), 1960, 280),  # enable_gqa
    ("pytorch", {}, [(3, 4, 5, 8), (3, 4, 7, 8)], (3, 4, 5, 8), 6720, 840),
    ("pytorch", {"scale": 0.5}, [(4, 5, 8), (4, 7, 8)], (4, 5, 8), 2240, 280),
    # ONNX, Attention-23 with four axes, and with three and q_num_heads=4, kv_num_heads=2
    ("onnx", {}, [(4, 5, 8), (2, 7, 8), (2, 7, 6)], (4, 5, 6), 1960, 280),
    ("onnx", {"heads": 4, "key_value_heads": 2}, [(5, 32), (7, 16), (7, 12)], (5, 24), 1960, 280),
    ("onnx", {"heads": 4, "softcap": 2}, [(5, 32), (7, 32)], (5, 32), 2240, 700),  # five operations a score
    ("formula", {"heads": 4, "score": "scaled_dot"}, [(5, 32)], (5, 32), 1600, 200),
]


@for_each(("convention", "fields", "inputs", "y", "macs", "others"), HEADED)
def test_attention_with_heads(convention, fields, inputs, y, macs, others):
    """Heads are an axis before the positions, or parts of the features; queries' heads may share the keys'."""
    layer = make("attention", convention, **fields)
    assert layer.shape(*inputs) == y
    assert (learned(layer, *inputs), layer.macs(*inputs, y), layer.elementwise(*inputs, y)) == (0, macs, others)
    assert run(layer, *inputs).shape == (2, *y)


@for_each(
    ("convention", "fields", "inputs", "message"),
    [
        ("pytorch", {}, [(4, 5, 8), (2, 7, 8), (2, 7, 8)], "4 heads before their positions do not match"),
        ("pytorch", {"grouped": True}, [(4, 5, 8), (3, 7, 8)], "cannot be divided evenly among 3 heads of the keys"),
        ("pytorch", {}, [(4, 5, 8), (7, 8)], "needs sequences"),
        ("pytorch", {"heads": 2}, [(5, 8)], "takes heads as an axis"),
        ("pytorch", {"scale": True}, [(5, 8)], "has no parameters"),
        ("onnx", {}, [(5, 8)], "heads is not given"),
        ("onnx", {"heads": 3}, [(5, 8)], "8 features of 5x8 cannot be divided among 3 heads"),
        ("onnx", {}, [(3, 4, 5, 8)], "needs sequences"),
        ("keras", {}, [(4, 5, 8)], "needs sequences"),
        ("keras", {"scale": 0.5}, [(5, 8)], "no fixed scale"),
        ("keras", {"heads": 2}, [(5, 8)], "has no heads"),
    ],
)
def test_heads_that_cannot_be(convention, fields, inputs, message):
    """Each framework's own limits."""
    with pytest.raises(Refusal, match=message):
        make("attention", convention, **fields).shape(*inputs)


QUERY = [[1, 0], [0, 2]]
KEY = [[1, 1], [0, 1], [2, 0]]
VALUE = [[1], [10], [100]]


@for_each(
    ("name", "fields", "weights", "expected"),
    [
        ("attention", {"score": "scaled_dot"}, {}, [59.2818, 15.7422]),  # PyTorch, scaled_dot_product_attention
        ("attention", {"score": "scaled_dot", "causal": True}, {}, [1, 5.5]),  # is_causal: 1; the mean of 1 and 10
        ("attention", {}, {}, [67.66913, 11.489309]),  # Keras, Attention()
        ("attention", {"scale": 1, "score": "scaled_dot"}, {}, [67.66913, 11.489309]),  # PyTorch, scale=1.0
        (
            "attention",
            {"score": "scaled_dot", "softcap": 0.5},
            {},
            [41.848896, 27.548618],
        ),  # ONNX Runtime
        ("attention", {"score": "concat"}, {"score_weight": [1]}, [24.944122, 46.861893]),
        ("additive_attention", {"scale": False}, {}, [24.944122, 46.861893]),  # Keras, AdditiveAttention
        ("additive_attention", {}, {"scale": [1, 1]}, [24.944122, 46.861893]),
    ],
)
def test_values_of_attention(name, fields, weights, expected):
    """Recorded from the frameworks on two queries and three keys."""
    arrays = [np.array([rows], np.float32) for rows in (QUERY, KEY, VALUE)]
    given = {key: np.array(value, np.float32) for key, value in weights.items()}
    assert make(name, **fields).forward(np, *arrays, **given).ravel() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [37, 37, 37]),  # the mean of 1, 10, 100
        ({"causal": True}, [1, 5.5, 37]),
        ({"window": 2}, [5.5, 37, 55]),
        ({"window": 1}, [1, 10, 100]),
        ({"zero_attention": True}, [27.75, 27.75, 27.75]),  # 111/4
        ({"zero_attention": True, "causal": True}, [0.5, 11 / 3, 27.75]),  # every query sees the zeros
    ],
)
def test_masks_of_multi_head_attention(fields, expected):
    """With queries of zero every key in sight weighs the same."""
    layer = make("multi_head_attention", heads=1, bias=False, **fields)
    one, zero = np.ones((1, 1, 1), np.float32), np.zeros((1, 1, 1), np.float32)
    weights = {"query_kernel": zero, "key_kernel": one, "value_kernel": one, "output_kernel": one}
    y = layer.forward(np, np.array([VALUE], np.float32), **weights)
    assert y.ravel() == pytest.approx(expected)
    assert y.dtype == np.float32


@for_each(
    ("name", "convention", "fields", "inputs", "message"),
    [
        ("multi_head_attention", "pytorch", {"heads": 4}, [(7, 15)],
         "15 features of the query cannot be divided among 4 heads"),
        ("multi_head_attention", "pytorch", {"heads": 3}, [(7, 15), (5, 15), (6, 15)], "5 keys, but 6 values"),
        ("multi_head_attention", "pytorch", {"heads": 7}, [(15, 5, 7), (3, 5, 7)], "in 15 batches, but keys in 3"),
        ("multi_head_attention", "keras", {"heads": 3, "key_dim": 5, "causal": True}, [(5, 7, 15)], "a single axis"),
        ("multi_head_attention", "formula", {"heads": 3, "attention_axes": 3}, [(5, 7, 15)], "5x7x15 has no axis 3"),
        ("multi_head_attention", "pytorch", {"heads": 3}, [(7, 15)] * 3 + [(2, 7, 7)],
         "a mask of shape 2x7x7 cannot be added to scores of shape 3x7x7"),
        ("multi_head_attention", "keras", {"heads": 3}, [(7, 15)] * 3 + [(7, 7)], "its masks are true or false"),
        ("attention", "pytorch", {}, [(4, 5, 8)] * 3 + [(2, 5, 5)], "2x5x5 cannot be added to scores of shape 4x5x5"),
        ("attention", "pytorch", {}, [(1, 5, 8)] * 3 + [(4, 5, 5)], "4x5x5 cannot be added to scores of shape 1x5x5"),
        ("attention", "pytorch", {}, [(5, 8)] * 3 + [(5, 4)], "5x4 cannot be added to scores of shape 5x5"),
        ("attention", "pytorch", {"causal": True}, [(5, 8)] * 3 + [(5, 5)], "a mask together with is_causal"),
        ("attention", "onnx", {"heads": 2}, [(4, 5, 8)], "takes the heads from an axis of 4x5x8"),
        ("attention", "formula", {"heads": 3}, [(1, 1, 8)], "8 features of 1x1x8 cannot be divided among 3 heads"),
        ("multi_head_attention", "keras", {"heads": 3}, [(15,)], "needs inputs with equal numbers of axes, .* got 15"),
        ("multi_head_attention", "keras", {"heads": 6, "key_dim": 5, "key_value_heads": 4}, [(7, 15)],
         "6 heads cannot be divided evenly among 4 heads of keys and values"),
        ("multi_head_attention", "keras", {"heads": 6, "key_dim": 5, "key_value_heads": 2}, [(7, 15), (5, 11)],
         "values with as many features as the queries, got 11 and 15"),
        ("multi_head_attention", "keras", {"heads": 6, "key_dim": 5, "key_value_heads": 2}, [(5, 7, 15)],
         "a single axis of positions, .* got 5x7x15"),
        ("attention", "keras", {}, [(7, 12), (5, 11)], "queries with 12 features cannot be compared with keys with 11"),
        ("attention", "keras", {}, [(5, 7, 12)], "attention needs sequences, .* got 5x7x12"),
        ("additive_attention", "keras", {}, [(7, 12), (5, 12), (6, 12)], "5 keys, but 6 values"),
        ("squeeze_excite", "formula", {}, [(7, 5, 24)], "24 channels are not divisible by the reduction 16"),
        ("squeeze_excite", "formula", {"squeeze": 2, "reduction": 4}, [(7, 5, 24)], "and reduction are both given"),
        ("squeeze_excite", "formula", {"squeeze": 2}, [(24,)], "needs an input with 1 to 3 spatial axes"),
        ("layer_scale", "formula", {"axis": 4}, [(7, 5, 24)], "7x5x24 has no axis 4"),
    ],
)  # fmt: skip
def test_refused(name, convention, fields, inputs, message):
    """What cannot be computed is refused with the numbers that do not fit."""
    with pytest.raises(Refusal, match=message):
        make(name, convention, **fields).shape(*inputs)


# layout, fields, shape, parameters, MACs, other operations; parameters 2·C·s + s + C.
SQUEEZED = [
    ("HWC", {}, (7, 5, 96), 1254, 1152, 6924),  # s = 96/16 = 6; 2·3360 + 2·(6 + 96)
    ("CHW", {"squeeze": 24}, (72, 7, 5), 3552, 3456, 5232),  # MobileNetV3's first: torchvision (72, 24)
    ("CHW", {"squeeze": 24, "bias": False}, (72, 7, 5), 3456, 3456, 5136),
    ("HWC", {"reduction": 4}, (11, 20), 225, 200, 490),
]


@pytest.mark.parametrize(("layout", "fields", "x", "params", "macs", "others"), SQUEEZED)
def test_squeeze_excite(layout, fields, x, params, macs, others):
    """Two small dense layers that are used once, on the channels' means."""
    layer = make("squeeze_excite", layout=layout, **fields)
    assert layer.shape(x) == x
    assert (learned(layer, x), unshared(layer, x)) == (params, params)
    assert (layer.macs(x, x), layer.elementwise(x, x)) == (macs, others)
    assert layer.windows(x) == "whole"
    assert run(layer, x).shape == (2, *x)


def test_squeeze_excite_of_resnet_50():
    """Without biases SE-ResNet-50 has 2/16·Σ N·C² = 2,514,944 parameters more (Hu et al., equation 5)."""
    blocks = [(3, 256), (4, 512), (6, 1024), (3, 2048)]
    found = sum(n * learned(make("squeeze_excite", bias=False), (7, 5, channels)) for n, channels in blocks)
    assert found == 2514944


@pytest.mark.parametrize(
    ("fields", "gates"),
    [
        ({}, [0.8807971, 0.26894143]),  # sigmoid of 2 and −1
        ({"gate": "hard_sigmoid"}, [5 / 6, 1 / 3]),  # (2 + 3)/6, (−1 + 3)/6
    ],
)
@pytest.mark.parametrize("layout", ["HWC", "CHW"])
def test_values_of_squeeze_excite(fields, gates, layout):
    """Means 1 and 3 give 1·1 + 3·0 − 0 = 1 squeezed, then 2 and −1."""
    x = np.array([[[0, 2], [2, 4]]], np.float32)  # two positions, channels (0, 2) and (2, 4)
    weights = {"squeeze_kernel": [[1], [0]], "squeeze_bias": [0], "excite_kernel": [[2, -1]], "excite_bias": [0, 0]}
    layer = make("squeeze_excite", layout=layout, squeeze=1, **fields)
    y = layer.forward(
        np, x if layout == "HWC" else x.swapaxes(1, 2), **{key: np.array(w, np.float32) for key, w in weights.items()}
    )
    y = y if layout == "HWC" else y.swapaxes(1, 2)
    assert y == pytest.approx(x * np.array(gates, np.float32))


@pytest.mark.parametrize(
    ("layout", "axis", "x", "params", "all_apart"),
    [
        ("HWC", "channels", (7, 5, 96), 96, 3360),  # ConvNeXt: one a channel
        ("CHW", "channels", (96, 7, 5), 96, 3360),  # torchvision's CNBlock: (96, 1, 1)
        ("CHW", -1, (7, 12), 12, 84),  # CaiT: one a feature of a sequence
        ("CHW", "channels", (7, 12), 7, 84),
        ("HWC", "channels", (12,), 12, 12),
    ],
)
def test_layer_scale(layout, axis, x, params, all_apart):
    """One number for each place along its axis, shared by all other positions."""
    layer = make("layer_scale", layout=layout, axis=axis)
    assert (learned(layer, x), unshared(layer, x), layer.elementwise(x, layer.shape(x))) == (
        params, all_apart, np.prod(x),
    )  # fmt: skip
    scale = np.arange(params, dtype=np.float32)
    place = x.index(params)
    y = layer.forward(np, np.ones((2, *x), np.float32), scale=scale)
    assert (np.moveaxis(y, 1 + place, -1) == scale).all()


@pytest.mark.parametrize(
    ("kind", "fields", "x", "params", "all_apart", "work"),
    [
        ("layer_scale", {"bias": True}, (11, 7, 5), 22, 770, 770),  # Caffe's ScaleLayer with bias_term: 11 + 11
        ("layer_scale", {"bias": True}, (11,), 22, 22, 22),
        ("bias_add", {}, (11, 7, 5), 11, 385, 385),  # tf.nn.bias_add; Caffe's BiasLayer
        ("bias_add", {}, (13,), 13, 13, 13),
        ("bias_add", {"axis": -1}, (7, 5), 5, 35, 35),
    ],
)
def test_what_is_added_to_channels(kind, fields, x, params, all_apart, work):
    """A learned number for each channel, shared by all positions, added after the scale."""
    layer = make(kind, "caffe", **fields)
    assert (learned(layer, x), unshared(layer, x), layer.elementwise(x, layer.shape(x))) == (params, all_apart, work)
    place = layer.axis_index(layer.axis, x)
    bias = np.arange(x[place], dtype=np.float32)
    scale = {"scale": np.full(x[place], 2, np.float32)} if kind == "layer_scale" else {}
    y = layer.forward(np, np.ones((2, *x), np.float32), bias=bias, **scale)
    assert (np.moveaxis(y, 1 + place, -1) == bias + (2 if scale else 1)).all()


@for_each(
    ("word", "name"),
    [
        ("tf.nn.bias_add", "bias_add"),
        ("Scale", "layer_scale"),
        ("nn.MultiheadAttention", "multi_head_attention"),
        ("MultiHeadAttention", "multi_head_attention"),
        ("GroupQueryAttention", "multi_head_attention"),
        ("layers.Attention", "attention"),
        ("scaled_dot_product_attention", "attention"),
        ("AdditiveAttention", "additive_attention"),
        ("ops.SqueezeExcitation", "squeeze_excite"),
        ("LayerScale", "layer_scale"),
    ],
)
def test_foreign_names_of_attention(word, name):
    """The frameworks' spellings are found."""
    assert registry.find(word) == (registry.load_all()[name], None)


LEADING = [
    # layer, convention, fields, inputs, output; MACs by hand
    ("attention", "formula", {"heads": 8}, [(1, 1, 8), (1, 1, 8)], (1, 1, 8), 16),  # 8 heads of 1 feature: 8·(1 + 1)
    ("attention", "formula", {"heads": 8}, [(5, 1, 8)], (5, 1, 8), 80),
    ("attention", "formula", {"heads": 3}, [(64, 49, 96)] * 3 + [(3, 49, 49)], (64, 49, 96), 29_503_488),  # 64·49²·2·96
    ("attention", "formula", {"heads": 2, "key_value_heads": 1}, [(3, 5, 8), (3, 7, 4)], (3, 5, 8), 1_680),
    ("attention", "pytorch", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 6), (5, 7)], (4, 5, 6), 1_960),  # 4·5·7·(8 + 6)
    ("attention", "pytorch", {}, [(4, 5, 8), (4, 7, 8), (4, 7, 6), (4, 5, 1)], (4, 5, 6), 1_960),
    # 64 windows: 4·96² for each of 64·49 positions, and 64·49²·2·96 for scores and weighing
    ("multi_head_attention", "pytorch", {"heads": 3}, [(64, 49, 96)], (64, 49, 96), 145_108_992),
    ("multi_head_attention", "pytorch", {"heads": 3}, [(64, 49, 96)] * 3 + [(3, 49, 49)], (64, 49, 96), 145_108_992),
    ("multi_head_attention", "formula", {"heads": 3, "attention_axes": 2}, [(64, 49, 96)], (64, 49, 96), 145_108_992),
    # all 3,136 positions together: 4·96²·3,136 and 3,136²·2·96
    pytest.param("multi_head_attention", "keras", {"heads": 3}, [(64, 49, 96)], (64, 49, 96), 2_003_828_736,
                 marks=pytest.mark.sweep),
    ("multi_head_attention", "pytorch", {"heads": 3}, [(2, 3, 49, 96)], (2, 3, 49, 96), 13_603_968),
]  # fmt: skip


@pytest.mark.parametrize(("name", "convention", "fields", "inputs", "output", "macs"), LEADING)
def test_axes_before_the_positions(name, convention, fields, inputs, output, macs):
    """Axes before the positions are batches of their own, with and without a mask; report and arrays agree."""
    layer = make(name, convention, **fields)
    assert layer.shape(*inputs) == output
    assert layer.macs(*inputs, output) == macs
    assert run(layer, *inputs).shape[1:] == output


@pytest.mark.parametrize("name", ["attention", "multi_head_attention"])
def test_each_batch_before_the_positions_is_attended_alone(name):
    """Four windows at once give what each gives by itself, each with its own part of the mask."""
    generator = np.random.default_rng(3)
    x, mask = generator.standard_normal((2, 4, 5, 6)), generator.standard_normal((2, 4, 1, 5, 5))
    fields = {"heads": 2} | ({"attention_axes": 2} if name == "multi_head_attention" else {})
    layer, alone = make(name, **fields), make(name, heads=2)
    shapes = [(4, 5, 6)] * 3 + [(4, 1, 5, 5)]
    weights = {w.name: generator.standard_normal(w.shape) for w in layer.weights(*shapes, layer.shape(*shapes))}
    together = layer.forward(np, x, x, x, mask, **weights)
    each = [alone.forward(np, *[x[:, at]] * 3, mask[:, at], **weights) for at in range(4)]
    np.testing.assert_allclose(together, np.stack(each, axis=1))


@pytest.mark.parametrize(("name", "fields"), [("attention", {}), ("multi_head_attention", {"heads": 2})])
def test_a_mask_hides_a_key(name, fields):
    """A key whose scores are lowered out of sight gives what the sequence without it gives."""
    generator = np.random.default_rng(4)
    query, keys = generator.standard_normal((2, 5, 6)), generator.standard_normal((2, 7, 6))
    layer = make(name, "pytorch", **fields)
    shapes = [(5, 6), (7, 6), (7, 6)]
    weights = {w.name: generator.standard_normal(w.shape) for w in layer.weights(*shapes, layer.shape(*shapes))}
    mask = np.zeros((2, 1, 7))
    mask[..., 2] = -1e30
    hidden = layer.forward(np, query, keys, keys, mask, **weights)
    rest = np.delete(keys, 2, axis=1)
    np.testing.assert_allclose(hidden, layer.forward(np, query, rest, rest, **weights))


def test_a_mask_costs_one_sum_for_each_score():
    """4 heads, 5 queries, 7 keys: 140 more."""
    shapes, y = [(4, 5, 8), (4, 7, 8), (4, 7, 6)], (4, 5, 6)
    layer = make("attention", "pytorch")
    assert layer.elementwise(*shapes, (5, 7), y) - layer.elementwise(*shapes, y) == 140


@pytest.mark.parametrize(
    ("spec", "shape", "macs"),
    [
        ("5x4 -> attention", (5, 4), 2 * 5 * 5 * 4),
        ("x: 5x4, y: 7x4 -> attention from=[x, y]", (5, 4), 2 * 5 * 7 * 4),
        # a key of 4 numbers, a value of 6
        ("x: 5x4, y: 7x4, z: 7x6 -> attention from=[x, y, z]", (5, 6), 5 * 7 * 4 + 5 * 7 * 6),
    ],
)
def test_products_of_queries_with_keys(spec: str, shape: tuple[int, ...], macs: int) -> None:
    """5 queries with 5 or 7 keys: a product for each number of the key, and one for each of the value."""
    layer = analyze(spec).layers[-1]
    assert (layer.output_shape, layer.macs) == (shape, macs)
