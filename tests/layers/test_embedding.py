"""Embeddings, positions, class tokens: shapes, weights, work, values, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

TABLE = np.array([[1, 2], [30, 40], [5, 6], [7, 9]], np.float32)


@pytest.mark.parametrize(
    ("convention", "x", "y", "params", "all_apart"),
    [
        ("keras", (7,), (7, 12), 600, 4200),  # keras.layers.Embedding(50, 12): 600
        ("pytorch", (7,), (7, 12), 600, 4200),  # nn.Embedding(50, 12): features last, channels first or not
        ("keras", (7, 5), (7, 5, 12), 600, 21000),
        ("formula", (1,), (1, 12), 600, 600),
        ("onnx", (7,), (7, 12), 600, 4200),
    ],
)
def test_embedding(convention, x, y, params, all_apart):
    """One vector per index, from a table that all positions share; a look-up is no multiplication."""
    layer = make("embedding", convention, vocabulary=50, dimension=12)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x)) == (params, all_apart)
    assert (layer.macs(x, y), layer.elementwise(x, y)) == (0, 0)
    assert layer.windows(x) == ()
    assert run(layer, x).shape == (2, *y)


def test_values_of_embedding():
    """Rows by index; any real number stands for its floor, modulo the vocabulary: −0.5 for −1, the last of 4."""
    layer = make("embedding", vocabulary=4, dimension=2)
    y = layer.forward(np, np.array([[2, 0, 5.9, -0.5]], np.float32), table=TABLE)
    assert y.tolist() == [[[5, 6], [1, 2], [30, 40], [7, 9]]]
    assert y.dtype == np.float32


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("mean", [[4, 5.5], [0, 0]]),  # (1 + 7)/2, (2 + 9)/2
        ("sum", [[8, 11], [0, 0]]),
        ("max", [[7, 9], [0, 0]]),
    ],
)
def test_values_of_embedding_bag(mode, expected):
    """Index 1 is left out; a bag of nothing else is zero (nn.EmbeddingBag, padding_idx=1)."""
    layer = make("embedding_bag", "pytorch", vocabulary=4, dimension=2, mode=mode, padding_index=1)
    y = layer.forward(np, np.array([[0, 1, 3], [1, 1, 1]], np.float32), table=TABLE)
    assert y.tolist() == expected
    assert y.dtype == np.float32


@pytest.mark.parametrize(("mode", "operations"), [("mean", 84), ("sum", 72), ("max", 72)])
def test_embedding_bag(mode, operations):
    """Seven indices in one vector of 12: six additions an element, and a division for the mean."""
    layer = make("embedding_bag", "pytorch", vocabulary=50, dimension=12, mode=mode)
    assert layer.shape((7,)) == (12,)
    assert (learned(layer, (7,)), unshared(layer, (7,)), layer.elementwise((7,), (12,))) == (600, 4200, operations)
    assert run(layer, (7,)).shape == (2, 12)


@for_each(
    ("fields", "x", "params"),
    [
        ({}, (197, 768), 151296),  # torchvision's vit_b_16: pos_embedding 1×197×768
        ({"length": 512}, (128, 768), 393216),  # BERT: 512 positions of 768
        ({"kind": "sinusoidal"}, (7, 12), 0),
        ({"kind": "sinusoidal"}, (7, 5), 0),
    ],
)
@for_each("convention", ["keras", "pytorch"])
def test_positional_embedding(fields, x, params, convention):
    """A vector is added at every position; each position has its own, so that nothing is shared."""
    layer = make("positional_embedding", convention, **fields)
    assert layer.shape(x) == x
    assert (learned(layer, x), unshared(layer, x), layer.elementwise(x, x)) == (params, params, np.prod(x))
    assert layer.windows(x) == "pointwise"
    assert run(layer, x).shape == (2, *x)


def test_values_of_positional_embedding():
    """sin(p/10000^(2i/d)) and cos of the same in turn (Vaswani et al., section 3.5); a table's first rows."""
    zeros = np.zeros((1, 3, 4), np.float32)
    y = make("positional_embedding", kind="sinusoidal").forward(np, zeros)
    assert y[0, 0].tolist() == [0, 1, 0, 1]
    assert y[0, 2] == pytest.approx([np.sin(2), np.cos(2), np.sin(0.02), np.cos(0.02)])
    assert y.dtype == np.float32
    table = np.arange(20, dtype=np.float32).reshape(5, 4)
    assert make("positional_embedding", length=5).forward(np, zeros, table=table).tolist() == [table[:3].tolist()]


