"""Calls as typed in code are items: the frameworks' own order of arguments, tuples, arithmetic, nested calls."""

from __future__ import annotations

import pytest

import cnncalc
from tests.together import for_each

# a call, its convention, the same item in our words
SAME = [
    ("3x64x64 -> nn.Conv2d(3, 64, 7, stride=2, padding=3)", "pytorch", "3x64x64 -> conv 64 7x7 s2 p3"),
    ("3x64x64 -> torch.nn.Conv2d(3, 64, (3, 5), bias=False)", "pytorch", "3x64x64 -> conv 64 3x5 bias=false"),
    ("16x5x5 -> flatten -> nn.Linear(16 * 5 * 5, 120)", "pytorch", "16x5x5 -> flatten -> dense 120"),
    ("4x8x8 -> MaxPool2d(2, 2) -> Dropout(0.5)", "pytorch", "4x8x8 -> max_pool 2 s2 -> dropout 0.5"),
    ("4x9x9 -> nn.MaxPool2d(3, 2, 1, ceil_mode=True)", "pytorch", "4x9x9 -> max_pool 3 s2 p1 ceil"),
    ("4x9x9 -> nn.LPPool2d(2, 3, stride=2)", "pytorch", "4x9x9 -> lp_pool 3 s2 norm=2"),
    ("8x4x4 -> nn.ConvTranspose2d(8, 4, 3, 2, 1, 1)", "pytorch",
     "8x4x4 -> conv_transpose 4 3 s2 p1 output_padding=1"),
    ("4x8x8 -> nn.ZeroPad2d((1, 2, 3, 4))", "pytorch", "4x8x8 -> zero_pad [[3,4],[1,2]]"),
    ("4x8 -> nn.ReflectionPad1d((1, 2))", "pytorch", "4x8 -> reflection_pad [[1,2]]"),
    ("4x8x8 -> nn.GroupNorm(2, 4) -> nn.PReLU(4, 0.1)", "pytorch", "4x8x8 -> group_norm 2 -> prelu num_parameters=4"),
    ("7x13 -> nn.LSTM(13, 20, 2, batch_first=True)", "pytorch", "7x13 -> lstm 20 layers=2"),
    ("7x12 -> nn.MultiheadAttention(12, 3, dropout=0.1)", "pytorch", "7x12 -> multi_head_attention 3"),
    ("7x12 -> nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model=12, nhead=3), num_layers=2)", "pytorch",
     "7x12 -> transformer_encoder 3 depth=2"),
    ("9 -> nn.Embedding(100, 12)", "pytorch", "9 -> embedding 100 12"),
    ("4x8x8 -> F.relu(x) -> F.max_pool2d(x, 2) -> torch.flatten(x, 1)", "pytorch",
     "4x8x8 -> relu -> max_pool 2 -> flatten"),
    ("4x8x8 -> nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)", "pytorch",
     "4x8x8 -> upsample 2 bilinear align_corners=false"),
    ("28x28x1 -> layers.Conv2D(32, (3, 3), activation='relu')", "keras", "28x28x1 -> conv 32 3x3 relu"),
    ("28x28x1 -> tf.keras.layers.Conv2D(8, 3, 2, \"same\", use_bias=False)", "keras",
     "28x28x1 -> conv 8 3 s2 same bias=false"),
    ("28x28x4 -> MaxPooling2D() -> layers.Flatten() -> tf.keras.layers.Dense(10, 'softmax',)", "keras",
     "28x28x4 -> max_pool 2 -> flatten -> dense 10 softmax"),
    ("8x8x4 -> layers.ZeroPadding2D(((1, 2), (3, 4)))", "keras", "8x8x4 -> zero_pad [[1,2],[3,4]]"),
    ("8x4 -> layers.ZeroPadding1D((1, 2))", "keras", "8x4 -> zero_pad [[1,2]]"),
    ("8x8x4 -> layers.UpSampling2D((2, 3))", "keras", "8x8x4 -> upsample scale=2x3"),
    ("7x13 -> layers.LSTM(20, return_sequences=True, dropout=0.2)", "keras", "7x13 -> lstm 20 return_sequences=true"),
    ("7x13 -> layers.TimeDistributed(layers.Dense(8))", "keras", "7x13 -> time_distributed(dense 8)"),
    ("7x13 -> Bidirectional(LSTM(5), merge_mode='sum')", "keras", "7x13 -> bidirectional(lstm 5 merge=sum)"),
    ("7x12 -> layers.MultiHeadAttention(num_heads=3, key_dim=5)", "keras", "7x12 -> mha 3 key_dim=5"),
    ("8x8x3 -> layers.Rescaling(1./255) -> layers.SeparableConv2D(4, 3, depth_multiplier=2)", "keras",
     "8x8x3 -> rescaling 0.00392 -> separable_conv 4 3 m2"),
    ("8x8x3 -> Conv2D(4, 3, kernel_initializer=keras.initializers.HeNormal(seed=1), kernel_regularizer=l2(0.01))",
     "keras", "8x8x3 -> conv 4 3"),
    ("8x8x3 -> tf.layers.conv2d(x, 4, 3, padding='same', activation=tf.nn.relu)", "tensorflow",
     "8x8x3 -> conv 4 3 same relu"),
    ("8x8x3 -> conv(4, 3x3, s2, p1) -> max_pool(2) -> dense(5)", "formula",
     "8x8x3 -> conv 4 3x3 s2 p1 -> max_pool 2 -> dense 5"),
    ("3x8x8 -> concat(nn.Conv2d(3, 4, 1) -> nn.ReLU() | nn.Conv2d(3, 4, 3, padding=1))", "pytorch",
     "3x8x8 -> concat(conv 4 1 -> relu | conv 4 3 p1)"),
    ("3x8x8 -> (nn.Conv2d(3, 3, 3, padding=1) -> nn.ReLU())*3", "pytorch", "3x8x8 -> (conv 3 3 p1 -> relu)*3"),
    ("3x8x8 -> nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Sequential(nn.Conv2d(4, 5, 1)))", "pytorch",
     "3x8x8 -> conv 4 3 -> relu -> conv 5 1"),
    ("8x8x3 -> keras.Sequential([layers.Input(shape=(8, 8, 3)), layers.Conv2D(4, 3)])", "keras", "8x8x3 -> conv 4 3"),
    ("8x8x3 -> keras.Input(shape=(8, 8, 3)) -> layers.Conv2D(4, 3)(inputs) -> layers.Flatten()(x)", "keras",
     "8x8x3 -> conv 4 3 -> flatten"),
    ("8x8x3 -> conv 4 3 activation=nn.LeakyReLU(0.2)", "formula", "8x8x3 -> conv 4 3 leaky_relu"),
    ("8x8x3 -> x = layers.Conv2D(4, 3)(x) -> x = layers.Flatten()(x)", "keras", "8x8x3 -> conv 4 3 -> flatten"),
    ("8x8x3 -> relu name=a -> sigmoid name=b -> layers.Add()([a, b])", "keras",
     "8x8x3 -> relu name=a -> sigmoid name=b -> add from=[a, b]"),
    ("8x8x3 -> relu name=a -> sigmoid name=b -> layers.concatenate([a, b])", "keras",
     "8x8x3 -> relu name=a -> sigmoid name=b -> concat from=[a, b]"),
    ("3x8x8 -> relu name=a -> sigmoid name=b -> torch.cat((a, b), dim=2)", "pytorch",
     "3x8x8 -> relu name=a -> sigmoid name=b -> concat from=[a, b] axis=2"),
    ("3x8x8 -> relu name=a -> sigmoid name=b -> torch.cat([a, b], 1)", "pytorch",
     "3x8x8 -> relu name=a -> sigmoid name=b -> concat from=[a, b] axis=1"),
    ("3x8x8 -> nn.Conv2D(3, 4, 3)", "pytorch", "3x8x8 -> conv 4 3"),
    ("3x8x8 -> self.conv1 = nn.Conv2d(3, 4, 3)", "pytorch", "3x8x8 -> conv 4 3"),
    ("7x12 -> layers.MultiHeadAttention(3, 4)(x, x)", "keras", "7x12 -> mha 3 key_dim=4"),
    ("3x8x8 -> nn.Sequential(OrderedDict([('conv1', nn.Conv2d(3, 4, 3)), ('relu1', nn.ReLU())]))", "pytorch",
     "3x8x8 -> conv 4 3 -> relu"),
    ("8x8x3 -> layers.Activation(tf.nn.relu)", "keras", "8x8x3 -> Activation relu"),
    ("4x5x5 -> x.view(-1, 100) -> nn.Linear(100, 3)", "pytorch", "4x5x5 -> reshape [100] -> dense 3"),
    ("4x5x5 -> x.view(x.size(0), -1)", "pytorch", "4x5x5 -> reshape [-1]"),
    ("4x5x5 -> x.view(-1, 4, 25)", "pytorch", "4x5x5 -> reshape 4x25"),
    ("4x5x5 -> x.view((-1, 4, 25))", "pytorch", "4x5x5 -> reshape 4x25"),
    ("4x5x5 -> x.view(n, 4, 25)", "pytorch", "4x5x5 -> reshape 4x25"),
    ("4x5x5 -> x.view(100)", "pytorch", "4x5x5 -> reshape [100]"),
    ("4x5x5 -> torch.reshape(x, -1, 4, 25)", "pytorch", "4x5x5 -> reshape 4x25"),
    ("5x5x4 -> tf.reshape(x, [-1, 25, 4])", "keras", "5x5x4 -> reshape 25x4"),
    ("4x5x5 -> torch.reshape(x, (-1, 4, 25))", "pytorch", "4x5x5 -> reshape 4x25"),
    # tuples where a shape or a pair may be
    ("(28,28,1) -> conv 4 (3, 5) s2", "formula", "28x28x1 -> conv 4 3x5 s2"),
    ("[28, 28, 1] -> conv filters=4 kernel_size=(3, 5) padding=((1, 2), (0, 1))", "formula",
     "28x28x1 -> conv 4 3x5 padding=[[1,2],[0,1]]"),
    ("a: (8, 8, 3), b: (8, 8, 3) -> add from=[a, b]", "formula", "a: 8x8x3, b: 8x8x3 -> add from=[a, b]"),
    ("49 -> reshape (7, 7, 1) -> concat(avg_pool (2, 2) | max_pool (2, 2))", "formula",
     "49 -> reshape 7x7x1 -> concat(avg_pool 2 | max_pool 2)"),
]  # fmt: skip


