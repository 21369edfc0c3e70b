"""The findings of each rule, number by number: each case's numbers are derived by hand next to it."""

from __future__ import annotations

import pytest

from cnncalc.layers.registry import load_all
from cnncalc.linting.api import lint
from cnncalc.linting.rule import REGISTRY
from tests.together import for_each

TORCH = "convention: pytorch\ninput: "

FOUND = [
    # A101: (11 − 2)/2 = 4.5: windows at 0, 2, 4, 6, 8 end at 10 of 11
    ("11x11x3 -> max_pool 2", "A101", "the last row and column of the 11x11 input are never used: 11 − 2 = 9 is not"),
    # (13 − 3)/4 = 2.5: windows at 0, 4, 8 end at 11 of 13; (11 − 3)/4 = 2 fits
    ("13x11x3 -> conv 2 3x3 s4 bias=false -> relu", "A101",
     "the last 2 rows of the 13x11 input are never used: 13 − 3 = 10"),
    # (33 − 4 + 2·1)/4 = 7.75: windows at −1, 3, … 27 end at 31 of 33
    ("33x33x3 -> conv 2 4x4 s4 p1", "A101", "33 − 4 + 2 = 31 is not divisible by stride 4"),
    # (7 − 3)/3 = 1.33: windows at 0, 3 end at 6 of 7
    ("7x5 -> conv1d 2 3 s3", "A101",
     "last position of the length-7 input is never used: 7 − 3 = 4 is not divisible by"),
    # A102: one position of two along each of two axes: a quarter
    ("32x32x8 -> conv 16 1x1 s2", "A102", "stride 2 is larger than kernel 1: only 25% of the input is used"),
    # two of three along one axis, all along the other
    ("9x9x3 -> max_pool 2x3 s3x3", "A102", "only 67% of the input is used"),
    # one of 400 positions along each of two axes
    ("801x801x3 -> conv 8 1x1 s400", "A102", "only less than 1% of the input is used"),
    # A101 in three axes: (32 − 5)/2 = 13.5; in two of them: (9 − 2)/2 = 3.5
    ("32x32x32x1 -> conv 8 5x5x5 s2", "A101", "the last slice, row and column of the 32x32x32 input are never"),
    ("9x8x9x1 -> max_pool 2", "A101", "the last slice and column of the 9x8x9 input are never used"),
    # A103: padding 3 on both sides of 32, kernel 3: windows begin at −3 … 32; those at −3 and at 32 meet no input
    ("32x32x3 -> conv 8 3x3 p3", "A103", "2 of 36 windows along the height and width see only padding"),
    # stride 2, padding 5 in front, kernel 3: windows begin at −5, −3 …: the first ends at −3, the second at −1
    ("16x16x3 -> conv 8 3x3 s2 padding=[[5,0],[0,0]]", "A103", "2 of 10 windows along the height see only"),
    # A104: SAME of 32 by 2 with kernel 3: (16 − 1)·2 + 3 − 32 = 1, none before and one after
    ("32x32x3 -> conv 8 3x3 s2 same", "A104", '"same" is asymmetric: 0 before and 1 after, along the height and width'),
    ("32x32x3 -> conv 8 3x3 s2 same_lower", "A104", 'padding "same_lower" is asymmetric: 1 before and 0 after'),
    # A105
    ("33x33x8 -> conv 8 4x3 p2x1", "A105",
     "size 4 has no center: its outputs are shifted by half a pixel along the height"),
    ("33x8 -> conv 8 4 p2", "A105", "no center: its outputs are shifted by half a position along the length"),
    # A107: kernel 5 by stride 2: taps 0, 2, 4 meet the one output, 1 and 3 the next
    ("8x8x16 -> conv_transpose 8 5x5 s2", "A107",
     "kernel 5 is not divisible by stride 2: outputs receive either 2 or 3"),
    # A108: cropped at the beginning only, one branch starts at 4; the center of the other's kernel of size 5 is at 2
    ("33x33x8 -> add(conv 8 5x5 relu | crop [[4,0],[4,0]])", "A108",
     "centered 2 pixels apart, more than their largest"),
    # A109: a stride of 2 next to a kernel that removes half of 32
    ("32x32x8 -> add(conv 8 3x3 s2 p1 relu | conv 8 17x17 relu)", "A109", "have cumulative strides of 1 and 2 pixels"),
    ("32x8 -> add(conv 8 3 s2 p1 relu | conv 8 17 relu)", "A109",
     "the length, its branches have cumulative strides of 1"),
    # a kernel of 4 is centered at 1.5, between two positions, and the crop at 3
    ("34x8 -> add(conv 8 4 relu | crop [[3,0]])", "A108", "its branches are centered 1.5 positions apart, more than"),
    # one branch takes steps of 2, and begins 3 positions later
    ("64x8 -> add(max_pool 2 -> upsample 2 -> crop [[3,0]] | crop [[0,3]])", "A108",
     "centered 3 positions apart, more than their largest step of 2"),
    ("33x8 -> add(conv 8 5 relu | crop [[4,0]])", "A108", "the length, its branches are centered 2 positions apart"),
    # A110
    ("1x9x8 -> conv 8 3x3 p1 relu", "A110", "the input's height is already 1, so 2 of 3 taps see only padding"),
    ("1x1x8 -> global_max_pool", "A110", "nothing to pool: the input is already 1x1"),
    # A111: taps at 0, 2, 4 and then 0, 4, 8 from each: 0, 2, … 12 are 7 of 13 positions
    ("64x64x8 -> conv 8 3x3 p2 d2 relu -> conv 8 3x3 p4 d4 relu", "A111",
     "(dilations 2, 4) see only 7 of 13 positions"),
    ("99x8 -> conv1d 8 3 d3 relu -> conv1d 8 1 relu -> conv1d 8 3 d3 relu", "A111", "2 dilated convolutions up to it"),
    ("99x8 -> conv1d 8 3 d3 relu -> conv1d 8 3 d3 relu", "A111", "(dilations 3, 3) see only 5 of 13 positions"),
    # N101: one bias a filter
    ("32x32x3 -> conv 8 3x3 -> batch_norm relu", "N101", "its 8 biases have no effect: batch_norm_1 subtracts the"),
    ("9x9x3 -> flatten -> dense 7 -> batch_norm -> relu", "N101", "its 7 biases"),
    # N102
    ("image: 8x8x3, mask: 8x8x1 -> conv 8 3x3 relu", "N102", "mask: this input is never used"),
    ("8x8x3 -> conv 8 3x3 relu name=a -> conv 4 3x3 relu from=input", "N102", "a: its output is never used"),
    # N103
    ("8x8x3 -> conv 8 3x3 relu -> relu", "N103", "relu_1: relu follows relu with no trainable layer in between"),
    ("8x8x3 -> flatten -> dense 10 relu -> dropout 0.5 -> softmax", "N103", "softmax follows relu"),
    ("8x8x3 -> conv 8 3x3 squareplus -> relu", "N103", "relu_1: relu follows squareplus"),
    ("8x8x3 -> conv 8 3x3 relu -> hard_shrink", "N103", "hard_shrink_1: hard_shrink follows relu"),
    ("8x8x3 -> conv 8 3x3 -> tanh_shrink -> relu", "N103", "relu_1: relu follows tanh_shrink"),
    ("8x8x3 -> conv 8 3x3 -> threshold 0.1 0 -> sparse_plus", "N103", "sparse_plus_1: sparse_plus follows threshold"),
    # N104
    ("8x8x3 -> conv 8 3x3 -> conv 8 3x3", "N104", "conv_2: follows conv_1 without an activation in between"),
    ("8x8x3 -> flatten -> dense 300 -> dropout 0.5 -> dense 10", "N104", "together they are one dense layer"),
    # N105
    ("8x8x3 -> flatten -> dense 32 softmax -> dense 10", "N105", "dense_1: softmax is applied before dense_2"),
    ("8x8x3 -> conv 8 3x3 -> softmax -> conv 8 3x3 relu", "N105", "softmax_1: softmax is applied before conv_2"),
    ("9x9x3 -> conv 5 3x3 softmax -> global_avg_pool -> flatten -> dense 4", "N105", "is applied before dense_1"),
    # N106: 8·8 positions keep their place under Keras
    ("convention: keras\ninput: 8x8x4\nlayers: [dense 10]", "N106", "8x8x4 gives 8x8x10 under Keras"),
    ("8x8x4 -> dense 10", "N106", "8x8x4 gives 10 under the course formula"),
    # all 64 steps of 512 features, where Keras and PyTorch take each step by itself
    ("64x512 -> dense 10", "N106", "dense applied to the unflattened sequence 64x512 gives 10 under"),
    # N107, N108
    ("8x8x3 -> conv 8 3x3 -> dropout 0.5 -> relu -> batch_norm", "N107", "while batch_norm_1 keeps that of training"),
    ("8x8x3 -> flatten -> dense 10 -> dropout 0.5 -> softmax", "N108", "dropout_1: drops outputs of the network"),
    # N109: flattened 7·7·512·4096 = 102,760,448 weights, pooled 512·4096 = 2,097,152
    ("7x7x512 -> flatten -> dense 4096 relu -> dense 1000", "N109", "would have 100,663,296 fewer parameters, 94%"),
    # N110: (1568 + 1)·4096 = 6,426,624 beside (9·3 + 1)·32 = 896 and (4096 + 1)·10 = 40,970
    ("9x9x3 -> conv 32 3x3 relu -> flatten -> dense 4096 relu -> dense 10", "N110", "6,426,624 of 6,468,490"),
    # (81·256 + 1)·256 = 5,308,672 beside (81 + 1)·256 = 20,992 are 99.6%
    ("28x28x1 -> conv 256 9x9 relu -> conv 256 9x9 s2", "N110", "5,308,672 of 5,329,664 parameters (more than 99%)"),
    # N111
    ("8x8x3 -> flatten -> dense 20 relu -> dense 81", "N111", "81 outputs are computed from 20 features: the rank"),
    # N112: 1 + 2 + 2 = 5 of 64 is 8%
    ("64x64x3 -> conv 8 3x3 relu -> conv 8 3x3 relu -> global_avg_pool", "N112", "sees 5 of 64 pixels, 8%"),
    # N112: (64 − 3)/32 + 1 = 2 positions to pool; (64 − 3)/62 + 1 = 1 by (128 − 3)/40 + 1 = 4
    ("64x64x3 -> conv 8 3x3 s32 relu -> global_avg_pool", "N112", "sees 3 of 64 pixels, 5%"),
    ("64x128x3 -> conv 8 3x3 s62x40 relu -> global_avg_pool", "N112", "sees 3 of 128 pixels, 2%"),
    ("64x64x3 -> conv 8 1x2 relu -> global_avg_pool", "N112", "sees 1 of 64 pixels, 2%"),
    # N113: 1 + 84·2 = 169, 21 times 8
    ("8x8x3 -> (conv 8 3x3 same relu)*84 -> global_avg_pool", "N113", "sees 169 pixels, 21 times the input's 8"),
    # N114
    ("28x28 -> conv 8 3 relu", "N114", "conv_1 reads 28x28 as a sequence of 28 steps with 28 channels"),
    # N115
    ("8x8x3 -> conv 20 3x3 relu -> conv 8 3x3", "N115", "conv_1: 20 channels, which is not a multiple of 8"),
    # N116: three times the same one saves two items of two
    ("input: 8x8x3\nlayers: [relu, abs, relu, abs, relu, abs]", "N116",
     "the same 2 items appear 3 times in a row here"),
    ("input: 8x8x3\nlayers: [abs, abs, abs, abs, abs]", "N116", "the same item appears 5 times in a row here"),
    ("input: 8x8x3\nlayers:" + "\n  - {elu: {alpha: 2}}" * 5, "N116", "the same item appears 5 times in a row here"),
    ("3x224x224 -> conv 64 7x7 s2 p3", "N117", "3x224x224 is read as height 3, width 224, 224 channels"),
    # N118: what torch.nn.Linear(W, 10) makes of each; the classifier's forgotten flatten among them
    (f"{TORCH}3x32x32\nlayers: [conv 16 5x5, max_pool 2, dense 10]", "N118",
     "width (14) of the channels-first image 16x14x14"),
    (f"{TORCH}3x32x32\nlayers: [conv 16 3x3, global_avg_pool, dense 10]", "N118",
     "(1) of the channels-first image 16x1x1"),
    (f"{TORCH}3x32x32\nlayers: [conv 16 3x3, batch_norm, relu, dropout, dense 10]", "N118", "dense_1: dense acts on"),
    (f"{TORCH}3x32x32\nlayers: [conv 8 3x3, 'add(conv 8 3x3 p1 | )', layer_norm axis=1, dense 9]", "N118", "x30x30"),
    (f"{TORCH}3x32x32\nlayers: [weight_norm(conv 8 3x3), spectral_norm(dense 10)]", "N118", "spectral_norm_1: dense "),
    (f"{TORCH}5x64\nlayers: [conv 8 3, dense 10]", "N118", "width (62) of the channels-first image 8x62"),
    (f"{TORCH}1x28x28\nlayers: [dense 10]", "N118", "width (28) of the channels-first image 1x28x28"),
    (f"{TORCH}512x7x7\nlayers: [dense 10]", "N118", "width (7) of the channels-first image 512x7x7"),
]  # fmt: skip