@pytest.mark.parametrize(
    ("convention", "x", "y", "sight"),
    [
        ("keras", (196, 768), (197, 768), (AxisWindow(1, 1, 1, 0, 197),)),  # ViT-B/16: 14·14 patches
        ("pytorch", (196, 768), (197, 768), "pointwise"),  # the positions are where channels are
        ("formula", (5, 3), (6, 3), (AxisWindow(1, 1, 1, 0, 6),)),
    ],
)
def test_class_token(convention, x, y, sight):
    """One learned vector in front, used once."""
    layer = make("class_token", convention)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y), layer.elementwise(x, y)) == (y[1], y[1], 0, 0)
    assert layer.windows(x) == sight
    out = layer.forward(np, np.zeros((2, *x), np.float32), token=np.arange(x[1], dtype=np.float32))
    assert out.shape == (2, *y)
    assert (out[:, 0] == np.arange(x[1])).all()
    assert not out[:, 1:].any()


@for_each(
    ("name", "fields", "x", "message"),
    [
        ("embedding", {"vocabulary": 5, "dimension": 2, "padding_index": 5}, (7,),
         "padding index 5 is outside of a vocabulary of 5"),
        ("embedding", {"vocabulary": 5, "dimension": 2, "padding_index": -6}, (7,), "padding index -6 is outside"),
        ("embedding_bag", {"vocabulary": 5, "dimension": 2}, (7, 3), "needs one bag of indices, a vector, got 7x3"),
        ("positional_embedding", {"length": 6}, (7, 12), "7 positions is longer than the table of 6"),
        ("positional_embedding", {}, (7, 5, 12), "positional_embedding needs a sequence, .* got 7x5x12"),
        ("class_token", {}, (12,), "class_token needs a sequence, .* got 12"),
    ],
)  # fmt: skip
def test_refused_embeddings(name, fields, x, message):
    """What cannot be computed is refused with the numbers that do not fit."""
    with pytest.raises(Refusal, match=message):
        make(name, **fields).shape(x)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("nn.Embedding", "embedding"),
        ("EmbeddingBag", "embedding_bag"),
        ("PositionEmbedding", "positional_embedding"),
        ("cls_token", "class_token"),
    ],
)
def test_foreign_names_of_embeddings(word, name):
    """The frameworks' spellings are found."""
    assert registry.find(word) == (registry.load_all()[name], None)


# ONNX Runtime, RotaryEmbedding-23, with the cosines and sines of angles position·10000^(-2i/d).
@pytest.mark.parametrize(
    ("convention", "fields", "expected"),
    [
        ("onnx", {"heads": 1}, [-3.18879, 5.9197, 7.98947, 8.0596]),
        ("onnx", {"heads": 1, "interleaved": True}, [-2.34731, 7.44917, 6.91965, 8.0696]),
        ("onnx", {"heads": 2}, [-2.34731, 7.44917, -2.94965, 10.21272]),
        ("formula", {"turned": 2}, [-2.34731, 7.44917, 7, 8]),
    ],
)
def test_values_of_rotary_embedding(convention, fields, expected):
    """The first position stays; at the second, pair i of four features turns by 100^(-i)."""
    x = np.array([[1, 2, 3, 4], [5, 6, 7, 8]], np.float32)[None]
    assert make("rotary_embedding", convention, **fields).forward(np, x)[0, 0].tolist() == [1, 2, 3, 4]
    y = make("rotary_embedding", convention, **fields).forward(np, x)[0, 1]
    assert y.tolist() == pytest.approx(expected, rel=1e-4)


def test_rotary_embedding_takes_tables():
    """A cosine of 0 and a sine of 1 turn by a right angle: the halves change places, one with its sign turned."""
    x = np.arange(1.0, 9.0).reshape(1, 2, 4)
    y = make("rotary_embedding", heads=1).forward(np, x, np.zeros((1, 2, 2)), np.ones((1, 2, 2)))
    assert y.tolist() == [[[-3, -4, 1, 2], [-7, -8, 5, 6]]]


@pytest.mark.parametrize(
    ("x", "fields", "work"),
    [
        ((7, 64), {"heads": 4}, 1344),  # 7·32 pairs of six
        ((4, 7, 16), {}, 1344),
        ((4, 7, 16), {"turned": 6}, 504),  # 4·7·3 pairs
        ((7, 64), {}, 1344),
    ],
)
def test_rotary_embedding_is_counted(x, fields, work):
    """Four products and two sums for each pair; nothing is learned."""
    layer = make("rotary_embedding", **fields)
    assert layer.shape(x) == x
    assert (learned(layer, x), layer.macs(x, x), layer.elementwise(x, x)) == (0, 0, work)
    assert layer.windows(x) == "pointwise"


