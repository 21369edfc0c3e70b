"""What the rules of architecture say, in full, and the sizes and settings at which they begin to say it.

The numbers are derived by hand beside the cases.
"""

from __future__ import annotations

from tests.linting.test_arithmetic_rules import said
from tests.together import for_each

TORCH = "convention: pytorch\ninput: "
KERAS = "convention: keras\ninput: "

ARCHITECTURE = [
    # N101: one bias a filter
    ("9x9x3 -> conv 2000 3x3 -> concat(batch_norm | batch_norm)", "N101", [
        "conv_1: its 2,000 biases have no effect: batch_norm_1 subtracts the mean [write bias=false]",
    ]),
    ("9x9x3 -> conv 8 3x3 -> concat(batch_norm | layer_norm)", "N101", []),
    ("input: 9x9x3\nlayers: [conv 8 3x3, batch_norm]\noutputs: [conv_1, batch_norm_1]\n", "N101", []),
    # the layer that shares them is not reported again
    ("input: 9x9x3\nlayers: [conv 3 3x3 p1 name=a, batch_norm, {conv: 3 3x3 p1, share_weights: a}, batch_norm]\n",
     "N101", [
        "a: its 3 biases have no effect: batch_norm_1 subtracts the mean [write bias=false]",
    ]),
    # N102
    ("image: 8x8x3, mask: 8x8x1 -> conv 8 3x3 relu from=image", "N102", [
        "mask: this input is never used [name it under `outputs`, take it with `from`, or remove it]",
    ]),
    ("8x8x3 -> conv 8 3x3 relu name=a -> conv 4 3x3 relu from=input", "N102", [
        "a: its output is never used [name it under `outputs`, take it with `from`, or remove it]",
    ]),
    # N103: own activations
    ("8x8x3 -> relu activation=tanh", "N103", [
        "relu_1: tanh follows relu with no trainable layer in between [remove one of them]",
    ]),
    ("8x8x3 -> conv 4 1x1 -> dropout 0.5 activation=relu -> tanh", "N103", [
        "tanh_1: tanh follows relu with no trainable layer in between [remove one of them]",
    ]),
    ("9x8 -> softmax -> softmax", "N103", [
        "softmax_2: softmax follows softmax with no trainable layer in between [remove one of them]",
    ]),
    # its output feeds a sum as well as a product
    (f"{KERAS}9x8\nlayers: [dense 1 tanh, softmax axis=1 name=w, 'multiply from=input,w', 'add from=w,w']\n", "N103", [
        "w: softmax follows tanh with no trainable layer in between [remove one of them]",
    ]),
    # N104: 8 of 64 channels, but no fewer than the 8 that leave; no fewer than the 8 that enter; fewer than both
    ("9x9x64 -> conv 8 1x1 -> conv 8 3x3", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
        "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 8 1x1 -> conv 64 3x3", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
        "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x9 -> conv 8 1x1 -> conv 9 3x3", "N104", []),
    # both kernels along the width; the first or the second along both
    ("9x9x8 -> conv 16 1x7 -> conv 16 1x7 p0x3", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
        "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 16 3x7 p1x3 -> conv 16 7x1 p3x0", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
        "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 16 1x7 p0x3 -> conv 16 7x3 p3x1", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
        "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 16 3x3 -> conv 16 3x3 groups=2", "N104", []),
    ("9x9x8 -> conv_transpose 8 2x2 s2 -> conv 16 3x3", "N104", [
        ("conv_1: follows conv_transpose_1 without an activation in between: together they are one "
        "convolution [add an activation after conv_transpose_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 16 3x3 -> conv_transpose 8 2x2 s2", "N104", []),
    ("9x9x8 -> conv 16 3x3 -> flatten -> dense 3", "N104", []),
    ("9 -> dense 20 -> dense 3", "N104", [
        ("dense_2: follows dense_1 without an activation in between: together they are one dense layer "
        "[add an activation after dense_1, or remove one of the two layers]"),
    ]),
    # a kernel of one row before one of one column, of which one has a single tap
    ("9x9x8 -> conv 16 1x1 -> conv 16 3x1 p1x0", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
         "an activation after conv_1, or remove one of the two layers]"),
    ]),
    ("9x9x8 -> conv 16 3x1 -> conv 16 1x1", "N104", [
        ("conv_2: follows conv_1 without an activation in between: together they are one convolution [add "
         "an activation after conv_1, or remove one of the two layers]"),
    ]),
    # N105
    ("8x8x3 -> flatten -> dense 32 softmax -> dense 10", "N105", [
        ("dense_1: softmax is applied before dense_2, not at the end [use relu there, and softmax after "
        "the last layer]"),
    ]),
    # N106: 1·1 positions
    ("1x1x512 -> dense 10", "N106", []),
    ("1x512 -> dense 10", "N106", []),
    ("convention: tensorflow\ninput: 4x8x4\nlayers: [dense 10]", "N106", [
        ("dense_1: dense applied to the unflattened volume 4x8x4 gives 4x8x10 under TensorFlow; "
        "frameworks disagree on the result [add a flatten or a global pool before it; if you mean one "
        "dense layer per position, use a 1x1 convolution]"),
    ]),
    ("64x512 -> dense 10", "N106", [
        ("dense_1: dense applied to the unflattened sequence 64x512 gives 10 under the course formula; "
        "frameworks disagree on the result [add a flatten or a global pool before it; if you mean one "
        "dense layer per step, use a 1x1 convolution]"),
    ]),
    # N107, N108
    ("8x8x3 -> conv 8 3x3 -> dropout 0.5 -> relu -> batch_norm", "N107", [
        ("dropout_1: changes the variance between training and inference, while batch_norm_1 keeps that "
        "of training [move the dropout after the last batch norm]"),
    ]),
    ("8x8x3 -> flatten -> dense 10 -> dropout 0.5 -> softmax", "N108", [
        ("dropout_1: drops outputs of the network: no trainable layer follows [move it before the last "
        "trainable layer]"),
    ]),
    # nothing learns, or something that follows
    ("9 -> dropout 0.5", "N108", []),
    ("9 -> dense 4 -> dropout 0.5 -> add(dropout 0.5 | dense 4)", "N108", []),
    # one parameter learns; one of two outputs is trained
    ("1 -> dense 1 bias=false -> dropout 0.5", "N108", [
        ("dropout_1: drops outputs of the network: no trainable layer follows [move it before the last "
         "trainable layer]"),
    ]),
    (("input: 9\nlayers: [dense 4, dropout 0.5 name=d, {flatten: , from: d, name: a}, {dense: 4, from: d, name: b}]\n"
     "outputs: [a, b]\n"), "N108", []),
    # no output of the model
    ("input: 9\nlayers: [dense 4 name=a, dropout 0.5, dense 3 from=a name=z]\noutputs: [z]\n", "N108", []),
    # N109: 48·512·204 = 5,013,504 of 49·512·204 + 204; 48·512·203 = 4,988,928 are below five million
    ("7x7x512 -> flatten -> dense 204", "N109", [
        ("flatten_1: with a global pool instead of flattening 7x7x512, dense_1 would have 5,013,504 fewer "
        "parameters, 98% of the total [add global_avg_pool before it, or pool to a smaller size]"),
    ]),
    ("7x7x512 -> flatten -> dense 203", "N109", []),
    # through a dropout: 48·512·4096 of 102,764,544 + 4,097,000
    ("7x7x512 -> flatten -> dropout 0.5 -> dense 4096 relu -> dense 1000", "N109", [
        ("flatten_1: with a global pool instead of flattening 7x7x512, dense_1 would have 100,663,296 "
        "fewer parameters, 94% of the total [add global_avg_pool before it, or pool to a smaller size]"),
    ]),
    ("1x1x8000 -> flatten -> dense 5000", "N109", []),
    # half of two positions: 1·5000·1000 = 5,000,000 of 2·5000·1000, and of 2·5000·1000 + 1000
    ("1x2x5000 -> flatten -> dense 1000 bias=false", "N109", [
        ("flatten_1: with a global pool instead of flattening 1x2x5000, dense_1 would have 5,000,000 fewer "
         "parameters, 50% of the total [add global_avg_pool before it, or pool to a smaller size]"),
    ]),
    ("1x2x5000 -> flatten -> dense 1000", "N109", []),
    ("7x7x512 -> flatten -> relu", "N109", []),
    # N110
    ("28x28x1 -> conv 256 9x9 relu -> conv 256 9x9 s2", "N110", [
        ("conv_2: holds 5,308,672 of 5,329,664 parameters (more than 99%) [reduce its inputs or outputs, "
        "or pool before it]"),
    ]),
    # (999 + 1)·5000 and (2499 + 1)·2000 are five million; (2498 + 1)·2000 = 4,998,000
    ("999 -> dense 5000 relu -> dense 1", "N110", [
        ("dense_1: holds 5,000,000 of 5,005,001 parameters (more than 99%) [reduce its inputs or outputs, "
        "or pool before it]"),
    ]),
    ("2499 -> dense 2000 relu -> dense 1 relu -> dense 3", "N110", [
        ("dense_1: holds 5,000,000 of 5,002,007 parameters (more than 99%) [reduce its inputs or outputs, "
        "or pool before it]"),
    ]),
    ("2498 -> dense 2000 relu -> dense 1 relu -> dense 3", "N110", []),
    # all of them in one layer
    ("999 -> dense 5000", "N110", []),
    # N111: 82 and 81 are more than 4·20, 80 is not; at least 82/4 = 20.5 outputs
    ("8x8x3 -> flatten -> dense 20 relu -> dense 82 softmax", "N111", [
        ("dense_2: 82 outputs are computed from 20 features: the rank of the scores is at most 20 [give "
        "the layer before it at least 21 outputs]"),
    ]),
    ("8x8x3 -> flatten -> dense 20 relu -> dense 1000 -> softmax", "N111", [
        ("dense_2: 1,000 outputs are computed from 20 features: the rank of the scores is at most 20 "
        "[give the layer before it at least 250 outputs]"),
    ]),
    ("8x8x3 -> flatten -> dense 20 relu -> dense 1000 -> relu", "N111", []),
    # one of two layers behind it is a softmax
    (("input: 20\nlayers: [dense 1000 name=d, {softmax: , from: d, name: a}, {relu: , from: d, name: b}]\n"
     "outputs: [a, b]\n"), "N111", []),
    ("input: 9\nlayers: [dense 20 name=a, dense 1000, dense 3 from=a name=z]\noutputs: [z]\n", "N111", []),
    # per step: 20 features
    (f"{KERAS}7x3\nlayers: [lstm 20 return_sequences=true, dense 81]", "N111", [
        ("dense_1: 81 outputs are computed from 20 features: the rank of the scores is at most 20 [give "
        "the layer before it at least 21 outputs]"),
    ]),
    (f"{KERAS}7x3\nlayers: [lstm 20 return_sequences=true, dense 80]", "N111", []),
    # 9·20 = 180 features, and 4·180 = 720
    ("9x20 -> dense 721", "N111", [
        ("dense_1: 721 outputs are computed from 180 features: the rank of the scores is at most 180 "
        "[give the layer before it at least 181 outputs]"),
    ]),
    ("9x20 -> dense 720", "N111", []),
    # N112: 5 of 64 along the height, 3 of 32 along the width
    ("64x32x3 -> conv 8 5x3 s2 relu -> global_avg_pool", "N112", [
        ("global_avg_pool_1: each position it pools sees 5 of 64 pixels, 8% of the input's side [stride "
        "or pool earlier, or add layers]"),
    ]),
    # 3 + 1 = 4 of 10 are two fifths
    ("10x10x3 -> conv 8 3x3 relu -> conv 8 2x2 -> global_avg_pool", "N112", []),
    ("10x10x3 -> conv 8 3x3 relu -> global_avg_pool", "N112", [
        ("global_avg_pool_1: each position it pools sees 3 of 10 pixels, 30% of the input's side [stride "
        "or pool earlier, or add layers]"),
    ]),
    # a gate
    ("64x64x3 -> conv 8 3x3 relu -> multiply( | global_avg_pool -> reshape 1x1x8) -> conv 8 3x3", "N112", []),
    # N113: 161 of 8 along the height, 3 of 80 along the width; 159 are below 20·8
    ("8x80x3 -> conv 8 161x3 p80x1 -> global_avg_pool", "N113", [
        ("global_avg_pool_1: each position it pools sees 161 pixels, 20 times the input's 8 [use a larger "
        "input, fewer layers or smaller strides]"),
    ]),
    ("8x8x3 -> conv 8 159x159 p79 -> global_avg_pool", "N113", []),
    ("8x8x3 -> (conv 8 3x3 same relu)*84 -> global_avg_pool", "N113", [
        ("global_avg_pool_1: each position it pools sees 169 pixels, 21 times the input's 8 [use a larger "
        "input, fewer layers or smaller strides]"),
    ]),
    # 161 of 9 along the height are 17.9 times, 161 of 8 along the width 20.1; 160 of 8 are twenty
    ("9x8x3 -> conv 8 161x161 p80 -> global_avg_pool", "N113", [
        ("global_avg_pool_1: each position it pools sees 161 pixels, 20 times the input's 8 [use a larger "
         "input, fewer layers or smaller strides]"),
    ]),
    ("8x8x3 -> conv 8 160x160 p80 -> global_avg_pool", "N113", []),
    # N114
    ("8x8 -> max_pool 2", "N114", [
        "input: max_pool_1 reads 8x8 as a sequence of 8 steps with 8 channels [write 8x8x1 for an image]",
    ]),
    ("7x7 -> conv 8 3 relu", "N114", []),
    (f"{TORCH}28x28\nlayers: [conv 8 3]", "N114", [
        ("input: conv_1 reads 28x28 as a sequence of 28 steps with 28 channels [write 1x28x28 for an "
        "image]"),
    ]),
    ("28x28 -> concat(relu | conv 28 3 p1)", "N114", [
        ("input: conv_1 reads 28x28 as a sequence of 28 steps with 28 channels [write 28x28x1 for an "
        "image]"),
    ]),
    # N115
    ("9 -> dense 20 -> dense 8", "N115", [
        "dense_1: 20 units, which is not a multiple of 8 [use 16 or 24]",
    ]),
    ("8x8x3 -> conv 7 3x3 relu -> conv 8 3x3", "N115", [
        "conv_1: 7 channels, which is not a multiple of 8 [use 8]",
    ]),
    ("8x8x3 -> conv 8 3x3 relu -> conv 8 3x3", "N115", []),
    ("8x8x3 -> conv 9 3x3 relu -> conv 8 3x3", "N115", [
        "conv_1: 9 channels, which is not a multiple of 8 [use 8 or 16]",
    ]),
    # N116: five for one save four; three times two save four, four times two six
    ("input: 8x8x3\nlayers: [abs, abs, abs, abs]", "N116", []),
    ("input: 8x8x3\nlayers: [abs, abs, abs, abs, abs, relu, tanh, tanh, tanh, tanh, tanh]", "N116", [
        "the same item appears 5 times in a row here [write it once, with repeat: 5]",
        "the same item appears 5 times in a row here [write it once, with repeat: 5]",
    ]),
    ("input: 8x8x3\nlayers: [relu, abs, relu, abs, relu, abs]", "N116", [
        "the same 2 items appear 3 times in a row here [write 2 items once, with repeat: 3]",
    ]),
    ("input: 8x8x3\nlayers: [tanh, relu, abs, relu, abs, relu, abs, relu, abs]", "N116", [
        "the same 2 items appear 4 times in a row here [write 2 items once, with repeat: 4]",
    ]),
    # ten items are no more than two times five, nor saved in one line
    ("input: 8x8x3\nlayers: [relu, abs, tanh, elu, selu, relu, abs, tanh, elu, selu]", "N116", [
        "the same 5 items appear 2 times in a row here [write 5 items once, with repeat: 2]",
    ]),
    ("8x8x3 -> abs -> abs -> abs -> abs -> abs", "N116", []),
    # N118: four channels before sides above four; two equal sides
    (f"{TORCH}4x5x6\nlayers: [dense 10]", "N118", [
        ("dense_1: dense acts on the width (6) of the channels-first image 4x5x6, giving 4x5x10 [add a "
        "flatten before it; for a dense layer on the channels, permute them to the end]"),
    ]),
    (f"{TORCH}3x9\nlayers: [dense 10]", "N118", []),
    (f"{TORCH}5x5x6\nlayers: [dense 10]", "N118", []),
    (f"{TORCH}4x4x6\nlayers: [dense 10]", "N118", []),
    (f"{TORCH}9x1x1\nlayers: [dense 10]", "N118", []),
    (f"{TORCH}4x5x5x5\nlayers: [dense 10]", "N118", [
        ("dense_1: dense acts on the width (5) of the channels-first image 4x5x5x5, giving 4x5x5x10 [add "
        "a flatten before it; for a dense layer on the channels, permute them to the end]"),
    ]),
    (f"{TORCH}5x6x6x6\nlayers: [dense 10]", "N118", []),
    (f"{TORCH}9x2x2\nlayers: [dense 10]", "N118", [
        ("dense_1: dense acts on the width (2) of the channels-first image 9x2x2, giving 9x2x10 [add a "
        "flatten before it; for a dense layer on the channels, permute them to the end]"),
    ]),
]  # fmt: skip


@for_each(("spec", "code", "messages"), ARCHITECTURE)
def test_what_a_rule_of_architecture_says(spec: str, code: str, messages: list[str]) -> None:
    """Nothing where a size or a setting is at the limit."""
    assert said(spec, code) == messages
