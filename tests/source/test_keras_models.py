"""Keras, TensorFlow and notebooks in source: names, shapes, counts and messages, with the arithmetic beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnncalc import SpecError, analyze
from cnncalc.linting.api import lint

KERAS = "import keras\nfrom keras import layers, ops\n"
DENSE = KERAS + "x = keras.Input((7,))\n"
FIRST = KERAS + (
    "m = keras.Sequential([keras.Input((3, 9, 11)), layers.Conv2D(5, 2, data_format='channels_first'), "
    "layers.BatchNormalization(axis=1), "
)
STATES = KERAS + ("x, y = keras.Input((11, 7)), keras.Input((13, 3))\n_, h, c = layers.LSTM(5, return_state=True)(x)\n")


def written(folder: Path, text: str, name: str = "net.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, model: str = "m", **options: Any) -> dict[str, Any]:
    """The report of a model in a program."""
    return analyze(f"{written(folder, text)}:{model}", **options).to_dict()


TOTALS = [
    ("an input shape", KERAS + "m = keras.Sequential([layers.Dense(5, input_shape=(7,))])", 7 * 5 + 5),
    ("a layer called twice", DENSE + "d = layers.Dense(7)\nm = keras.Model(x, d(d(x)))", 7 * 7 + 7),
    (
        "a model called twice",
        DENSE + "a = keras.Input((7,))\ne = keras.Model(a, layers.Dense(5)(a))\nm = keras.Model(x, e(x) + e(x * 2))",
        7 * 5 + 5,
    ),
    (
        "a call on numbers",
        KERAS + "m = keras.Sequential([layers.Dense(5)])\nm(ops.convert_to_tensor([[1.0, 2], [3, 4]]))",
        2 * 5 + 5,
    ),
    (
        "pixels scaled for a network, and a layer under an earlier name",
        KERAS + "from keras.layers.experimental.preprocessing import RandomFlip\nx = keras.Input((32, 32, 3))\n"
        "p = keras.applications.vgg16.preprocess_input\nq = keras.applications.mobilenet_v2.preprocess_input\n"
        "m = keras.Model(x, layers.Dense(5)(p(q(RandomFlip('horizontal')(x)))))",
        3 * 5 + 5,
    ),
    ("moving statistics are parameters", DENSE + "m = keras.Model(x, layers.BatchNormalization()(x))", 4 * 7),
    ("a Lambda", DENSE + "m = keras.Model(x, layers.Dense(3)(layers.Lambda(lambda t: t[:, 2:])(x)))", 5 * 3 + 3),
    ("numbers of the program", DENSE + "m = keras.Model(x, layers.Dense(3)(x) + ops.ones((3,)))", 7 * 3 + 3),
    (
        "words of earlier versions",
        KERAS + "m = keras.Sequential([keras.Input((7,)), layers.Dense(5), layers.LeakyReLU(alpha=0.1)])",
        7 * 5 + 5,
    ),
    (
        "words of Keras 1",
        ("from keras.models import *\nfrom keras.layers import *\nfrom keras import backend as K\n"
        "K.set_image_dim_ordering('th')\nm = Sequential()\n"
        "m.add(Convolution2D(5, 2, 3, border_mode='valid', subsample=(2, 2), input_shape=(3, 9, 11)))\n"
        "m.add(Flatten())\nm.add(Dense(output_dim=2, init='uniform'))"),
        (2 * 3 * 3 + 1) * 5 + 5 * 4 * 5 * 2 + 2,
    ),
    (
        "the classes of labels",
        KERAS + "import numpy as np\n(x, y), _ = keras.datasets.cifar100.load_data()\n"
        "m = keras.Sequential([keras.Input((7,)), layers.Dense(len(np.unique(y))), layers.Dense(np.max(y) + 1)])",
        (7 + 1) * 100 + (100 + 1) * 100,
    ),
    (
        "a frozen Sequential in another model",
        DENSE + "a = keras.Sequential([layers.Dense(5)])\na.trainable = False\nm = keras.Model(x, a(x))",
        7 * 5 + 5,
    ),
    (
        "a clone has arrays of its own",
        DENSE + "a = keras.Sequential([layers.Dense(7)])\nm = keras.Model(x, keras.models.clone_model(a)(a(x)))",
        2 * (7 * 7 + 7),
    ),
    ("channels first", FIRST + "layers.Flatten(), layers.Dense(2)])", (2 * 2 * 3 + 1) * 5 + 4 * 5 + 5 * 8 * 10 * 2 + 2),
    (
        "states of an encoder",
        STATES + "m = keras.Model([x, y], layers.LSTM(5)(y, initial_state=[h, c]))",
        4 * ((7 + 5) * 5 + 5) + 4 * ((3 + 5) * 5 + 5),
    ),
    (
        "states of both directions",
        KERAS + "x = keras.Input((11, 7))\n"
        "r = layers.Bidirectional(layers.GRU(5, return_state=True, reset_after=False))\n"
        "_, forwards, backwards = r(x)\nm = keras.Model(x, layers.Dense(3)(layers.concatenate([forwards, backwards])))",
        2 * 3 * ((7 + 5) * 5 + 5) + 10 * 3 + 3,
    ),
    (
        "several cells",
        KERAS + "cells = [layers.LSTMCell(5), layers.SimpleRNNCell(2)]\n"
        "m = keras.Sequential([keras.Input((11, 7)), layers.RNN(cells)])",
        4 * ((7 + 5) * 5 + 5) + (5 + 2) * 2 + 2,
    ),
    (
        "super().call() of a layer",
        KERAS + "class Twice(layers.Dense):\n    def call(self, x):\n        return 2 * super().call(x)\n"
        "m = keras.Sequential([keras.Input((7,)), Twice(5)])",
        7 * 5 + 5,
    ),
    (
        "both directions of a recurrent layer",
        KERAS + "m = keras.Sequential([keras.Input((11, 7)), layers.Bidirectional(layers.LSTM(5))])",
        2 * 4 * ((7 + 5) * 5 + 5),
    ),
    (
        "layers at each step",
        KERAS + "s = keras.Sequential([layers.Conv2D(5, 3), layers.Flatten()])\n"
        "m = keras.Sequential([keras.Input((11, 7, 7, 3)), layers.TimeDistributed(s)])",
        (3 * 3 * 3 + 1) * 5,
    ),
    (
        "an initializer that nobody follows",
        KERAS + "m = keras.Sequential([keras.Input((7,)), layers.Dense(5, bias_initializer=keras.X(2))])",
        7 * 5 + 5,
    ),
    (
        "a cell around one of Keras, which gives its output and a list of states",
        KERAS + "class Cell(layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
        "        self.state_size = 3\n        self.cell = layers.GRUCell(3)\n"
        "    def call(self, x, states):\n        y, states = self.cell(x, states)\n        return y, states\n"
        "m = keras.Sequential([keras.Input((4, 5)), layers.RNN(Cell())])",
        3 * 3 * (5 + 3 + 2),
    ),
    (
        "weights of the layer's own type",
        KERAS + "class Scaled(layers.Layer):\n    def build(self, shape):\n"
        "        self.w = self.add_weight(shape=shape[1:], dtype=self.dtype)\n"
        "    def call(self, x): return x * self.w\n"
        "m = keras.Sequential([keras.Input((7,)), Scaled()])",
        7,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "params"), TOTALS, ids=[row[0] for row in TOTALS])
def test_parameters(title: str, text: str, params: int, tmp_path: Path) -> None:
    """The parameters that Keras counts."""
    assert read(tmp_path, text)["totals"]["params"] == params


SUBCLASS = (
    KERAS
    + """