@for_each(
    ("convention", "fields", "inputs", "message"),
    [
        ("formula", {}, [(64,)], "needs positions × features"),
        ("onnx", {}, [(7, 64)], "heads is not given"),
        ("formula", {"heads": 3}, [(7, 64)], "64 features cannot be divided among 3 heads"),
        ("formula", {"heads": 4}, [(7, 12)], "3 of 3 features of a head cannot be rotated"),
        ("formula", {"turned": 6}, [(2, 7, 4)], "6 of 4 features"),
        ("formula", {}, [(7, 4), (7, 2)], "two of 7x2 are needed"),
        ("formula", {}, [(7, 4), (7, 3), (7, 3)], "7x3 and 7x3, but two of 7x2"),
    ],
)
def test_what_cannot_be_turned(convention, fields, inputs, message):
    """Heads that divide the features, pairs within a head, a number for each pair at each position."""
    with pytest.raises(Refusal, match=message):
        make("rotary_embedding", convention, **fields).shape(*inputs)


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("keras", [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]),  # keras.ops.one_hot([2, 0, -1, 3], 3)
        ("formula", [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("onnx", [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]]),  # OneHot: -1 is the last
    ],
)
def test_one_hot(convention, expected):
    """A one in the index's place, along a new last axis."""
    layer = make("one_hot", convention, classes=3)
    assert layer.forward(np, np.array([[2.0, 0.0, -1.0, 3.0]])).tolist() == [expected]
    assert (layer.shape((7,)), layer.shape((8, 5))) == ((7, 3), (8, 5, 3))
    assert (learned(layer, (7,)), layer.macs((7,), (7, 3)), layer.elementwise((7,), (7, 3))) == (0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("multi_hot", [1, 0, 1, 0]),  # keras.layers.CategoryEncoding(4) of 2, 0, 2
        ("count", [1, 0, 2, 0]),
        ("one_hot", [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]),
    ],
)
def test_category_encoding(mode, expected):
    """Which classes occur, how often, or which each index is."""
    layer = make("category_encoding", "keras", classes=4, mode=mode)
    assert layer.forward(np, np.array([[2.0, 0.0, 2.0]])).tolist() == [expected]
    assert layer.shape((3,)) == np.shape(expected)
    assert layer.shape((1,)) == (4,)
    assert layer.elementwise((3,), layer.shape((3,))) == (0 if mode == "one_hot" else 12)


def test_category_encoding_of_sequences():
    """One-hot vectors take the place of a last axis of size 1; what is brought together is one list."""
    assert make("category_encoding", classes=4, mode="one_hot").shape((5, 1)) == (5, 4)
    assert make("category_encoding", classes=4, mode="one_hot").shape((5, 3)) == (5, 3, 4)
    with pytest.raises(Refusal, match="one list of indices is needed, got 5x3"):
        make("category_encoding", classes=4).shape((5, 3))
    one = make("category_encoding", classes=4, mode="one_hot").forward(np, np.array([[2.0]]))
    assert one.tolist() == [[0, 0, 1, 0]]


def test_limits_of_tables():
    """The first index may be counted from the end, and a table may be just as long as the sequence."""
    for name in ("embedding", "embedding_bag"):
        for index in (-5, 4):
            assert make(name, vocabulary=5, dimension=2, padding_index=index).shape((7,))[-1] == 2
        with pytest.raises(Refusal) as refusal:
            make(name, vocabulary=5, dimension=2, padding_index=5).shape((7,))
        assert refusal.value.hint == "use -5 to 4"
    assert make("positional_embedding", length=7).shape((7, 12)) == (7, 12)
    with pytest.raises(Refusal) as refusal:
        make("positional_embedding", length=6).shape((7, 12))
    assert refusal.value.hint == "give length: 7 or more"


def test_a_bag_of_one_index_is_its_vector():
    """(30 + 0)/1: the other indices of the bag are left out."""
    layer = make("embedding_bag", "pytorch", vocabulary=4, dimension=2, padding_index=0)
    assert layer.forward(np, np.array([[0, 1, 0]], np.float32), table=TABLE).tolist() == [[30, 40]]


@for_each("name", ["embedding", "embedding_bag", "positional_embedding"])
def test_the_rows_of_a_table_are_outputs(name):
    """PyTorch's weight is vocabulary × features: its first axis is that of its outputs."""
    layer = make(name, **({} if name.startswith("pos") else {"vocabulary": 5, "dimension": 2}))
    x = (7, 12) if name.startswith("pos") else (7,)
    (table,) = layer.weights(x, layer.shape(x))
    assert layer.output_axes(table) == (0,)


def test_heads_that_are_an_axis_are_not_split():
    """10 of 16 features: with the heads before the positions, `heads` is not used."""
    layer = make("rotary_embedding", heads=2, turned=10)
    assert layer.shape((4, 7, 16)) == (4, 7, 16)
    with pytest.raises(Refusal, match="10 of 8 features"):
        layer.shape((7, 16))
