"""Inputs, wrappers, ranks and activations of items as written in specs: shapes, and mistakes."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from tests.graph.facts import IMAGE, INLINE, REGIONS, agrees, mistakes_of, shapes_of
from tests.together import for_each


@for_each(
    ("text", "shapes"),
    [
        ("7x13x11x3 -> time_distributed(conv 5 3x3 relu)", "time_distributed_1 7x11x9x5"),
        ("7x13x11x3 -> time_distributed(Conv2D(5, 3))", "time_distributed_1 7x11x9x5"),
        (INLINE + "TimeDistributed(Conv1D(5, 3))", "time_distributed_1 13x9x5"),
        ("7x5 -> bidirectional(lstm 3)", "bidirectional_1 6"),
        ("7x5 -> bidirectional(lstm 3 return_sequences=true)", "bidirectional_1 7x6"),
        ("7x5 -> Bidirectional(LSTM(3))", "bidirectional_1 6"),
        (INLINE + "MaxPooling2D(2)", "max_pool_1 6x5x3"),
        (IMAGE + "variables: {n: 5}\nlayers: [{conv: '${n} ${in.channels}', repeat: 3}]",
         "conv_1 11x9x5; conv_2 7x5x5; conv_3 3x1x5"),
        (IMAGE + "layers: [{conv: '${in.channels * 2} 1', repeat: 3}]",
         "conv_1 13x11x6; conv_2 13x11x12; conv_3 13x11x24"),
        ("7x5 -> SimpleRNN(5, activation='relu')", "rnn_1 5"),
        ("7x5 -> rnn 5 relu", "rnn_1 5"),
        ("7x5 -> rnn 5 activation=relu", "rnn_1 5"),
        ("7x5 -> lstm 5 activation=tanh", "lstm_1 5"),
        (IMAGE + "layers: [{conv: 5 1, activation: {leaky_relu: 0.1}}, {conv: 5 1, activation: None}]",
         "conv_1 13x11x5; conv_2 13x11x5"),
        (IMAGE + "layers: [{conv: 5 1, activation: leaky_relu slope=0.3}]", "conv_1 13x11x5"),
        (IMAGE + "layers: [{conv: 5 1, activation: '${null}'}, {conv: 5 1, activation: \"${'relu'}\"}]",
         "conv_1 13x11x5; conv_2 13x11x5"),
    ],
)  # fmt: skip
def test_the_shapes_of_layers(text: str, shapes: str) -> None:
    assert shapes_of(text) == shapes


@for_each(
    ("text", "place", "message", "hint"),
    [
        (IMAGE + "layers: [{relu: , from: []}]", "2:25 E206", "this list names no layer",
         "name an input, or a layer before this one"),
        (IMAGE + 'variables: {v: []}\nlayers: [{relu: , from: "${v}"}]', "3:25 E206", "this list names no layer",
         "name an input, or a layer before this one"),
        ("7x13x11x3 -> time_distributed(add(relu | relu))", "1:31 E307", "add joins several inputs",
         "only layers of one input can be wrapped"),
        ("7x13x11x3 -> time_distributed(add)", "1:31 E307", "add joins several inputs",
         "only layers of one input can be wrapped"),
        ("7x5 -> time_distributed(constant)", "1:25 E202", 'unknown layer type "constant"', 'did you mean "concat"?'),
        (INLINE + "TimeDistributed(Conv2D(5, 3))", "1:12 E303",
         "time_distributed_1: conv2d needs an input with steps, 2 spatial axes and channel…",
         "put the number of steps in front of the shape; return_sequences=true keeps them …"),
        ("7x13x11x3 -> TimeDistributed(Conv1D(5, 3))", "1:14 E303",
         "time_distributed_1: conv1d needs an input with steps, 1 spatial axis and channel…",
         "7x13x11x3 is read as depth 7, height 13, width 11, 3 channels (HWC): shapes have…"),
        ("7x13x11x3 -> time_distributed(nope 5)", "1:31 E202", 'unknown layer type "nope"', 'did you mean "rope"?'),
        ("7x13x11x3 -> time_distributed(conv 5)", "1:31 E205", "conv needs `kernel` (size of the window)",
         "for example: conv 20 8x8 s2 p1"),
        ("7x13x11x3 -> time_distributed(dense 5) relu", "1:40 E110", "`relu` follows a closing parenthesis",
         "only *N and key=value may follow; put `->` before the next item"),
        ("7x13x11x3 -> time_distributed", "1:14 E205", "time_distributed needs a layer inside",
         "for example: time_distributed(conv 8 3x3 s2)"),
        ("7x13x11x3 -> time_distributed 5", "1:31 E202", 'unknown layer type "5"',
         "an item begins with its type, and the values follow, as in conv 20 8x8"),
        ("7x13x11x3 -> time_distributed(relu -> tanh)", "1:14 E209", "time_distributed holds one layer, got 2",
         "wrap each of them: time_distributed(…) -> time_distributed(…)"),
        ("7x5 -> bidirectional(dense 3)", "1:8 E304", "bidirectional_1: dense has no direction to reverse",
         "put an rnn, lstm, gru or conv_lstm inside"),
        (IMAGE + "layers: [{multi_head_attention: 1, from: [input, input, input, input]}]", "2:11 E308",
         "multi_head_attention_1: a mask of shape 13x11x3 cannot be added to scores of shape 1x143x143",
         "its last axes are queries × keys, with the heads before them; an axis of 1 is broadcast"),
        (IMAGE + "layers: [{multi_head_attention: 1, from: []}]", "2:42 E206", "this list names no layer",
         "name an input, or a layer before this one"),
        (IMAGE + "layers: [{dot: , from: [input]}]", "2:11 E307", "dot_1: dot needs 2 inputs, got 1",
         "write branches, dot: [[…], […]], or from: [a, b]"),
        (IMAGE + "layers: [{roi_align: 7x5, from: [input]}]", "2:11 E205",
         "roi_align_1: the number of regions is unknown",
         "write regions=100, or give the boxes as second input, from: [features, boxes]"),
        (REGIONS + "{global_avg_pool: , from: x, name: g}, {global_avg_pool: , from: c, name: h}, {add: , from: "
         + "[g, g]}, {concat: , from: [h, g]}]", "2:177 E308",
         "concat_1: h holds 9 samples for each of the model's, g 1",
         "take both from before the regions are cut out, or both after it"),
        (REGIONS + "{roi_align: 2x2, from: [c, r]}]", "2:76 E308",
         "roi_align_1: c holds 9 samples for each of the model's, r 1",
         "take both from before the regions are cut out, or both after it"),
        (INLINE + "Conv1D(5, 3)", "1:12 E303", "conv_1: conv1d needs an input with 1 spatial axis, got 13x11x3",
         "write conv, which takes the number of axes from its input"),
        (INLINE + "nn.Conv3d(3, 5, 3)", "1:12 E303", "conv_1: conv3d needs an input with 3 spatial axes, got 13x11x3",
         "write conv, which takes the number of axes from its input"),
        ("13x3 -> nn.Conv2d(3, 5, 3)", "1:9 E303", "conv_1: conv2d needs an input with 2 spatial axes, got 13x3",
         "write conv, which takes the number of axes from its input"),
        ("13x3 -> MaxPooling2D(2)", "1:9 E303", "max_pool_1: max_pool2d needs an input with 2 spatial axes, got 13x3",
         "write max_pool, which takes the number of axes from its input"),
        ("5 -> MaxPooling2D(2)", "1:6 E303", "max_pool_1: max_pool2d needs an input with 2 spatial axes, got 5",
         "write max_pool, which takes the number of axes from its input"),
        ("scalar -> conv 5 3", "1:11 E303", "conv_1: conv does not accept a scalar, one number per sample",
         "unsqueeze 1 gives it an axis: a vector of one number"),
        (INLINE + "slice axis=0 begin=5 end=5 -> conv 5 3", "1:23 E204", "axis: got 0, which is the batch axis",
         "count from 1, or -1 for the last axis"),
        (INLINE + "conv 5 20 p1", "1:19 E301", "conv_1: kernel 20 is larger than the padded input 15",
         "pad by at least 4, or use a kernel of at most 15"),
        (INLINE + "conv filters=5 kernel=20", "1:34 E301", "conv_1: kernel 20 is larger than the input 13",
         "pad by at least 4, or use a kernel of at most 13"),
        (IMAGE + "layers: [{conv: {filters: 5, kernel: 20}}]", "2:38 E301",
         "conv_1: kernel 20 is larger than the input 13", "pad by at least 4, or use a kernel of at most 13"),
        (IMAGE + "layers: [{conv: 5, kernel: 20}]", "2:28 E301", "conv_1: kernel 20 is larger than the input 13",
         "pad by at least 4, or use a kernel of at most 13"),
        (IMAGE + "blocks: {b: {parameters: {k: ~}, layers: ['conv 5 ${k}']}}\nlayers: [b 20]", "2:51 E301",
         "b_1.conv_1: kernel 20 is larger than the input 13", "pad by at least 4, or use a kernel of at most 13"),
        (INLINE + "conv 5 3x3 groups=2", "1:30 E305", "conv_1: 5 filters cannot be divided into 2 groups",
         "both the filters and the input channels must be multiples of 2"),
        (INLINE + "conv 5 3x3 -> conv 7 30", "1:33 E301", "conv_2: kernel 30 is larger than the input 11",
         "pad by at least 10, or use a kernel of at most 11"),
        (INLINE + "SimpleRNN(5, activation='relu')", "1:12 E303",
         "rnn_1: rnn needs a sequence, steps × features, got 13x11x3",
         "reshape it first: rows of an image can be the steps"),
        (INLINE + "conv 5 3 activation=${a}", "1:34 E208", 'unknown name "a" in an expression',
         "no variables are defined"),
    ],
)  # fmt: skip
def test_a_mistake(text: str, place: str, message: str, hint: str) -> None:
    """An ellipsis stands for the rest of a long text."""
    ((where, told, advice),) = mistakes_of(text)
    assert where == place
    assert agrees(told, message)
    assert agrees(advice, hint)


@for_each(
    ("text", "mistakes"),
    [
        (IMAGE + "variables: {a: relu}\nlayers: ['conv 5 3 activation=${a}', {conv: 5 1, activation: '${a}'}, "
         + "{conv: 5 1, activation: '${5}'}, {conv: 5 1, activation: '${zz}'}]",
         ["3:95 E204 activation: 5 is not the name of an activation", '3:131 E208 unknown name "zz" in an expression']),
        (IMAGE + "layers: [{conv: 5 1, activation: {leaky_relu: 0.1}}, {conv: 5 1, activation: {leaky_relu: "
         + "{slope: x}}}, {conv: 5 1, activation: conv 5}, {conv: 5 1, activation: zzz}, {conv: 5 1, "
         + "activation: [relu]}, {conv: 5 1, activation: none}, {conv: 5 1, activation: ~}, {conv: 5 1, "
         + "activation: ''}]", ['2:99 E204 slope: got "x", but a number is needed',
         '2:129 E204 activation: unknown word "conv"', '2:162 E204 activation: unknown word "zzz"',
         "2:192 E209 a list appears where one layer is needed"]),
    ],
)  # fmt: skip
def test_several_mistakes(text: str, mistakes: list[str]) -> None:
    """They are reported together, in the order of the text."""
    found = [f"{where} {told}" for where, told, _ in mistakes_of(text)]
    assert all(map(agrees, found, mistakes))
    assert len(found) == len(mistakes)


def test_regions_multiply_samples() -> None:
    """Nine boxes give nine samples of each, and three regions of each of these 27."""
    nodes = load(REGIONS + "{roi_align: 2x2 regions=3, from: c}, relu]").nodes
    found = [(node.name, node.samples) for node in nodes]
    assert found == [("x", 1), ("r", 1), ("cut", 9), ("c", 9), ("roi_align_1", 27), ("relu_1", 27)]