SILENT = [
    ("12x12x3 -> max_pool 2", "A101"),  # (12 − 2)/2 = 5
    ("224x224x3 -> conv 64 7x7 s2 p3", "A101"),  # a column of padding is left over, no input
    ("11x11x3 -> max_pool 2 ceil", "A101"),
    ("224x224x3 -> zero_pad 3 -> conv 64 7x7 s2", "A101"),  # Keras's way to write the same
    ("56x56x8 -> conv 8 1x1 s2", "A101"),  # no more than what lies between the windows: A102
    ("56x56x8 -> add(conv 8 3x3 s2 p1 relu | conv 8 1x1 s2)", "A102"),  # a residual network's projection
    ("9x9x3 -> max_pool 3", "A102"),
    ("1x1x3 -> conv 8 1x1 s2", "A102"),  # there is nothing to skip
    ("9x9x3 -> conv 8 3x3 padding=full", "A103"),  # F − 1 on each side: every window meets the input
    ("7x7x8 -> conv_transpose 8 3x3 s2 p1", "A103"),
    ("convention: keras\ninput: 32x32x3\nlayers: [conv 8 3x3 s2 same]", "A104"),
    ("33x33x3 -> conv 8 3x3 s2 same", "A104"),
    ("30x30x3 -> max_pool 4 same", "A104"),  # windows side by side
    ("32x32x3 -> conv 8 4x4 s2 p1", "A105"),
    ("32x32x3 -> conv 8 4x4", "A105"),
    ("32x3 -> conv1d 8 2 causal", "A105"),
    ("64x128x1 -> conv 8 1x64 same bias=false", "A105"),  # EEGNet's: half of one position in 64
    ("8x8x16 -> conv_transpose 8 4x4 s2 p1", "A107"),
    ("8x8x16 -> conv_transpose 8 3x3", "A107"),
    ("33x33x8 -> add(conv 8 5x5 relu | crop 2)", "A108"),
    ("32x8 -> add(conv1d 8 3 causal d8 relu | )", "A108"),
    ("32x32x8 -> concat(conv 8 3x3 p1 relu | max_pool 2 -> conv 8 3x3 p1 relu -> upsample 2)", "A108"),
    ("32x32x8 -> add(conv 8 3x3 s2 p1 relu | max_pool 2)", "A109"),
    ("a: 32x32x3, b: 16x16x1 -> conv 8 3x3 s2 p1 from=a name=l -> concat from=l,b", "A109"),
    # one step of the coarser branch
    ("64x8 -> add(max_pool 2 -> upsample 2 -> crop [[2,0]] | crop [[0,2]])", "A108"),
    ("a: 33x33x3, b: 29x29x3 -> crop [[4,0],[4,0]] from=a name=l -> concat from=l,b", "A108"),  # places of two inputs
    ("9x1x8 -> conv 8 3x1 relu", "A110"),
    ("64x64x8 -> conv 8 3x3 relu -> conv 8 3x3 d2 relu -> conv 8 3x3 d4 relu", "A111"),
    ("64x8 -> conv1d 8 2 relu -> conv1d 8 2 d2 relu -> conv1d 8 2 d4 relu", "A111"),  # WaveNet's
    ("64x64x8 -> concat(conv 8 3x3 p6 d6 relu | conv 8 3x3 p12 d12 relu)", "A111"),  # side by side, as in DeepLab
    ("9x9x3 -> conv 8 3x3 relu -> batch_norm", "N101"),
    ("9x9x3 -> conv 8 3x3 bias=false -> batch_norm relu", "N101"),
    ("9x9x3 -> conv 8 3x3 -> add(batch_norm | )", "N101"),  # the bias is seen by the other branch
    ("9x9x3 -> conv 8 3x3 -> relu", "N103"),
    ("9x9x3 -> conv 8 3x3 relu -> sqrt", "N103"),  # a function, not an activation
    ("9x9x3 -> conv 8 3x3 relu -> log10", "N103"),  # a function that no other layer can name as its activation
    ("9x9x3 -> conv 8 3x3 relu -> max_pool 2 -> relu", "N103"),  # senseless too, but of another kind
    # an attention: scores between −1 and 1, weights that sum to one over the steps, and a product
    ("convention: keras\ninput: 9x8\nlayers: [dense 1 tanh, softmax axis=1 name=w, \"multiply from=input,w\"]", "N103"),
    ("9x9x3 -> conv 8 3x3 relu -> conv 8 3x3", "N104"),
    ("9x9x64 -> conv 8 1x1 -> conv 64 3x3", "N104"),  # fewer weights than one convolution of 64 by 64
    ("9x9x8 -> conv 8 3x3 groups=8 -> conv 16 1x1", "N104"),
    ("9x9x8 -> conv 16 1x7 p0x3 -> conv 16 7x1 p3x0", "N104"),
    ("9x9x3 -> conv 8 3x3 -> add(conv 8 3x3 p1 relu | )", "N104"),
    ("9x9x3 -> flatten -> dense 10 softmax", "N105"),
    ("9x9x3 -> conv 5 3x3 softmax -> conv 1 1x1 trainable=false", "N105"),  # the mean of a distribution
    ("9x9x3 -> parameter 7 name=unused -> conv 5 3x3 from=input", "N102"),  # counted, not computed
    ("9x9x3 -> conv 5 3x3 softmax -> global_avg_pool", "N105"),  # probabilities, averaged over positions
    # the answers of two stages
    ("input: 9x9x3\nlayers: [conv 5 1x1 softmax name=a, conv 5 3x3 name=b]\noutputs: {a: a, b: b}", "N105"),
    ("convention: keras\ninput: 9x8\nlayers: [dense 10]", "N106"),  # a sequence
    ("convention: caffe\ninput: 4x8x8\nlayers: [dense 10]", "N106"),
    ("convention: caffe\ninput: 4x8\nlayers: [dense 10]", "N106"),
    ("64x512 -> time_distributed(dense 10)", "N106"),
    ("8x8x4 -> multiply( | global_avg_pool -> dense 4 sigmoid -> reshape 1x1x4)", "N106"),
    ("9x9x3 -> conv 8 3x3 bias=false -> batch_norm relu -> dropout 0.5 -> conv 8 3x3", "N107"),
    ("9x9x3 -> flatten -> dense 32 relu -> dropout 0.5 -> dense 10", "N108"),
    ("28x28x1 -> conv 32 3x3 relu -> max_pool 2 -> flatten -> dense 10", "N109"),  # 54,080 weights are few
    ("9x9x3 -> conv 8 3x3 relu", "N110"),
    ("9x9x3 -> flatten -> dense 80 relu -> dense 320", "N111"),  # four times
    ("9x9x3 -> flatten -> dense 20 relu -> dense 243", "N111"),  # an autoencoder: 9·9·3 outputs
    # words, as many as an embedding has or as stand at each position
    ("convention: keras\ninput: 40\nlayers: [embedding 10000 128, lstm 256, dense 10000 softmax]", "N111"),
    ("convention: keras\ninput: 9x5000\nlayers: [lstm 256 return_sequences=true, dense 5000 softmax]", "N111"),
    ("400x50 -> conv 250 3 relu -> global_max_pool -> flatten -> dense 1", "N112"),  # three words tell what is meant
    ("64x64x3 -> conv 8 3x3 s62 relu -> global_avg_pool", "N112"),  # a single position
    ("64x64x3 -> conv 8 1x1 relu -> global_avg_pool", "N112"),  # one pixel, as is meant
    ("64x64x3 -> conv 8 3x3 relu -> conv 3 3x3", "N112"),  # an answer for each position
    ("28x28 -> lstm 32", "N114"),
    ("28x28 -> conv1d 8 3 relu", "N114"),
    ("28x20 -> conv 8 3 relu", "N114"),
    ("9x9x3 -> conv 8 3x3 relu -> conv 10 3x3", "N115"),  # 10 classes
    ("224x224x3 -> conv 64 7x7 s2 p3", "N117"),
    (f"{TORCH}100x100x3\nlayers: [dense 8]", "N118"),  # channels last, as it came
    (f"{TORCH}64x49x96\nlayers: [dense 288]", "N118"),  # windows of positions
    (f"{TORCH}3x32x32\nlayers: [conv 8 3x3, 'permute [2,3,1]', layer_norm, dense 32 gelu, dense 8]", "N118"),
    (f"{TORCH}3x32x32\nlayers: [conv 8 3x3, reshape 8x900, dense 32]", "N118"),
    (f"{TORCH}3x32x32\nlayers: [conv 8 3x3, flatten, dense 32]", "N118"),
    (f"{TORCH}49x96\nlayers: [dense 32]", "N118"),
    ("convention: pytorch\nlayout: HWC\ninput: 32x32x3\nlayers: [conv 8 3x3, dense 32]", "N118"),
    ("convention: pytorch\nlayout: HWC\ninput: 32x32x3\nlayers: [conv 8 3x3, dense 32]", "N106"),
    ("input: 8x8x3\nlayers: [relu, abs, relu, abs]", "N116"),
    ("input: 8x8x3\nlayers: [{add: [relu, relu, relu, relu, relu, relu]}]", "N116"),  # side by side, not in a row
    (f"input: 8x8x3\nlayers: [{', '.join(f'conv {filters} 1x1, relu' for filters in range(1, 3001))}]", "N116"),
    ("input: 8x8x3\nlayers:\n  - relu: {name: a}\n  - add: {from: [a, a, a, a, a, a, a]}", "N116"),  # names, no layers
]  # fmt: skip


