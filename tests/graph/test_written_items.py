"""Blocks, repeats, merges and calls as written in specs: the shapes of their layers, and the mistakes in them."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import load
from tests.graph.facts import IMAGE, INLINE, agrees, mistakes_of, shapes_of
from tests.together import for_each


@for_each(
    ("text", "shapes"),
    [
        (IMAGE + "blocks:\n  b: {parameters: {w: ~, k: 3}, layers: ['conv ${w} ${k}x${k}']}\nlayers: [b 5, b "
         + "k=1 w=7, b 2 k=1, b k=1 2]", "b_1.conv_1 11x9x5; b_2.conv_1 11x9x7; b_3.conv_1 11x9x2; b_4.conv_1 11x9x2"),
        (IMAGE + "blocks:\n  b: {parameters: {w: ~, h: '${w * 2}', g: '${h + 1}'}, layers: ['conv ${g} 1x1']}\n"
         + "layers: [b 2, b 2 h=7]", "b_1.conv_1 13x11x5; b_2.conv_1 13x11x8"),
        (IMAGE + "blocks:\n  b: {parameters: {w: 1, h: '${in.channels + 1}'}, layers: ['conv ${h} 1x1']}\n"
         + "layers: [b]", "b_1.conv_1 13x11x4"),
        (IMAGE + "layers: [{conv: '${i + 1} 1x1', repeat: 3, name: c}, {relu: , from: c}, {relu: , from: c.1}]",
         "c.0 13x11x1; c.1 13x11x2; c.2 13x11x3; relu_1 13x11x3; relu_2 13x11x2"),
        ("7x8 -> nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), num_layers=3)",
         "transformer_encoder_1 7x8"),
        ("7x8 -> nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, norm=nn.LayerNorm(8))",
         "transformer_encoder_1 7x8"),
        ("7x8 -> nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, None)", "transformer_encoder_1 7x8"),
        ("7x8 -> nn.TransformerEncoder(encoder_layer=nn.TransformerEncoderLayer(8, 2, 16), num_layers=2)",
         "transformer_encoder_1 7x8"),
        ("7x8 -> nn.TransformerEncoder(num_layers=2, encoder_layer=nn.TransformerEncoderLayer(8, 2, 16))",
         "transformer_encoder_1 7x8"),
        ("7x8 -> nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, None, 9)", "transformer_encoder_1 7x8"),
        (INLINE + "keras.Input((13, 11, 3)) -> relu", "relu_1 13x11x3"),
        (INLINE + "nn.Sequential(nn.Conv2d(3, 5, 3), nn.ReLU())", "conv_1 11x9x5; relu_1 11x9x5"),
        (INLINE + "Sequential([layers.Input((13, 11, 3)), layers.Conv2D(5, 3)])", "conv_1 11x9x5"),
        (INLINE + "nn.Sequential(OrderedDict([('c', nn.Conv2d(3, 5, 3)), ('r', nn.ReLU())]))",
         "conv_1 11x9x5; relu_1 11x9x5"),
        (INLINE + "nn.Sequential(name=a, nn.ReLU())", "relu_1 13x11x3"),
        (INLINE + "keras.Sequential([layers.ReLU()], name='body')", "relu_1 13x11x3"),
        (INLINE + "x.view(-1, 429)", "reshape_1 429"),
        (INLINE + "torch.reshape(x, (-1, 33, 13))", "reshape_1 33x13"),
        (INLINE + "x.view(2, 33, 13)", "reshape_1 33x13"),
        (INLINE + "x.reshape((-1, 429))", "reshape_1 429"),
        (INLINE + "torch.flatten(x, 1)", "flatten_1 429"),
        (INLINE + "x.view(-1)", "reshape_1 429"),
        (INLINE + "np.reshape(x, (-1, 429))", "reshape_1 429"),
        (INLINE + "y.reshape(x, 429)", "reshape_1 429"),
        (INLINE + "F.max_pool2d(x, 2)", "max_pool_1 6x5x3"),
        (INLINE + "F.max_pool2d(2)", "max_pool_1 6x5x3"),
        (INLINE + "nn.ZeroPad2d((1, 2, 3, 4))", "zero_pad_1 20x14x3"),
        (INLINE + "F.pad(x, (1, 2, 3, 4))", "zero_pad_1 20x14x3"),
        ("13x3 -> nn.ZeroPad1d((1, 2))", "zero_pad_1 16x3"),
        (INLINE + "ZeroPadding2D((1, 2))", "zero_pad_1 15x15x3"),
        ("13x3 -> ZeroPadding1D((1, 2))", "zero_pad_1 16x3"),
        (INLINE + "ZeroPadding2D(((1, 2), (3, 4)))", "zero_pad_1 16x18x3"),
        ("13x3 -> Cropping1D((1, 2))", "crop_1 10x3"),
        (IMAGE + "layers:\n - conv: {filters: 5, kernel: 1, name: a}\n - {conv: 5 1, from: input, name: b}\n - "
         + "torch.cat([a, b], 1)", "a 13x11x5; b 13x11x5; concat_1 26x11x5"),
        (IMAGE + "layers:\n - {conv: 5 1, name: a}\n - {conv: 7 1, name: b}\n - tf.concat([a, b], axis=-1)",
         "a 13x11x5; b 13x11x7; concat_1 13x11x12"),
        (IMAGE + "variables: {w: 5}\nlayers: [nn.Conv2d(3, w, 1), nn.Conv2d(w, w * 2, 1), 'nn.Conv2d(10, ${w}, 1)']",
         "conv_1 13x11x5; conv_2 13x11x10; conv_3 13x11x5"),
        (IMAGE + "blocks:\n  b: {parameters: {w: ~}, layers: ['nn.Conv2d(3, w, 1)', 'nn.Conv2d(${w}, 3, 1)']}\n"
         + "layers: [b 5, b 7]", "b_1.conv_1 13x11x5; b_1.conv_2 13x11x3; b_2.conv_1 13x11x7; b_2.conv_2 13x11x3"),
        (IMAGE + "blocks:\n  b: {parameters: {w: ~}, layers: ['nn.Conv2d(3, w + 1, (1, 1))', 'nn.Conv2d(${w + "
         + "1}, 3, [1, 1])']}\nlayers: [b 5, b 7]",
         "b_1.conv_1 13x11x6; b_1.conv_2 13x11x3; b_2.conv_1 13x11x8; b_2.conv_2 13x11x3"),
        (INLINE + "Convolution(num_output=5, kernel_h=3, kernel_w=1)", "conv_1 11x11x5"),
        (INLINE + "Convolution(num_output=5, kernel_h=3, kernel_w=1, stride_h=2)", "conv_1 6x11x5"),
        ("9x13x11x3 -> Convolution(num_output=5, kernel_d=2, kernel_h=3, kernel_w=1)", "conv_1 8x11x11x5"),
        (INLINE + "Convolution(num_output=5, kernel_size=3, pad_h=2, dilation_w=2)", "conv_1 15x7x5"),
        (INLINE + "resize(height=5, width=7)", "upsample_1 5x7x3"),
        (INLINE + "upsample(output_height=26, output_width=22)", "upsample_1 26x22x3"),
    ],
)  # fmt: skip
def test_the_shapes_of_layers(text: str, shapes: str) -> None:
    assert shapes_of(text) == shapes


@for_each(
    ("text", "place", "message", "hint"),
    [
        (IMAGE + "blocks:\n  b: {}\nlayers: [b]", "3:3 E209", 'block "b" needs a list of `layers`',
         "write {parameters: {width: ~, stride: 1}, layers: [...]}"),
        (IMAGE + "blocks:\n  b: 5\nlayers: [b]", "3:3 E209", 'block "b" needs a list of `layers`',
         "write {parameters: {width: ~, stride: 1}, layers: [...]}"),
        (IMAGE + "blocks:\n  b: {layer: [relu], layers: [relu]}\nlayers: [b]", "3:7 E201",
         'unknown key "layer" in block "b"', 'did you mean "layers"?'),
        (IMAGE + "blocks:\n  b: {zz: 1, layers: [relu]}\nlayers: [b]", "3:7 E201", 'unknown key "zz" in block "b"',
         "known: parameters, layers, description"),
        (IMAGE + "blocks:\n  b: {parameters: [a], layers: [relu]}\nlayers: [b]", "3:19 E209",
         "`parameters` needs a mapping, got a list", ""),
        (IMAGE + "blocks:\n  b: {parameters: 5, layers: [relu]}\nlayers: [b]", "3:19 E209",
         "`parameters` needs a mapping, got a text", ""),
        (IMAGE + "blocks:\n  b: {parameters: {w: ~, v: '', u: null, k: 3}, layers: ['conv ${w} ${k}x${k}']}\n"
         + "layers: [b]", "4:10 E205", "block b needs w and u", "for example: b w=…"),
        (IMAGE + "blocks:\n  b: {parameters: {w: ~}, layers: ['conv ${w} 1x1']}\nlayers: [b x=5, b 5 7, b w=${q}]",
         "4:28 E101", "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "b w=${q}", in quotes'),
        (IMAGE + "blocks:\n  b: {layers: [relu]}\nlayers: [b 5]", "4:12 E204",
         "block b has no parameters; no place for 5", ""),
        (IMAGE + "blocks:\n  b: [relu]\nlayers: [b w=5]", "4:12 E203", 'block b has no parameter "w"', "it has none"),
        (IMAGE + "blocks:\n  b: {parameters: {width: ~}, layers: ['conv ${width} 1x1']}\nlayers: [b widt=5]",
         "4:12 E203", 'block b has no parameter "widt"', 'did you mean "width"?'),
        (IMAGE + "blocks:\n  b: {parameters: {stride: ~, padding: 0, kernel: 3}, layers: ['conv 5 ${kernel} "
         + "stride=${stride} padding=${padding}']}\nlayers: [b s2 psame, b k1 s1]", "3:107 E204",
         'padding: unknown word "psame". Allowed: valid, same, same_upper, same_lower, hal…', 'did you mean "same"?'),
        (IMAGE + "blocks:\n  b: {parameters: {w: 1, h: '${zz}'}, layers: ['conv ${h} 1x1']}\nlayers: [b, relu]",
         "3:32 E208", 'unknown name "zz" in an expression', "known here: w"),
        (IMAGE + "blocks:\n  conv: [relu]\nlayers: [conv]", "3:3 E207", 'block "conv" has the name of a layer type',
         'call it "my_conv"'),
        (IMAGE + "blocks:\n  b: {parameters: {a: ~, c: ~}, layers: [relu]}\nlayers: [b ${zz}]", "4:12 E101",
         "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "b ${zz}", in quotes'),
        (IMAGE + "layers:\n  - type: conv\n    filters: 8\n    kernel: 3", "3:5 E202", 'unknown layer type "type"',
         "the type itself is the key: conv: …"),
        (IMAGE + "layers:\n  - conv 8 3x3\n   - relu", "3:5 E204",
         'conv: no place for "-"; it takes filters and kernel by position',
         "if this dash begins the next item, indent it like the dash before"),
        # a default that depends on an unknown shape: the mistake before it is the only one
        (IMAGE + "blocks: {b: {parameters: {w: '${in.channels}'}, layers: ['conv ${w} 1']}}\nlayers: [conv 5 99, b]",
         "3:17 E301", "conv_1: kernel 99 is larger than the input 13",
         "pad by at least 43, or use a kernel of at most 13"),
        (IMAGE + "layers: [{conv: 5 3, trainable: on}]", "2:33 E105",
         "`on` is a bool in YAML 1.1 and text in YAML 1.2", "write true"),
        (IMAGE + "layers: [{conv: 5 3, trainable: 1}]", "2:33 E204",
         "trainable: got 1, but true, false or buffer is needed", ""),
        (IMAGE + "layers: [{relu: , when: 5}]", "2:25 E204", "when: got 5, but true or false is needed", ""),
        (IMAGE + "layers: [{layers: [nope], repeat: 3}]", "2:20 E202", 'unknown layer type "nope"',
         'did you mean "rope"?'),
        (IMAGE + "layers: [{conv: 5 3x3, name: a}, a]", "2:34 E202", 'unknown layer type "a"',
         "it is the name of a layer: to take its output, write from: a"),
        (IMAGE + "blocks: {b: [{conv: 5 3x3, name: a}, a]}\nlayers: [b]", "2:38 E202", 'unknown layer type "a"',
         "it is the name of a layer: to take its output, write from: a"),
        (IMAGE + "layers: [{relu: , repeat: 100001}]", "2:27 E103",
         "the model has too many layers after expansion: 100,001; the limit is 10,000",
         "raise it with --max-layers N, or limits=Limits(layers=N) in Python"),
        (IMAGE + "layers: [{layers: [relu], repeat: 400001}]", "2:35 E103",
         "blocks and repeats expand to too many items: 400,002; the limit is 40,000",
         "raise it with --max-layers N, or limits=Limits(layers=N) in Python"),
        (IMAGE + "blocks: {b: [relu]}\nlayers: [{b: , repeat: 400001}]", "3:24 E103",
         "blocks and repeats expand to too many items: 400,002; the limit is 40,000",
         "raise it with --max-layers N, or limits=Limits(layers=N) in Python"),
        (IMAGE + "layers: [{layers: ['conv ${1 // (i - i)} 1'], repeat: 12}]", "2:30 E208", "division by zero: 1 // 0",
         ""),
        (IMAGE + "layers: [{relu: , repeat: 0, name: c}, {relu: , from: c}]", "2:55 E206",
         'no layer "c" before this one', "name an input, or a layer before this one"),
        (IMAGE + "layers: [{add: [[relu], []], from: nope}]", "2:36 E206", 'no layer "nope" before this one',
         "name an input, or a layer before this one"),
        (IMAGE + "layers: [{relu: , from: [input, input]}]", "2:11 E307", "relu_1: relu needs 1 input, got 2",
         "merge them first, or take one of them with `from`"),
        (IMAGE + "layers: [{add: , from: [input]}]", "2:11 E307", "add_1: add needs at least 2 inputs, got 1",
         "write branches, add: [[…], […]], or from: [a, b]"),
        (IMAGE + "layers: [{concat: [], from: [input]}]", "2:11 E307", "concat has no branches",
         "write branches, concat: [[…], […]]"),
        (IMAGE + "layers: [{add: []}]", "2:11 E307", "add has no branches", "write branches, add: [[…], […]]"),
        (IMAGE + "layers: [{add: [[relu],[relu],[relu]], from: [input, input]}]", "2:11 E307",
         "add: 2 inputs for 3 branches", "one input goes to all branches; several go to one branch each"),
        (IMAGE + "layers: [{add: [~, '', relu]}]", "2:20 E209", "an item is empty",
         'write a layer, such as "conv 20 3x3"'),
        (IMAGE + "layers: [{add: ['~', relu]}]", "2:18 E202", 'unknown layer type "~"',
         "`cnncalc layers` lists every type"),
        (IMAGE + "layers: [{add: ['null', null]}]", "2:18 E202", 'unknown layer type "null"', 'did you mean "bnll"?'),
        (IMAGE + "layers: [input]", "2:10 E202", 'unknown layer type "input"',
         "it is the name of a layer: to take its output, write from: input"),
        (IMAGE + "layers: [conv 5 3x3 name=first, first]", "2:33 E202", 'unknown layer type "first"',
         "it is the name of a layer: to take its output, write from: first"),
        (IMAGE + "layers: [{relu: , expect: {output: 13x11x3}}, {conv: 5 1x1, budget: {params: 3}}, {conv: 5 "
         + "1x1, expect: {outpt: 3}}]", "2:106 E203", '`expect` knows no figure "outpt"', 'did you mean "output"?'),
        (INLINE + "nn.TransformerEncoderLayer(4, 2)", "1:39 E308",
         "transformer_encoder_1: d_model is 4, but the input 13x11x3 has 3 features", "write 3, or leave d_model out"),
        ("7x8 -> nn.TransformerEncoder(num_layers=2)", "1:8 E205",
         "nn.TransformerEncoder repeats a layer, written as a call",
         "for example: nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model=512, nhead=8), num_layers=6)"),
        ("7x8 -> nn.TransformerEncoder(5)", "1:30 E205", "nn.TransformerEncoder repeats a layer, written as a call",
         "for example: nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model=512, nhead=8), num_layers=6)"),
        (INLINE + "nn.Sequential(OrderedDict([nn.ReLU(), ('r', nn.Conv2d(3, 5, 3), 4)]))", "1:50 E209",
         "a list appears where one layer is needed",
         "a group of layers is written {layers: [...]}; branches go under a merge such as `add`"),
        (INLINE + "nn.Sequential(OrderedDict())", "1:12 E205",
         "the spec has no layers: `when`, `repeat` or empty groups leave out every item",
         "write a layer, such as `32x32x3 -> conv 20 8x8` or `layers: [relu]`; `identity` …"),
        (INLINE + "nn.Sequential(OrderedDict(5))", "1:12 E205",
         "the spec has no layers: `when`, `repeat` or empty groups leave out every item",
         "write a layer, such as `32x32x3 -> conv 20 8x8` or `layers: [relu]`; `identity` …"),
        (INLINE + "nn.Sequential()", "1:12 E205",
         "the spec has no layers: `when`, `repeat` or empty groups leave out every item",
         "write a layer, such as `32x32x3 -> conv 20 8x8` or `layers: [relu]`; `identity` …"),
        (INLINE + "x.view()", "1:12 E205",
         "reshape needs `shape` (the new sizes without the batch axis; under onnx 0 copies…",
         "for example: reshape 28x28x1"),
        (INLINE + "view(x, -1, 429)", "1:24 E204", "reshape: no place for 429; it takes shape by position", ""),
        (INLINE + "F.max_pool2d(F.relu(x), 2)", "1:25 E209", "F.max_pool2d takes the output of another call here",
         "write one after the other: F.relu(x) -> F.max_pool2d(…)"),
        (INLINE + "F.max_pool2d(x, 2, 2, 0, 1, False, False, 9)", "1:54 E204",
         "F.max_pool2d takes 7 arguments by position, and this is one more",
         "they are input, kernel_size, stride, padding, dilation, ceil_mode, return_indices"),
        (INLINE + "nn.ReLU(True, 5)", "1:26 E204", "nn.ReLU takes 1 argument by position, and this is one more",
         "they are inplace"),
        (INLINE + "nn.Tanh(5)", "1:20 E204", "nn.Tanh takes 0 arguments by position, and this is one more",
         "remove it"),
        (INLINE + "nn.Identity(5, 6)", "1:27 E204", "nn.Identity takes 1 argument by position, and this is one more",
         "they are args"),
        (INLINE + "nn.Sigmoid(1)", "1:23 E204", "nn.Sigmoid takes 0 arguments by position, and this is one more",
         "remove it"),
        (INLINE + "F.pad(x, (1, 2))", "1:21 E303", "zero_pad_1: 1 values for an input with 2 spatial axes",
         "write one number, or [[before, after], [before, after]]"),
        (INLINE + "nn.ZeroPad2d((1, 2, 3))", "1:25 E303", "zero_pad_1: 3 values for an input with 2 spatial axes",
         "write one number, or [[before, after], [before, after]]"),
        ("13x3 -> Cropping1D([1, 2, 3])", "1:20 E303", "crop_1: 3 values for an input with 1 spatial axis",
         "write one number, or [[before, after]]"),
        (IMAGE + "layers:\n - {conv: 5 1, name: a}\n - torch.add(a, 2)", "4:17 E204",
         "add: no place for 2; it takes nothing by position", ""),
        (IMAGE + "layers:\n - {conv: 5 1, name: a}\n - {conv: 7 1, name: b}\n - concat([a, b], 3, 4)", "5:22 E204",
         "concat: no place for 4; it takes nothing by position", ""),
        (IMAGE + "layers:\n - {conv: 5 1, name: a}\n - concat([a, 3])", "4:11 E204",
         "concat: no place for ax3; it takes nothing by position", "write the field's name: axis=…"),
        (IMAGE + "blocks:\n  Conv2d: {parameters: {w: ~}, layers: ['conv ${w} 1']}\nlayers: [Conv2d(7), Conv2d(w=5)]",
         "3:3 E207", 'block "Conv2d" has the name of a layer type', 'call it "my_Conv2d"'),
        (INLINE + "Convolution(num_output=5, kernel_h=3)", "1:38 E203", 'conv has no field "kernel_h"',
         'did you mean "kernel"?'),
        (INLINE + "resize(output_height=5)", "1:19 E203", 'upsample has no field "output_height"',
         'did you mean "output_size"?'),
        (INLINE + "conv 5 kernel_h=3 kernel_w=x", "1:28 E204", 'kernel: got "x", but a whole number is needed', ""),
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
        (IMAGE + "layers: [nope, {nope2: , name: q}, relu]", ['2:10 E202 unknown layer type "nope"',
         '2:17 E202 unknown layer type "nope2"']),
        (IMAGE + "layers: [{layers: ['conv ${5 // (i - 3)} 1'], repeat: 12}]",
         ["2:26 E204 filters: got -2, but it must be at least 1", "2:30 E208 division by zero: 5 // 0"]),
        (IMAGE + "layers:\n - relu -> nope -> conv 5 3x3\n - relu -> -> conv 5 3x3\n - conv 7 3x3",
         ['3:12 E202 unknown layer type "nope"', "4:12 E110 no item between two arrows"]),
        # the mistakes of a text count once, not as those of each turn: the 11th is built
        (IMAGE + "layers: [{repeat: 12, layers: [relu trainable=true trainable=true, 'conv ${6 // (10 - i) + 7} 1']}]",
         ['2:52 E102 "trainable" is given twice (first on line 2)', "2:78 E208 division by zero: 6 // 0"]),
    ],
)  # fmt: skip
def test_several_mistakes(text: str, mistakes: list[str]) -> None:
    """They are reported together, in the order of the text."""
    found = [f"{where} {told}" for where, told, _ in mistakes_of(text)]
    assert all(map(agrees, found, mistakes))
    assert len(found) == len(mistakes)


@for_each(
    ("arguments", "depth", "norm"),
    [
        ("LAYER, num_layers=3", 3, False), ("LAYER, 2, norm=nn.LayerNorm(8)", 2, True), ("LAYER, 2, None", 2, False),
        ("LAYER, 2, nn.LayerNorm(8)", 2, True), ("encoder_layer=LAYER, num_layers=2", 2, False),
        ("LAYER, 2, norm=None", 2, False),
        ("num_layers=4, encoder_layer=LAYER", 4, False), ("LAYER, 2, None, 9", 2, False),
    ],
)  # fmt: skip
def test_a_stack_repeats_its_layer(arguments: str, depth: int, norm: bool) -> None:
    """`nn.TransformerEncoder(encoder_layer, num_layers, norm)`, of an encoder layer with 8 features, 2 heads and 16."""
    inner = arguments.replace("LAYER", "nn.TransformerEncoderLayer(8, 2, 16)")
    layer: Any = load(f"7x8 -> nn.TransformerEncoder({inner})").nodes[-1].layer
    assert (layer.depth, layer.final_norm, layer.heads, layer.hidden) == (depth, norm, 2, 16)