@for_each(("call", "convention", "plain"), SAME)
def test_a_call_is_the_item_that_it_means(call, convention, plain):
    """Shapes, parameters and work of every layer are those of the item in our words."""
    found, wanted = (cnncalc.analyze(text, convention=convention).to_dict() for text in (call, plain))
    figures = ("type", "output_shape", "params", "macs", "flops")
    assert [[layer[key] for key in figures] for layer in found["layers"]] == [
        [layer[key] for key in figures] for layer in wanted["layers"]
    ]


# a name that several frameworks have, its arguments, and whose it is
FITTING = [
    ("7x13 -> LSTM(20)", [20]),  # Keras's units
    ("7x13 -> LSTM(13, 20)", [20]),  # PyTorch's input and hidden sizes: Keras's second is an activation
    ("7x13 -> GRU(units=20)", [20]),
    ("13 -> LSTMCell(13, 20)", [20]),
]


@pytest.mark.parametrize(("spec", "shape"), FITTING)
def test_the_arguments_tell_whose_call_it_is(spec, shape):
    """Without a module in front, the signature that the arguments fit is meant."""
    assert list(cnncalc.analyze(spec).outputs[0].shape) == shape


def test_a_line_of_code_works_in_yaml_with_the_spec_s_variables():
    """A bare name is a variable of the spec; a call may run over lines, and carry what every item may."""
    report = cnncalc.analyze(
        {
            "input": "(8, 8, 3)",
            "variables": {"width": 4, "classes": 10},
            "layers": [
                "layers.Conv2D(\n  width, (3, 3),\n  activation='relu',\n) name=stem",
                {"conv": {"filters": "${width}", "kernel_size": "(1, 1)"}},
                "nn.Linear(6 * 6 * width, classes)",
            ],
        }
    )
    assert [layer.name for layer in report.layers] == ["stem", "conv_1", "dense_1"]
    assert [layer.params for layer in report.layers] == [112, 20, 1450]