@for_each(("spec", "code", "said"), FOUND, ids=[f"{code} {spec}" for spec, code, _ in FOUND])
def test_found(spec: str, code: str, said: str) -> None:
    """The rule finds one thing, and says the numbers."""
    sentences = [finding.sentence for finding in lint(spec, select=[code])]
    assert len(sentences) == 1
    assert said in sentences[0]


@for_each(("spec", "code"), SILENT, ids=[f"{code} {spec}" for spec, code in SILENT])
def test_silent(spec: str, code: str) -> None:
    """The rule finds nothing, and the spec can be built."""
    assert lint(spec, select=[code]) == []


def test_each_rule_over_networks_has_cases_of_both_kinds() -> None:
    """Every rule of arithmetic and architecture is tried where it finds something; all but a few where it must not."""
    codes = {code for code in REGISTRY if code[0] in "AN"} - {"A106"}
    assert {code for _, code, _ in FOUND} == codes
    assert codes - {code for _, code in SILENT} == {"N113"}


@for_each("example", {example: example for kind in load_all().values() for example in kind.examples}, every=4)
def test_every_layer_can_be_checked(example: str) -> None:
    """All rules run over every layer type's examples: no type is one that a rule cannot deal with."""
    assert {finding.code[0] for finding in lint(example, select=["ALL"])} <= set("ANS")