class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), name="w")
    def call(self, x):
        return ops.matmul(x, self.w)

class Net(keras.Model):
    def __init__(self, n=3):
        super().__init__()
        self.blocks = [Block(5), Block(n)]
        self.out = layers.Dense(2)
    def call(self, x, training=None):
        for block in self.blocks:
            x = block(x)
        return self.out(x)
"""
)


def test_names_of_a_subclass_are_its_attributes(tmp_path: Path) -> None:
    """The layers of a model of the program's own have the attribute paths, with places in lists."""
    report = read(tmp_path, SUBCLASS, "Net(n=13)", input=(7,))
    names = {each["name"]: each["params"] for each in report["layers"]}
    assert names == {"blocks.0.matmul": 7 * 5, "blocks.1.matmul": 5 * 13, "out": 13 * 2 + 2}


def test_the_input_shape_of_build(tmp_path: Path) -> None:
    """`build((None, 7))` states the input."""
    report = read(tmp_path, SUBCLASS + "m = Net()\nm.build((None, 7))\n")
    assert report["inputs"][0]["shape"] == [7]


TENSORFLOW = """import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 11, 11, 3])
w = tf.Variable(tf.truncated_normal([5, 5, 3, 7]))
b = tf.Variable(tf.zeros([7]))
y = tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding='SAME')
y = tf.nn.relu(tf.nn.bias_add(y, b))
"""


