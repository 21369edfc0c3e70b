"""Small models of Keras: each layer and each operation on tensors by itself, and models that share, nest and join."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

IMAGE, STEPS, VECTOR, CLIP = (13, 17, 6), (7, 12), (11,), (5, 13, 17, 2)


def models(keras: Any) -> Iterator[tuple[str, Any]]:
    """Each model with its name."""
    layers, ops = keras.layers, keras.ops
    for shape, table in (
        (IMAGE, _arithmetic()), (IMAGE, _operations(ops)), (IMAGE, _shapes(ops)), (IMAGE, _image_layers(layers)),
        (IMAGE, _preprocessing(layers)), (STEPS, _recurrent(layers)), (STEPS, _sequences(layers)),
        (STEPS, _steps(keras)), (CLIP, _volumes(layers)), (VECTOR, _models(keras)),
    ):  # fmt: skip
        for name, make in table.items():
            tensor = keras.Input(shape)
            yield name, keras.Model(tensor, make(tensor))
    yield from _several(keras)


Table = dict[str, Callable[[Any], Any]]


def _arithmetic() -> Table:
    return {
        "x + 1.5": lambda x: x + 1.5, "2 + x": lambda x: 2.0 + x, "x - 3": lambda x: x - 3, "3 - x": lambda x: 3 - x,
        "x * 2": lambda x: x * 2, "x / 127.5": lambda x: x / 127.5, "1 / x": lambda x: 1.0 / x, "-x": lambda x: -x,
        "x ** 2": lambda x: x**2, "x + x": lambda x: x + x, "x[:, 0]": lambda x: x[:, 0],
        "x[:, -1]": lambda x: x[:, -1], "x[:, 1:5]": lambda x: x[:, 1:5], "x[:, :, ::2]": lambda x: x[:, :, ::2],
        "x[..., :3]": lambda x: x[..., :3], "x[:, None]": lambda x: x[:, None], "x[:, 2, 1:]": lambda x: x[:, 2, 1:],
    }  # fmt: skip


def _operations(ops: Any) -> Table:
    words = ("relu", "gelu", "sigmoid", "silu", "softmax", "hard_sigmoid", "leaky_relu", "softplus", "sqrt", "exp",
             "abs", "square", "tanh", "log_softmax", "normalize")  # fmt: skip
    return {
        **{word: getattr(ops, word) for word in words},
        "clip": lambda x: ops.clip(x, 0, 6), "maximum": lambda x: ops.maximum(x, 0.0),
        "minimum": lambda x: ops.minimum(x, 6.0), "cast": lambda x: ops.cast(x, "float16"),
        "mean": lambda x: ops.mean(x, axis=[1, 2]), "mean keepdims": lambda x: ops.mean(x, axis=[1, 2], keepdims=True),
        "max": lambda x: ops.max(x, axis=1), "sum": lambda x: ops.sum(x, axis=-1),
        "einsum": lambda x: ops.einsum("bhwc,bhwd->bcd", x, x),
        "matmul": lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2))),
        "average_pool": lambda x: ops.average_pool(x, 2), "max_pool": lambda x: ops.max_pool(x, 2),
        "image.resize": lambda x: ops.image.resize(x, (26, 35)),
    }  # fmt: skip


def _shapes(ops: Any) -> Table:
    return {
        "reshape": lambda x: ops.reshape(x, (-1, 221, 6)), "reshape flat": lambda x: ops.reshape(x, (-1, 1326)),
        "transpose": lambda x: ops.transpose(x, (0, 3, 1, 2)), "expand_dims": lambda x: ops.expand_dims(x, 1),
        "squeeze": lambda x: ops.squeeze(ops.mean(x, axis=1, keepdims=True), axis=1),
        "concatenate": lambda x: ops.concatenate([x, x], axis=-1),
        "concatenate 1": lambda x: ops.concatenate([x, x], axis=1), "stack": lambda x: ops.stack([x, x], axis=1),
        "split": lambda x: ops.add(*ops.split(x, 2, axis=-1)), "repeat": lambda x: ops.repeat(x, 2, axis=1),
        "pad": lambda x: ops.pad(x, [[0, 0], [1, 1], [2, 3], [0, 0]]), "tile": lambda x: ops.tile(x, (1, 2, 3, 1)),
    }  # fmt: skip


def _image_layers(layers: Any) -> Table:
    return {
        "Conv2D": layers.Conv2D(6, (1, 3), groups=3, dilation_rate=2),
        "Conv2DTranspose": layers.Conv2DTranspose(5, 3, strides=2, padding="same"),
        "Conv2DTranspose output_padding": layers.Conv2DTranspose(5, 3, strides=2, output_padding=1),
        "SeparableConv2D": layers.SeparableConv2D(5, 3, depth_multiplier=2),
        "DepthwiseConv2D": layers.DepthwiseConv2D(3, depth_multiplier=2, dilation_rate=2),
        "UpSampling2D": layers.UpSampling2D((2, 3), interpolation="bilinear"),
        "GlobalMaxPooling2D": layers.GlobalMaxPooling2D(keepdims=True),
        "AveragePooling2D": layers.AveragePooling2D(3, padding="same"),
        "Cropping2D": layers.Cropping2D(((1, 2), (3, 4))), "ZeroPadding2D": layers.ZeroPadding2D(((1, 2), (3, 4))),
        "GroupNormalization": layers.GroupNormalization(3), "LayerNormalization": layers.LayerNormalization(),
        "LayerNormalization 1, 2": layers.LayerNormalization(axis=[1, 2]),
        "UnitNormalization": layers.UnitNormalization(), "RMSNormalization": layers.RMSNormalization(),
        "BatchNormalization": layers.BatchNormalization(center=False), "PReLU": layers.PReLU(),
        "PReLU shared": layers.PReLU(shared_axes=[1, 2]), "ELU": layers.ELU(), "LeakyReLU": layers.LeakyReLU(),
        "Softmax": layers.Softmax(), "Permute": layers.Permute((3, 1, 2)), "Reshape": layers.Reshape((-1, 6)),
        "Dense": layers.Dense(3, activation="gelu"), "Identity": layers.Identity(),
        "EinsumDense": layers.EinsumDense("abcd,de->abce", output_shape=(13, 17, 5), bias_axes="e"),
        "SpectralNormalization": layers.SpectralNormalization(layers.Conv2D(3, 3)),
        "Activation": layers.Activation("hard_silu"), "SpatialDropout2D": layers.SpatialDropout2D(0.1),
        "GaussianNoise": layers.GaussianNoise(0.1), "AlphaDropout": layers.AlphaDropout(0.1),
        "ActivityRegularization": layers.ActivityRegularization(0.1),
    }  # fmt: skip


def _preprocessing(layers: Any) -> Table:
    return {
        "Rescaling": layers.Rescaling(1 / 255, offset=-1),
        "Rescaling by channel": layers.Rescaling(scale=[1 / 255] * 6, offset=[0.0] * 6),
        "Normalization": layers.Normalization(mean=[0.0] * 6, variance=[1.0] * 6),
        "Normalization to adapt": layers.Normalization(), "Resizing": layers.Resizing(20, 21),
        "CenterCrop": layers.CenterCrop(10, 11), "RandomCrop": layers.RandomCrop(5, 6),
        "RandomFlip": layers.RandomFlip(), "RandomRotation": layers.RandomRotation(0.1),
        "RandomZoom": layers.RandomZoom(0.1), "RandomContrast": layers.RandomContrast(0.1),
        "RandomBrightness": layers.RandomBrightness(0.1), "RandomTranslation": layers.RandomTranslation(0.1, 0.1),
    }  # fmt: skip


def _recurrent(layers: Any) -> Table:
    return {
        "LSTM": layers.LSTM(5), "GRU": layers.GRU(5, return_sequences=True), "SimpleRNN": layers.SimpleRNN(5),
        "GRU of Keras 1": layers.GRU(5, reset_after=False), "RNN(GRUCell)": layers.RNN(layers.GRUCell(4)),
        "Bidirectional": layers.Bidirectional(layers.LSTM(5, return_sequences=True)),
        "Bidirectional sum": layers.Bidirectional(layers.GRU(5), merge_mode="sum"),
        "RNN(cells)": layers.RNN([layers.LSTMCell(4), layers.LSTMCell(5)]),
        "LSTM state": lambda x: layers.LSTM(5, return_state=True)(x)[1],
        "Masking": lambda x: layers.LSTM(4)(layers.Masking()(x)),
    }  # fmt: skip


def _sequences(layers: Any) -> Table:
    return {
        "MultiHeadAttention": lambda x: layers.MultiHeadAttention(3, 4)(x, x),
        "MultiHeadAttention output": lambda x: layers.MultiHeadAttention(3, 4, value_dim=5, output_shape=7)(x, x),
        "GroupQueryAttention": lambda x: layers.GroupQueryAttention(4, 4, 2)(x, x),
        "Attention": lambda x: layers.Attention()([x, x]),
        "Attention scale": lambda x: layers.Attention(use_scale=True)([x, x]),
        "AdditiveAttention": lambda x: layers.AdditiveAttention()([x, x]),
        "Conv1D": layers.Conv1D(5, 3, padding="causal", dilation_rate=2), "ZeroPadding1D": layers.ZeroPadding1D((1, 2)),
        "Conv1DTranspose": layers.Conv1DTranspose(5, 3, strides=2), "UpSampling1D": layers.UpSampling1D(3),
        "SeparableConv1D": layers.SeparableConv1D(5, 3), "Cropping1D": layers.Cropping1D(1),
        "GlobalAveragePooling1D": layers.GlobalAveragePooling1D(), "Flatten": layers.Flatten(),
        "RepeatVector": lambda x: layers.RepeatVector(3)(layers.Flatten()(x)),
        "Dot": lambda x: layers.Dot(axes=2)([x, x]), "Subtract": lambda x: layers.Subtract()([x, layers.Dense(12)(x)]),
        "Average": lambda x: layers.Average()([x, x]), "Minimum": lambda x: layers.Minimum()([x, x]),
        "Maximum": lambda x: layers.Maximum()([x, x]), "Multiply": lambda x: layers.Multiply()([x, x]),
    }  # fmt: skip


def _steps(keras: Any) -> Table:
    dense = keras.layers.Dense
    return {
        "TimeDistributed": keras.layers.TimeDistributed(dense(3)),
        "TimeDistributed(Sequential)": keras.layers.TimeDistributed(keras.Sequential([dense(3), dense(4)])),
    }


def _volumes(layers: Any) -> Table:
    return {
        "ConvLSTM2D": layers.ConvLSTM2D(4, 3, padding="same"),
        "TimeDistributed(Conv2D)": layers.TimeDistributed(layers.Conv2D(3, 3)),
        "Conv3D": layers.Conv3D(3, 3), "MaxPooling3D": layers.MaxPooling3D(2),
    }  # fmt: skip


def _models(keras: Any) -> Table:
    layers = keras.layers
    inner = keras.Sequential([layers.Input(VECTOR), layers.Dense(7, activation="relu"), layers.Dense(11)])
    tensor = keras.Input(VECTOR)
    two = keras.Model(tensor, [layers.Dense(3)(tensor), layers.Dense(4)(tensor)])
    shared = layers.Dense(11)
    return {
        "nested and shared": lambda x: layers.Add()([inner(x), inner(inner(x))]),
        "nested with two outputs": lambda x: layers.Concatenate()(two(x)),
        "shared layer": lambda x: shared(shared(x)),
    }


def _several(keras: Any) -> Iterator[tuple[str, Any]]:
    """Models of several inputs and outputs, and of whole numbers."""
    layers = keras.layers
    a, b = keras.Input(VECTOR, name="a"), keras.Input((5,), name="b")
    joined = layers.Concatenate()([layers.Dense(3)(a), b])
    yield "lists", keras.Model([a, b], [layers.Dense(1)(joined), joined])
    heads = {"p": layers.Dense(1, name="p")(joined), "q": layers.Dense(2, name="q")(joined)}
    yield "dictionaries", keras.Model({"a": a, "b": b}, heads)
    words = keras.Input((9,), dtype="int32")
    yield "Embedding with a mask", keras.Model(words, layers.LSTM(4)(layers.Embedding(50, 6, mask_zero=True)(words)))
    number = keras.Input((1,), dtype="int32")
    encoded = layers.CategoryEncoding(num_tokens=10, output_mode="one_hot")(number)
    yield "CategoryEncoding", keras.Model(number, encoded)
    _, *states = layers.LSTM(4, return_state=True)(layers.Embedding(50, 6)(words))
    decoded = layers.LSTM(4, return_sequences=True)(layers.Embedding(20, 5)(words), initial_state=states)
    yield "encoder and decoder", keras.Model(words, decoded)
    yield "Sequential", keras.Sequential([layers.Input(IMAGE), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])