WRONG = [
    ("4x8x8 -> nn.Conv2d(4, , 3)", 23, "an argument is missing here", "remove the comma"),
    ("4x8x8 -> nn.Conv2d(*sizes)", 20, "unpacking is not supported", "values themselves"),
    ("4x8x8 -> nn.ReLU(True, 3)", 24, "nn.ReLU takes 1 argument by position", "inplace"),
    ("4x8x8 -> nn.Conv2d(4, 8, 3, bogus=1)", 29, 'conv has no field "bogus"', "filters"),
    ("4x8x8 -> nn.Conv2d(4, width, 3)", 23, 'filters: got "width"', ""),
    ("4x8x8 -> nn.Conv2d(4, 9**9**9, 3)", 23, "exponent", ""),
    ("4x8x8 -> nn.Conv2d(4, 8, 3) -> nn.Conv2d(4, 8, 3)", 42, "in_channels is 4, but conv_1 gives 8x6x6", "write 8"),
    ("4x8x8 -> F.max_pool2d(F.relu(x), 2)", 23, "takes the output of another call", "F.relu(x) -> F.max_pool2d"),
    ("4x8x8 -> nn.Conv2d(4, 8, filters=3, kernel_size=2)", 26, "filters", ""),
    ("4x8x8 -> nn.Conv2d(4, 4, 3) * 3", 28, "not repeated by `*`", "write repeat=3"),
    ("4x8x8 -> nn.TransformerEncoder(6)", 32, "repeats a layer", "nn.TransformerEncoderLayer(d_model=512, nhead=8)"),
]