def test_frameworks_are_compared_by_how_much_they_differ() -> None:
    """(112 − 3 + 2)/2 = 55.5: 56 rounded down, 57 rounded up as Caffe does; the others agree."""
    (finding,) = lint("112x112x3 -> max_pool 3 s2 p1", select=["A106"])
    assert finding.message == "max_pool_1: 56x56x3 here, but 57x57x3 (1 more) in Caffe"


@pytest.mark.parametrize(("count", "told"), [(100, ["the same 100 items appear 2 times in a row here"]), (101, [])])
def test_what_is_repeated_has_an_end(count: int, told: list[str]) -> None:
    """Each item of thousands is compared with the hundred behind it, and not with all."""
    items = "".join(f"\n  - elu {index}.5" for index in range(count))
    spec = f"input: 8x8x3\nlayers:{items}{items}"
    assert [finding.message for finding in lint(spec, select=["N116"])] == told


@for_each(
    ("item", "said"),
    [
        # (9·4 + 1)·4 = 148 parameters in the block b; 4·4 + 4 = 20 in a convolution of 1x1
        ("{b: , expect: {params: 1}}", "b_1: expected params 1, got 148"),
        ("{b: , name: h, expect: {params: 1}}", "h: expected params 1, got 148"),
        ("{b: , repeat: 2, expect: {params: 1}}", "b_1 to b_2: expected params 1, got 296"),
        ("{b: , name: k, repeat: 2, expect: {params: 1}}", "k: expected params 1, got 296"),
        ("{layers: [{b: , expect: {params: 1}}], name: g}", "g.b_1: expected params 1, got 148"),
        ("{layers: [b, relu], name: g, expect: {params: 1}}", "g: expected params 1, got 148"),
        ("{layers: [conv 4 3x3 same, relu], expect: {params: 1}}", "conv_1 to relu_1: expected params 1, got 148"),
        ("{conv: 4 1x1, repeat: 2, expect: {params: 1}}", "conv_1 to conv_2: expected params 1, got 40"),
        ("{conv: 4 1x1, expect: {params: 1}}", "conv_1: expected params 1, got 20"),
        ("{add: [[conv 4 1x1], []], expect: {params: 1}}", "add_1: expected params 1, got 20"),
    ],
)
def test_a_sum_is_told_of_what_it_is_of(item: str, said: str) -> None:
    """A block's figures are not those of its last layer, and are not told under its name."""
    spec = f"input: 9x9x4\nblocks: {{b: [conv 4 3x3 same, relu]}}\nlayers:\n  - {item}\n"
    assert [finding.message for finding in lint(spec, select=["E"])] == [said]


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("{params: 3k}", "the model: params 3,860 exceeds the budget of 3k"),
        ("{parameters: 3000}", "the model: parameters 3,860 exceeds the budget of 3,000"),
        ("{peak_activation: 1KiB}", "exceeds the budget of 1KiB (1,024)"),
        ("{macs: 1.5k}", "exceeds the budget of 1.5k"),
        ("{output_shape: 5x5x20}", "the model: output_shape 14x14x20 exceeds the budget of 5x5x20"),
    ],
)
def test_a_budget_is_quoted_as_it_was_written(budget: str, said: str) -> None:
    (found,) = lint(f"input: 32x32x3\nlayers: [conv 20 8x8 s2 p1]\nbudget: {budget}\n", select=["E402"])
    assert said in found.message