def test_a_bias_that_is_added_belongs_to_its_convolution(tmp_path: Path) -> None:
    """tf.nn.conv2d and tf.nn.bias_add are one layer: (5·5·3 + 1)·7 parameters, ⌈11/2⌉ = 6."""
    report = read(tmp_path, TENSORFLOW, "y")
    rows = [(each["type"], each["output_shape"], each["params"]) for each in report["layers"]]
    assert rows == [("conv", [6, 6, 7], (5 * 5 * 3 + 1) * 7), ("relu", [6, 6, 7], 0)]


MISTAKES = [
    (DENSE + "y = layers.Dense(3)(x)\nm = keras.Model(x, layers.Reshape((5,))(y))", 5, "E305", "3"),
    (DENSE + "y = layers.Dense(3)(x) + layers.Dense(5)(x)\nm = keras.Model(x, y)", 4, "E308", "3 and 5 differ"),
    (DENSE + "y = ops.matmul(x, keras.Variable(ops.zeros((5, 3))))\nm = keras.Model(x, y)", 4, "E308", "takes 5"),
    (KERAS + "m = keras.Sequential()\nm.add(layers.Dense(3, unit=5))", 4, "E111", 'did you mean "units"'),
    (STATES + "m = keras.Model([x, y], layers.LSTM(3)(y, initial_state=[h, c]))", 5, "E308", "units is 3"),
    (TENSORFLOW.replace("5, 3, 7", "5, 2, 7"), 5, "E308", "takes 2 channels, but 11x11x3 has 3"),
    (TENSORFLOW.replace("zeros([7])", "zeros([5])"), 6, "E308", "bias has 5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "code", "words"), MISTAKES, ids=[row[3] for row in MISTAKES])
def test_mistakes(text: str, line: int, code: str, words: str, tmp_path: Path) -> None:
    """A mistake has its line, its code and both sizes."""
    with pytest.raises(SpecError) as caught:
        read(tmp_path, text, "m" if "m = " in text else "y")
    error = caught.value.diagnostics[0]
    assert (error.line, error.code) == (line, code)
    assert words in error.message


@pytest.mark.parametrize(("called", "help"), [((13, 5), "no batch axis: write input_shape=(5,)"), ((13, 7), "")])
def test_an_input_shape_with_a_batch_axis(called: tuple[int, int], help: str, tmp_path: Path) -> None:
    """Keras 3 refuses the call of a model of (None, None, 5) with two axes; `input_shape=(5,)` is meant."""
    model = "import numpy as np\nm = keras.Sequential([layers.Dense(3, input_shape=(None, 5))])\n"
    with pytest.raises(SpecError) as caught:
        read(tmp_path, KERAS + model + f"m(np.zeros({called}))", "m")
    error = caught.value.diagnostics[0]
    assert (error.code, error.message) == ("E308", f"Dense: input_shape is ?x5, but its input is {called[1]}")
    assert (error.hint or "").endswith(help)
    assert bool(error.hint) == bool(help)


REUSE = """import tensorflow as tf
def f(x, reuse=False):
    with tf.variable_scope('f', reuse=reuse):
        return tf.layers.dense(x, 7, name='dense')
x = tf.placeholder(tf.float32, [None, 7])
m = f(f(x), reuse=True)
"""

REFUSED = [
    (DENSE + "m = keras.Model(x, keras.applications.Anything()(x))", "cannot follow keras.applications.Anything(…)"),
    (
        FIRST + "layers.Conv2D(2, 1, data_format='channels_last')])",
        "channels before the image in one layer, and after it in another",
    ),
    (KERAS + "m = keras.Sequential([layers.Dense(3)])", "nothing states the shape of input"),
    (KERAS + "m = keras.Sequential([layers.LSTM(3, input_shape=(None, 2))])", "an input of open sizes (None, 2)"),
    (REUSE.replace("reuse=True", "reuse=False"), "variable f/dense already exists"),
    (KERAS + "def f():\n    return 3\n", "makes no model"),
    (KERAS + "a, b = keras.Sequential([layers.Dense(3)]), keras.Sequential()\n", "this file has 2 models: a, b"),
]  # fmt: skip


def test_variables_that_are_reused_are_counted_once(tmp_path: Path) -> None:
    """A dense layer of 7 × 7 with biases, twice: 56 parameters and 2 · 49 multiply-accumulates."""
    totals = read(tmp_path, REUSE)["totals"]
    assert (totals["params"], totals["macs"]) == (7 * 7 + 7, 2 * 7 * 7)


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_is_not_followed_is_an_error(text: str, words: str, tmp_path: Path) -> None:
    """No figure is guessed."""
    path = written(tmp_path, text)
    with pytest.raises(SpecError) as caught:
        analyze(f"{path}:m" if "m = " in text else str(path))
    assert words in caught.value.diagnostics[0].message


ENDLESS = [
    DENSE + "y = x\nfor i in range(10**9):\n    y = layers.Dense(7)(y)\nm = keras.Model(x, y)",
    DENSE + "m = keras.Model(x, layers.Dense(7)(x))\nfor i in range(40):\n    m = keras.Model(x, m(m(x)))",
]


@pytest.mark.parametrize("text", ENDLESS, ids=["a loop", "models inside models"])
def test_a_program_without_an_end_is_refused(text: str, tmp_path: Path) -> None:
    """The number of steps is limited."""
    with pytest.raises(SpecError) as caught:
        read(tmp_path, text)
    assert caught.value.diagnostics[0].code == "E103"


# --- notebooks -------------------------------------------------------------------------------------------------------


def notebook(folder: Path, *cells: str) -> Path:
    """A notebook with a text cell before each code cell."""
    listed = []
    for cell in cells:
        listed.append({"cell_type": "markdown", "source": ["# text"]})
        listed.append({"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": []})
    return written(folder, json.dumps({"cells": listed, "nbformat": 4}), "hw.ipynb")


@pytest.mark.parametrize(
    "text",
    [
        "a = keras.Sequential([x, layers.Dense(3)])\nm = keras.Sequential([a, layers.Dense(5)])\n",
        "a = keras.Model(x, layers.Dense(3)(x))\nm = keras.Model(a.input, layers.Dense(5)(a.output))\n",
        "h = layers.Dense(3)\nm = keras.Model(x, layers.Dense(5)(h(x)))\na = keras.Model(x, m.layers[1].output)\n",
    ],
)
def test_a_model_inside_another_is_not_the_only_one(text: str, tmp_path: Path) -> None:
    """A base and a model with a head, in either style, and an extractor of features: 7·3 + 3 + 3·5 + 5 parameters."""
    assert analyze(written(tmp_path, DENSE + text)).totals.params == 44


def test_outputs_in_a_dictionary_are_in_the_order_of_its_keys(tmp_path: Path) -> None:
    """Keras 3 lists them so, while a call of the model gives each under its own key."""
    text = DENSE + "h = keras.Model(x, {'b': layers.Dense(5)(x), 'a': layers.Dense(3)(x)})\n"
    assert [each["shape"] for each in read(tmp_path, text, "h")["outputs"]] == [[3], [5]]
    text += "y = keras.Input((7,))\nm = keras.Model(y, h(y)['b'])\n"
    assert [each["shape"] for each in read(tmp_path, text)["outputs"]] == [[5]]


def test_a_bias_before_batch_norm_has_a_hint_in_keras_words(tmp_path: Path) -> None:
    """The argument is `use_bias=False`, and with it the finding is gone."""
    text = KERAS + "x = keras.Input((9, 9, 3))\nc = layers.Conv2D(4, 3{})(x)\n"
    text += "m = keras.Model(x, layers.BatchNormalization()(c))\n"
    found = lint(written(tmp_path, text.format("")))
    assert [(each.code, each.hint) for each in found] == [("N101", "write use_bias=False")]
    assert lint(written(tmp_path, text.format(", use_bias=False"))) == []


def test_cells_run_in_order_without_magics(tmp_path: Path) -> None:
    """Magics and shell commands have no effect, and a later definition replaces an earlier one: 7·5 + 5."""
    cells = [
        "%matplotlib inline\n!pip install keras\nimport keras\nfrom keras import layers\nunits = 3",
        "%%time\nfiles = !ls\nunits = 5\nkeras?",
        "%%bash\nfor f in *; do echo $f; done",
        "m = keras.Sequential([keras.Input((7,)), layers.Dense(units)])",
    ]
    assert analyze(f"{notebook(tmp_path, *cells)}:m").to_dict()["totals"]["params"] == 7 * 5 + 5


def test_positions_in_a_notebook_are_cells_and_lines(tmp_path: Path) -> None:
    """The fourth cell, a code cell, has the mistake on its second line."""
    cells = [KERAS, "x = keras.Input((7,))\ny = layers.Reshape((5,))(x)", "m = keras.Model(x, y)"]
    with pytest.raises(SpecError) as caught:
        analyze(f"{notebook(tmp_path, *cells)}:m")
    span = caught.value.diagnostics[0].span
    assert span is not None
    assert span.place.endswith("hw.ipynb:cell 4:2:20")


def test_a_cell_that_is_not_python_is_reported(tmp_path: Path) -> None:
    """The other cells are read."""
    cells = [KERAS, "this is ( not Python", "m = keras.Sequential([keras.Input((7,)), layers.Dense(3)])"]
    report = analyze(f"{notebook(tmp_path, *cells)}:m")
    assert report.to_dict()["totals"]["params"] == 7 * 3 + 3


@pytest.mark.parametrize("text", ["{", '{"cells": 3}', '{"cells": [3, null, {"cell_type": "code"}]}', "[" * 100_000])
def test_a_damaged_notebook_is_refused(text: str, tmp_path: Path) -> None:
    """An error, never a crash."""
    with pytest.raises(SpecError):
        analyze(f"{written(tmp_path, text, 'hw.ipynb')}:m")


BUILD = """import keras
from keras import layers
def build():
    x = keras.Input((11, 11, 3))
    y = layers.Conv2D(5, 3)(x)
    return keras.Model(x, layers.Dense(2)(y))
model = build()
data = keras.datasets.mnist.load_data()
model.fit(data)
"""

NOT_MADE = [
    (BUILD.replace("5, 3", "5, 3, paddding=3"), 5, "E111", "got an unexpected keyword argument 'paddding'", ""),
    (BUILD.replace("Conv2D", "Conv2d"), 5, "E202", "keras.layers has no Conv2d", "Conv2D"),
    (BUILD.replace("Model(x", "Model(i"), 6, "E111", "NameError: name 'i' is not defined", ""),
    (BUILD.replace("11, 11", "None, None"), 4, "E205", "open sizes (None, None, 3)", "--input 32x32x3"),
    (DENSE + "y = layers.Dense(3, activation='softmx')(x)\nm = keras.Model(x, y)\n", 4, "E202", "softmx", "softmax"),
    (DENSE + "m = keras.Model(x, layers.Reshape((5,))(x))\n", 4, "E305", "7", ""),
    (KERAS + "def f():\n    return 3\ndata = keras.datasets.x()\n", 1, "E111", "this file makes no model", "one: f"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "code", "words", "hint"), NOT_MADE, ids=[row[3] for row in NOT_MADE])
def test_a_model_that_cannot_be_made(text: str, line: int, code: str, words: str, hint: str, tmp_path: Path) -> None:
    """A file whose only model fails gives the reason and its line, without a name after the path."""
    with pytest.raises(SpecError) as caught:
        analyze(str(written(tmp_path, text)))
    error = caught.value.diagnostics[0]
    assert (error.line, error.code) == (line, code)
    assert words in error.message
    assert hint in error.hint


def test_the_tensor_that_nothing_uses_is_the_model(tmp_path: Path) -> None:
    """A graph of TensorFlow 1 at module level is the tensor `z`, not `y` before it: (5·5·3 + 1)·7."""
    text = TENSORFLOW.replace("y = tf.nn.relu", "z = tf.nn.relu")
    assert analyze(str(written(tmp_path, text))).to_dict()["totals"]["params"] == (5 * 5 * 3 + 1) * 7


def test_the_tensor_that_only_losses_use_is_the_model(tmp_path: Path) -> None:
    """A metric of each sample is no model: the last tensor with features is."""
    right = "right = tf.equal(tf.argmax(tf.reshape(y, [-1, 252]), 1), 3)\n"
    accuracy = "accuracy = tf.reduce_mean(tf.cast(right, tf.float32))\n"
    report = analyze(str(written(tmp_path, TENSORFLOW + right + accuracy))).to_dict()
    assert report["outputs"] == analyze(f"{tmp_path}/net.py:y").to_dict()["outputs"]
    assert report["totals"]["params"] == (5 * 5 * 3 + 1) * 7


def test_several_tensors_that_nothing_uses_are_named(tmp_path: Path) -> None:
    """Two outputs: the caller chooses."""
    with pytest.raises(SpecError) as caught:
        analyze(str(written(tmp_path, TENSORFLOW + "z = tf.nn.relu(x)\n")))
    assert caught.value.diagnostics[0].hint == "name the tensor that is its output: y, z"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gamma", "AttributeError: 'Dense' object has no attribute 'gamma'"),
        ("input_shape", "AttributeError: 'Dense' object has no attribute 'input_shape'"),
    ],
)
def test_attributes_that_a_layer_lacks(name: str, reason: str, tmp_path: Path) -> None:
    """Keras 3.15 raises the same."""
    text = f"d = keras.layers.Dense(7)\nx = keras.Input((5,))\nm = keras.Model(x, keras.ops.dot(d(x), d.{name}.T))\n"
    with pytest.raises(SpecError) as caught:
        analyze(str(written(tmp_path, KERAS + text)))
    assert caught.value.diagnostics[0].message == reason


