"""Functions on tensors in source of Keras and TensorFlow."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import SpecError, analyze

FUNCTIONS = [
    ("ops.norm(v, axis=-1, keepdims=True)", [1]),
    ("ops.average_pool(x, 2, 2)", [4, 3, 4]),
    ("ops.max_pool(x, 2)", [4, 3, 4]),
    ('ops.conv(x, keras.Variable(ops.zeros((3, 3, 4, 7))), padding="same")', [8, 6, 7]),
    ("ops.normalize(v)", [12]),
    ("ops.repeat(s, 2, axis=1)", [22, 5]),
    ("ops.moveaxis(x, -1, 1)", [4, 8, 6]),
    ("ops.var(x, axis=-1)", [8, 6]),
    ("ops.std(x, axis=-1)", [8, 6]),
    ("ops.logsumexp(v, axis=-1)", []),
    ("ops.argmax(v, axis=-1)", []),
    ("ops.broadcast_to(ops.expand_dims(v, 1), (ops.shape(v)[0], 3, 12))", [3, 12]),
    ("ops.cumsum(s, axis=1)", [11, 5]),
    ("ops.floor(x)", [8, 6, 4]),
    ("ops.eye(3)[None] + s[:, :3, :3]", [3, 3]),
    ("tf.image.flip_left_right(x)", [8, 6, 4]),
    ("tf.image.rgb_to_grayscale(x[..., :3])", [8, 6, 1]),
    ('tf.image.extract_patches(x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID")', [4, 3, 16]),
    ("ops.image.extract_patches(x, size=2)", [4, 3, 16]),
    ('ops.image.extract_patches(x, (3, 2), strides=(2, 1), padding="same")', [4, 6, 24]),
    ("keras.ops.image.rgb_to_grayscale(x[..., :3])", [8, 6, 1]),
    ("tf.nn.depth_to_space(x, 2)", [16, 12, 1]),
    ("tf.nn.space_to_depth(x, 2)", [4, 3, 16]),
    ("tf.nn.moments(x, axes=[1, 2])[0]", [4]),
    ("tf.math.squared_difference(v, v)", [12]),
    ('tf.pad(x, tf.constant([[0, 0], [1, 1], [1, 1], [0, 0]]), "REFLECT")', [10, 8, 4]),
    ("layers.Lambda(lambda t: K.reverse(t, axes=1))(s)", [11, 5]),
    ("tf.gather(s, [0, 2], axis=1)", [2, 5]),
    ('tf.einsum("btc,bsc->bts", s, s)', [11, 11]),
    ("tf.where(x > 0, x, 0.1 * x)", [8, 6, 4]),
    ("ops.where(ops.less(s, s[:, :, :1]), s, 0.0)", [11, 5]),
    ("tf.cast(tf.equal(v, 1.0), tf.float32) * v", [12]),
]  # fmt: skip
"""Calls on x of 8x6x4, v of 12 and s of 11x5, with the shapes that TensorFlow gives."""


def test_functions_give_the_shapes_of_tensorflow(tmp_path: Path) -> None:
    """Functions of keras.ops, keras.backend, tf.nn and tf.image, as the outputs of one model."""
    calls = ",\n".join(call for call, _ in FUNCTIONS)
    text = "import keras\nfrom keras import layers, ops, backend as K\nimport tensorflow as tf\n"
    text += "x, v, s = keras.Input((8, 6, 4)), keras.Input((12,)), keras.Input((11, 5))\n"
    path = tmp_path / "net.py"
    path.write_text(f"{text}m = keras.Model([x, v, s], [\n{calls}\n])", encoding="utf-8")
    report = analyze(f"{path}:m").to_dict()
    assert [each["shape"] for each in report["outputs"]] == [shape for _, shape in FUNCTIONS]


def test_normalized_kernels_are_those_of_the_layer_inside(tmp_path: Path) -> None:
    """Keras 3.15: 8·(3·3·8 + 1) and its vector of 8, shared by both calls; 960 + 1 and its vector of 1."""
    path = tmp_path / "net.py"
    text = "import keras\nfrom keras import layers\nx = keras.Input((12, 10, 8))\n"
    text += 'conv = layers.SpectralNormalization(layers.Conv2D(8, 3, padding="same", activation="relu"))\n'
    text += "y = layers.SpectralNormalization(layers.Dense(1))(layers.Flatten()(conv(conv(x))))\n"
    path.write_text(f"{text}m = keras.Model(x, y)\n", encoding="utf-8")
    report = analyze(f"{path}:m")
    assert (report.totals.params, report.totals.non_trainable_params) == (584 + 8 + 961 + 1, 9)


def test_texts_become_numbers(tmp_path: Path) -> None:
    """Each text is twenty numbers, and TextVectorization learns nothing: 1000·16 + 16 + 1 parameters."""
    path = tmp_path / "net.py"
    text = "import tensorflow as tf\nfrom tensorflow.keras import layers\n"
    text += "texts = layers.TextVectorization(max_tokens=1000, output_sequence_length=20)\ntexts.adapt(['a', 'b'])\n"
    text += "m = tf.keras.Sequential([tf.keras.Input(shape=(1,), dtype=tf.string), texts, layers.Embedding(1000, 16),\n"
    path.write_text(f"{text}layers.GlobalAveragePooling1D(), layers.Dense(1)])", encoding="utf-8")
    report = analyze(f"{path}:m")
    assert [layer.output_shape for layer in report.layers] == [(20,), (20, 16), (16,), (1,)]
    assert report.totals.params == 16_017


TOKENS = [
    ("StringLookup(vocabulary=['a', 'b', 'c'])", 4),
    ("StringLookup(vocabulary=['a', 'b', 'c'], num_oov_indices=2, mask_token='')", 6),
    ("IntegerLookup(vocabulary=[5, 7])", 3),
    ("TextVectorization(vocabulary=['a', 'b', 'c'], output_sequence_length=7)", 5),
]
"""Layers and the sizes of their vocabularies: the tokens, one mask if there is one, and those for unknown tokens."""


@pytest.mark.parametrize(("layer", "size"), TOKENS)
def test_vocabularies_have_a_size(layer: str, size: int, tmp_path: Path) -> None:
    """A layer that is given its tokens says their number, 3 parameters for each."""
    path = tmp_path / "net.py"
    text = "import tensorflow as tf\nfrom tensorflow.keras import layers\n"
    text += f"tokens = layers.{layer}\nm = tf.keras.Sequential([tf.keras.Input((1,)), tokens,\n"
    path.write_text(f"{text}layers.Embedding(tokens.vocabulary_size(), 3)])", encoding="utf-8")
    assert analyze(f"{path}:m").totals.params == 3 * size


def test_an_adapted_vocabulary_is_unknown(tmp_path: Path) -> None:
    """The reason is at the call that asks for the number of tokens of the texts."""
    path = tmp_path / "net.py"
    text = "import tensorflow as tf\nfrom tensorflow.keras import layers\n"
    text += "tokens = layers.StringLookup()\ntokens.adapt(open('a').read())\n"
    path.write_text(
        f"{text}m = tf.keras.Sequential([tokens, layers.Embedding(tokens.vocabulary_size(), 3)])", encoding="utf-8"
    )
    with pytest.raises(SpecError) as caught:
        analyze(f"{path}:m", input=[1])
    assert "the vocabulary of StringLookup follows from the texts" in caught.value.diagnostics[0].message


def test_buckets_keep_the_shape(tmp_path: Path) -> None:
    """Keras 3.15: the output of `Discretization` has the shape of its input, 5; the dense layer has 5·2 + 2."""
    path = tmp_path / "net.py"
    text = "import keras\nfrom keras import layers\nm = keras.Sequential([keras.Input((5,)),\n"
    path.write_text(f"{text}layers.Discretization([1.0, 2.0]), layers.Dense(2)])", encoding="utf-8")
    assert analyze(f"{path}:m").totals.params == 12


def test_rows_of_a_fixed_array_have_no_parameters(tmp_path: Path) -> None:
    """One-hot codes as rows of an identity matrix: only the dense layer has parameters, 11·3 + 3."""
    path = tmp_path / "net.py"
    text = "import keras\nfrom keras import layers, ops\nx = keras.Input((5,), dtype='int32')\n"
    path.write_text(f"{text}m = keras.Model(x, layers.Dense(3)(ops.take(ops.eye(11), x, axis=0)))", encoding="utf-8")
    report = analyze(f"{path}:m").to_dict()
    assert report["totals"]["params"] == 11 * 3 + 3
    assert report["outputs"][0]["shape"] == [5, 3]


LAYERS = [
    ("layers.Reshape((5, 7))(f)", [5, 7]),
    ("layers.Reshape((11, 11))(g)", [11, 11]),
    ('layers.EinsumDense("abc,cde->abde", (None, 3, 3))(s)', [11, 3, 3]),
]
"""Layers on f of 35, g of 121 and s of 11x5, with the shapes that Keras gives."""


def test_equal_sizes_of_a_shape_are_as_many_axes(tmp_path: Path) -> None:
    """A shape such as (11, 11) has two axes, whereas a kernel of (3, 3) is 3."""
    text = "import keras\nfrom keras import layers\n"
    text += "f, g, s = keras.Input((35,)), keras.Input((121,)), keras.Input((11, 5))\n"
    path = tmp_path / "net.py"
    path.write_text(f"{text}m = keras.Model([f, g, s], [{', '.join(call for call, _ in LAYERS)}])", encoding="utf-8")
    report = analyze(f"{path}:m").to_dict()
    assert [each["shape"] for each in report["outputs"]] == [shape for _, shape in LAYERS]


def test_layers_on_arrays_outside_of_models_have_samples_along_the_first_axis(tmp_path: Path) -> None:
    """Three samples of two indices are encoded; the dense layer of the model has 11·3 + 3 parameters."""
    path = tmp_path / "net.py"
    text = "import keras\nimport numpy as np\nfrom keras import layers\n"
    text += 'codes = layers.CategoryEncoding(11, "multi_hot")(np.array([[1, 0], [2, 2], [2, 0]]))\n'
    text += "m = keras.Sequential([layers.Dense(3)])\nm.fit(codes, np.zeros((3, 3)))\n"
    path.write_text(text, encoding="utf-8")
    report = analyze(f"{path}:m").to_dict()
    assert (report["inputs"][0]["shape"], report["totals"]["params"]) == ([11], 11 * 3 + 3)


@pytest.mark.parametrize("value", ["False", "None", "0"])
def test_a_layer_is_frozen_by_every_false_value(value: str, tmp_path: Path) -> None:
    """The first layer has 7·5 + 5 parameters, the second 5·3 + 3."""
    text = "import keras\nfrom keras import layers\n"
    text += (
        f"m = keras.Sequential([keras.Input((7,)), layers.Dense(5), layers.Dense(3)])\nm.layers[0].trainable = {value}"
    )
    path = tmp_path / "net.py"
    path.write_text(text, encoding="utf-8")
    totals = analyze(f"{path}:m").to_dict()["totals"]
    assert (totals["non_trainable_params"], totals["trainable_params"]) == (7 * 5 + 5, 5 * 3 + 3)


def test_an_input_keeps_the_name_that_the_program_gives(tmp_path: Path) -> None:
    """Only names of Keras itself, such as `input_1`, become `input`."""
    path = tmp_path / "net.py"
    path.write_text(
        "import keras\nx = keras.Input((7,), name='input_image')\nm = keras.Model(x, x + 1)", encoding="utf-8"
    )
    assert [each["name"] for each in analyze(f"{path}:m").to_dict()["inputs"]] == ["input_image"]