@for_each(("spec", "column", "message", "hint"), WRONG)
def test_a_mistake_points_at_the_argument(spec, column, message, hint):
    """The place is the argument's, and the hint says what to do."""
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(spec, convention="pytorch")
    found = [each for each in error.value.diagnostics if message in each.message]
    assert found, error.value.diagnostics
    assert found[0].column == column
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("layers", "plain"),
    [
        ("[nn.Conv2d(4, 8, 3), nn.ReLU(), max_pool 2]", "conv 8 3 -> relu -> max_pool 2"),
        ("[{conv: {filters: 8, kernel_size: (3, 5), padding: ((1, 2), (0, 1)), bias: false}}, relu]",
         "conv 8 3x5 padding=[[1,2],[0,1]] bias=false -> relu"),
        ("[concat(conv 3 (1, 1) | conv 5 (1, 1)), 'nn.Dropout(0.5)']", "concat(conv 3 1 | conv 5 1) -> dropout"),
        ("[{max_pool: {kernel_size: (2, 3), stride: (2, 1)}}]", "max_pool 2x3 stride=2x1"),
    ],
)  # fmt: skip
def test_commas_inside_parentheses_do_not_part_what_yaml_s_brackets_hold(tmp_path, layers, plain):
    """A tuple or call in `[…]` or `{…}` is one value."""
    spec = tmp_path / "net.yaml"
    spec.write_text(f"convention: pytorch\ninput: (4, 8, 9)\nlayers: {layers}\n", encoding="utf-8")
    found, wanted = cnncalc.analyze(spec), cnncalc.analyze(f"4x8x9 -> {plain}", convention="pytorch")
    assert [layer.params for layer in found.layers] == [layer.params for layer in wanted.layers]
    assert found.outputs[0].shape == wanted.outputs[0].shape


def test_options_take_tuples_too():
    """A shape on the command line is a tuple, a list, or sizes with x between them."""
    from cnncalc.cli._values import read_shape, read_value

    assert read_shape("(224, 224, 3)") == read_shape("[224,224,3]") == read_shape("224x224x3") == ("", (224, 224, 3))
    assert read_shape("mask=(64, 64)") == ("mask", (64, 64))
    assert read_value("(3, 4, (1, 2))") == [3, 4, [1, 2]]


def test_a_pair_of_one_axis() -> None:
    """Keras's one-dimensional padding is (before, after): 1 + 9 + 2 = 12 positions."""
    graph = cnncalc.load("9x3 -> ZeroPadding1D(padding=(1, 2))")
    assert graph.nodes[-1].shape == (12, 3)