# --- how the program itself states the input --------------------------------------------------------------------------

ARRAYS = KERAS + "import numpy as np\n"
IMAGES = ARRAYS + "(x, y), _ = keras.datasets.mnist.load_data()\n"
LAZY = "m = keras.Sequential([layers.Flatten(), layers.Dense(5)])\n"

STATED = [
    ("sizes of a data set", IMAGES + "m = keras.Sequential([layers.Dense(5, input_shape=x.shape[1:])])", [28, 28]),
    ("a fit", IMAGES + "x = np.expand_dims(x.astype('float32') / 255, -1)\n" + LAZY + "m.fit(x, y)", [28, 28, 1]),
    ("a call", ARRAYS + LAZY + "m(np.zeros((1, 7, 3)))", [7, 3]),
    ("a result", IMAGES + LAZY + "for _ in range(2):\n    h = m.fit(x, y)\n    h.history['loss'][0]\n", [28, 28]),
    ("flat images", IMAGES + "x = x.reshape(60000, 28 * 28)\n" + LAZY + "m.predict(x[:7])", [784]),
    ("a program's end", ARRAYS + "if __name__ == '__main__':\n    " + LAZY + "    m(np.random.rand(1, 7))", [7]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text", "shape"), STATED, ids=[row[0] for row in STATED])
def test_arrays_of_the_program_state_the_input(title: str, text: str, shape: list[int], tmp_path: Path) -> None:
    """The sizes of data sets and of arrays are followed: MNIST has 60,000 images of 28 by 28."""
    assert read(tmp_path, text)["inputs"][0]["shape"] == shape


def test_a_mistake_elsewhere_does_not_hide_a_model(tmp_path: Path) -> None:
    """A named model is read although another one of the file is wrong; the file alone reports the mistake."""
    text = DENSE + "bad = keras.Model(x, layers.Reshape((5,))(x))\nm = keras.Model(x, layers.Dense(5)(x))"
    assert read(tmp_path, text)["totals"]["params"] == 7 * 5 + 5
    with pytest.raises(SpecError) as caught:
        analyze(f"{tmp_path / 'net.py'}")
    assert [each.line for each in caught.value.diagnostics] == [4]


def test_a_comment_gives_the_output_of_a_call(tmp_path: Path) -> None:
    """What cannot be followed becomes an opaque layer with the stated output: 2 · 2 · 7 elements to 5 units."""
    text = (
        DENSE
        + "import mylib\ny = mylib.f(x)  # cnncalc: 2x2x7\nm = keras.Model(x, layers.Dense(5)(layers.Flatten()(y)))\n"
    )
    layers = read(tmp_path, text)["layers"]
    assert [each["type"] for each in layers] == ["opaque", "flatten", "dense"]
    assert layers[-1]["params"] == 2 * 2 * 7 * 5 + 5


CELL = """import keras
from keras import layers, ops
class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")
    def call(self, inputs, states):
        h = ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent)
        return h, [h]
x = keras.Input((STEPS, 5))
m = keras.Model(x, layers.RNN(Cell(7), return_sequences=True)(x))
"""


def test_a_cell_of_the_programs_own_runs_at_each_step(tmp_path: Path) -> None:
    """Its 5·7 + 7·7 parameters are counted once, its products at each of the 3 steps."""
    path = tmp_path / "net.py"
    path.write_text(CELL.replace("STEPS", "3"), encoding="utf-8")
    report = analyze(f"{path}:m")
    assert (report.totals.params, report.totals.macs) == (84, 3 * 84)
    assert report.outputs[0].shape == (3, 7)
    path.write_text(CELL.replace("STEPS", "65"), encoding="utf-8")
    with pytest.raises(SpecError, match="for more than 64 steps"):
        analyze(f"{path}:m")
