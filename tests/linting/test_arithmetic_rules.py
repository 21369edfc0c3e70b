"""What the rules of arithmetic say, in full, and the sizes and settings at which they begin to say it.

The numbers are derived by hand beside the cases.
"""

from __future__ import annotations

from cnncalc.linting.api import lint
from tests.together import for_each

ARITHMETIC = [
    # A101: (7 − 3) % 3 = 1 row and (11 − 3) % 3 = 2 columns
    ("7x11x3 -> conv 2 3x3 s3", "A101", [
        ("conv_1: the last 1 row and 2 columns of the 7x11 input are never used: 11 − 3 = 8 is not "
        "divisible by stride 3 [use a height of 6 or 9; use a width of 9 or 12]"),
    ]),
    # (13 − 3) % 4 = 2 rows, (11 − 3) % 4 = 0
    ("13x11x3 -> conv 2 3x3 s4", "A101", [
        ("conv_1: the last 2 rows of the 13x11 input are never used: 13 − 3 = 10 is not divisible by "
        "stride 4 [use a height of 11 or 15]"),
    ]),
    # 9 − 2 = 7 = 3 + 4, of which 4 − 2 = 2 lie between any two windows
    ("9x9x3 -> conv 2 2x2 s4", "A101", [
        ("conv_1: the last 3 rows and columns of the 9x9 input are never used: 9 − 2 = 7 is not divisible "
        "by stride 4 [use a height and width of 6 or 10]"),
    ]),
    # (8 − 2) % 4 = 2 positions, as many as between two windows
    ("8x8x3 -> conv 2 2x2 s4", "A101", []),
    # (7 − 3) % 3 = 1
    ("7x5 -> conv1d 2 3 s3", "A101", [
        ("conv_1: the last position of the length-7 input is never used: 7 − 3 = 4 is not divisible by "
        "stride 3 [use a length of 6 or 9]"),
    ]),
    # 9 − 2 = 7 twice
    ("9x8x9x1 -> max_pool 2", "A101", [
        ("max_pool_1: the last slice and column of the 9x8x9 input are never used: 9 − 2 = 7 is not "
        "divisible by stride 2 [use a depth and width of 8 or 10]"),
    ]),
    # the appended column is lost, and no input: (13 − 2) % 2 = 1
    ("12x12x3 -> zero_pad [[0,1],[0,1]] -> max_pool 2", "A101", []),
    # the prepended one is not at the end
    ("12x12x3 -> zero_pad [[1,0],[1,0]] -> max_pool 2", "A101", [
        ("max_pool_1: the last row and column of the 13x13 input are never used: 13 − 2 = 11 is not "
        "divisible by stride 2 [use a height and width of 12 or 14]"),
    ]),
    ("11x11x3 -> relu -> max_pool 2", "A101", [
        ("max_pool_1: the last row and column of the 11x11 input are never used: 11 − 2 = 9 is not "
        "divisible by stride 2 [use a height and width of 10 or 12]"),
    ]),
    # A102: half of the width
    ("9x9x3 -> max_pool 3x2 s3x4", "A102", [
        ("max_pool_1: stride 4 is larger than kernel 2: only 50% of the input is used [use a kernel of "
        "size 4 or more, or pool before it]"),
    ]),
    # both skip the same quarter
    ("9x9x8 -> concat(conv 4 1x1 s2 | conv 4 1x1 s2)", "A102", [
        ("conv_1: stride 2 is larger than kernel 1: only 25% of the input is used [use a kernel of size 2 "
        "or more, or pool before it]"),
        ("conv_2: stride 2 is larger than kernel 1: only 25% of the input is used [use a kernel of size 2 "
        "or more, or pool before it]"),
    ]),
    # the pool's windows meet every position
    ("9x9x8 -> concat(conv 4 1x1 s2 | max_pool 2 s2 p1x1)", "A102", []),
    # a stride of 1 uses all of it; the pool after it does not
    ("9x9x8 -> concat(conv 4 1x1 s2 | conv 4 1x1 -> max_pool 1 s2)", "A102", [
        ("max_pool_1: stride 2 is larger than kernel 1: only 25% of the input is used [use a kernel of "
        "size 2 or more, or pool before it]"),
    ]),
    # an activation and a transposed convolution use all of it
    ("9x9x8 -> concat(conv 4 1x1 s2 | relu -> conv 4 1x1 s2)", "A102", [
        ("conv_2: stride 2 is larger than kernel 1: only 25% of the input is used [use a kernel of size 2 "
         "or more, or pool before it]"),
    ]),
    (("input: 9x9x8\nlayers: [conv 4 1x1 s2 name=a, {conv_transpose: 4 1x1 s2, from: input, name: b}]\n"
     "outputs: [a, b]\n"), "A102", []),
    # the pool skips along the width alone
    ("9x9x8 -> concat(conv 4 1x1 s2 | max_pool 2x1 s2 p1x0)", "A102", [
        ("conv_1: stride 2 is larger than kernel 1: only 25% of the input is used [use a kernel of size 2 "
         "or more, or pool before it]"),
        ("max_pool_1: stride 2 is larger than kernel 1: only 50% of the input is used [use a kernel of "
         "size 2 or more, or pool before it]"),
    ]),
    # the skipped positions are an output
    ("input: 9x9x8\nlayers: [relu, conv 4 1x1 s2]\noutputs: [relu_1, conv_1]\n", "A102", []),
    # A103: windows begin at −3 … 32: the first and the last
    ("32x32x3 -> conv 8 3x3 p3", "A103", [
        ("conv_1: padding 3 with a kernel of size 3: 2 of 36 windows along the height and width see only "
        "padding [pad by less than 3; 1 keeps the center in place]"),
    ]),
    # two of 36 along the height, four of 22 along the width: begin at −4, −3 and at 16, 17
    ("32x16x3 -> conv 8 3x3 p3x4", "A103", [
        ("conv_1: padding 3 with a kernel of size 3: 2 of 36 windows along the height see only padding "
        "[pad by less than 3; 1 keeps the center in place]"),
    ]),
    # windows begin at −5, −3, … 13
    ("16x16x3 -> conv 8 3x3 s2 padding=[[5,0],[0,0]]", "A103", [
        ("conv_1: padding 5 with a kernel of size 3: 2 of 10 windows along the height see only padding "
        "[pad by less than 3; 1 keeps the center in place]"),
    ]),
    # windows begin at 0, 2, … 18: those at 16 and 18
    ("16x16x3 -> conv 8 3x3 s2 padding=[[0,5],[0,0]]", "A103", [
        ("conv_1: padding 5 with a kernel of size 3: 2 of 10 windows along the height see only padding "
        "[pad by less than 3; 1 keeps the center in place]"),
    ]),
    # windows begin at −6, −3, … 15: the first ends at −2, the last begins at the last position
    ("16x8 -> conv 8 5 s3 p6", "A103", [
        ("conv_1: padding 6 with a kernel of size 5: 1 of 8 windows along the length see only padding "
        "[pad by less than 5; 2 keeps the center in place]"),
    ]),
    # windows begin at −9 and −2
    ("2x8 -> conv 8 3 s7 padding=[[9,4]]", "A103", [
        ("conv_1: padding 9 with a kernel of size 3: 1 of 2 windows along the length see only padding "
        "[pad by less than 3; 1 keeps the center in place]"),
    ]),
    # windows begin at −6, −3, 0, 3
    ("1x8 -> conv 8 2 s3 p6", "A103", [
        ("conv_1: padding 6 with a kernel of size 2: 3 of 4 windows along the length see only padding "
        "[pad by less than 2; 1 keeps the center in place]"),
    ]),
    ("16x8 -> conv 8 3 p2", "A103", []),
    # nothing along the height; windows begin at −4 … 17 along the width
    ("32x16x3 -> conv 8 3x3 p1x4", "A103", [
        ("conv_1: padding 4 with a kernel of size 3: 4 of 22 windows along the width see only padding "
         "[pad by less than 3; 1 keeps the center in place]"),
    ]),
    # A104: (16 − 1)·2 + 3 − 32 = 1
    ("32x32x3 -> conv 8 3x3 s2 same", "A104", [
        ('conv_1: padding "same" is asymmetric: 0 before and 1 after, along the height and width ["half" '
        "pads both sides by 1; or write the two sides as [0, 1]]"),
    ]),
    # (16 − 1)·2 + 3 − 32 = 1 along the height; (17 − 1)·2 + 5 − 33 = 4 along the width
    ("32x33x3 -> conv 8 3x5 s2 same_lower", "A104", [
        ('conv_1: padding "same_lower" is asymmetric: 1 before and 0 after, along the height ["half" pads '
        "both sides by 1; or write the two sides as [1, 0]]"),
    ]),
    # 32 + 3 − 32 = 3
    ("32x8 -> conv 8 4 same", "A104", [
        ('conv_1: padding "same" is asymmetric: 1 before and 2 after, along the length ["half" pads both '
        "sides by 2; or write the two sides as [1, 2]]"),
    ]),
    ("32x33x3 -> max_pool 2 same", "A104", []),
    ("32x8 -> conv 8 3 padding=[[0,1]]", "A104", []),
    # A105
    ("33x8 -> conv 8 8 p4", "A105", [
        ("conv_1: a kernel of size 8 has no center: its outputs are shifted by half a position along the "
        "length [use 7 or 9]"),
    ]),
    ("33x8 -> conv 8 10 p4", "A105", []),
    ("33x33x3 -> conv 8 4x2 same", "A105", [
        ("conv_1: a kernel of size 4 has no center: its outputs are shifted by half a pixel along the "
        "height and width [use 3 or 5]"),
    ]),
    ("33x33x3 -> conv 8 4x4 s3 p2", "A105", [
        ("conv_1: a kernel of size 4 has no center: its outputs are shifted by half a pixel along the "
        "height and width [use 3 or 5]"),
    ]),
    ("33x8 -> conv 8 4 padding=[[1,0]]", "A105", [
        ("conv_1: a kernel of size 4 has no center: its outputs are shifted by half a position along the "
        "length [use 3 or 5]"),
    ]),
    ("33x8 -> conv 8 4 padding=[[0,1]]", "A105", [
        ("conv_1: a kernel of size 4 has no center: its outputs are shifted by half a position along the "
        "length [use 3 or 5]"),
    ]),
    ("33x8 -> max_pool 4 s1 p1", "A105", []),
    # taps at 0 and 2: a center
    ("33x8 -> conv 8 2 d2 p1", "A105", []),
    # A107: taps 0, 2 meet one output, 1 the next
    ("8x8x16 -> conv_transpose 8 3x3 s2", "A107", [
        ("conv_transpose_1: kernel 3 is not divisible by stride 2: outputs receive either 1 or 2 of its "
        "taps [use a kernel of size 2 or 4, or upsample 2 and a convolution]"),
    ]),
    # 4 is divisible by 2; taps 0, 3 meet one output, 1, 4 the next, 2 the third
    ("8x8x16 -> conv_transpose 8 5x4 s3x2", "A107", [
        ("conv_transpose_1: kernel 5 is not divisible by stride 3: outputs receive either 1 or 2 of its "
        "taps [use a kernel of size 3 or 6, or upsample 3 and a convolution]"),
    ]),
    # two taps for three outputs
    ("8x8x16 -> conv_transpose 8 2x2 s3", "A107", [
        ("conv_transpose_1: kernel 2 is not divisible by stride 3: outputs receive either 0 or 1 of its "
        "taps [use a kernel of size 3, or upsample 3 and a convolution]"),
    ]),
    # taps at 0, 2, 4, 6, 8 meet every second output
    ("8x8x16 -> conv_transpose 8 5x5 s2 d2", "A107", [
        ("conv_transpose_1: dilation 2 and stride 2 have the common factor 2: outputs receive either 0 or "
        "5 of its taps [leave out the dilation and use a kernel of size 4 or 6, or upsample 2 and a convolution]"),
    ]),
    # taps at 0, 2, 4, 6, 8: 0, 4, 8 meet one output, 2, 6 the next but one
    ("8x8x16 -> conv_transpose 8 5x5 s4 d2", "A107", [
        ("conv_transpose_1: dilation 2 and stride 4 have the common factor 2: outputs receive either 0 or "
        "3 of its taps [leave out the dilation and use a kernel of size 4 or 8, or upsample 4 and a convolution]"),
    ]),
    # taps at 0, 3, 6, 9: 0, 6 meet one output, 3, 9 the next
    ("8x8x16 -> conv_transpose 8 4x4 s2 d3", "A107", []),
    # taps at 0, 3, 6, 9, 12: 0, 6, 12 meet one output, 3, 9 the next
    ("8x8x16 -> conv_transpose 8 5x5 s2 d3", "A107", [
        ("conv_transpose_1: kernel 5 is not divisible by stride 2: outputs receive either 2 or 3 of its "
        "taps [use a kernel of size 4 or 6, or upsample 2 and a convolution]"),
    ]),
    ("8x8x16 -> conv_transpose 8 3x3 d2", "A107", []),
    # taps at 0, 2, 4, 6, although 4 is divisible by 2
    ("8x8x16 -> conv_transpose 8 4x4 s2 d2", "A107", [
        ("conv_transpose_1: dilation 2 and stride 2 have the common factor 2: outputs receive either 0 or "
         "4 of its taps [leave out the dilation, or upsample 2 and a convolution]"),
    ]),
    # A108: centers at 2 and at 4 along the width
    ("33x33x8 -> add(conv 8 5x5 relu | crop [[2,2],[4,0]])", "A108", [
        ("add_1: along the width, its branches are centered 2 pixels apart, more than their largest step "
        "of 1 [pad the branches equally, or crop the larger one on both sides]"),
    ]),
    # centers at 1.5 and 3
    ("34x8 -> add(conv 8 4 relu | crop [[3,0]])", "A108", [
        ("add_1: along the length, its branches are centered 1.5 positions apart, more than their largest "
        "step of 1 [pad the branches equally, or crop the larger one on both sides]"),
    ]),
    # centers at 1, 1 and 2: a step apart
    ("32x8 -> add(conv 8 3 relu | crop [[1,1]] | crop [[2,0]])", "A108", []),
    # centers at 2, 2 and 0
    ("32x8 -> add(conv 8 5 relu | crop [[2,2]] | crop [[0,4]])", "A108", [
        ("add_1: along the length, its branches are centered 2 positions apart, more than their largest "
        "step of 1 [pad the branches equally, or crop the larger one on both sides]"),
    ]),
    # queries and keys are not merged
    (("input: 33x8\nlayers: [conv 8 5 relu name=a, {crop: [[4, 0]], from: input, name: b}, "
     "{multi_head_attention: 2, from: [a, b]}]\n"), "A108", []),
    # a constant has no center
    ("9x8 -> add( | parameter 9x8)", "A108", []),
    ("33x8 -> add(conv 8 5 relu | crop [[4,0]] | parameter 29x8)", "A108", []),
    # A109
    ("32x32x8 -> add(conv 8 1x3 s1x2 p0x1 relu | conv 8 1x17 relu)", "A109", [
        ("add_1: along the width, its branches have cumulative strides of 1 and 2 pixels [give the "
        "branches the same total stride]"),
    ]),
    # (64 − 1)/4 + 1 = 16, (32 − 17) + 1 = 16, (64 − 49) + 1 = 16
    ("64x8 -> add(conv 8 3 s4 p1 relu | conv 8 3 s2 p1 -> conv 8 17 | conv 8 49)", "A109", [
        ("add_1: along the length, its branches have cumulative strides of 1 and 2 and 4 positions [give "
        "the branches the same total stride]"),
    ]),
    # queries and keys are not merged
    (("input: 33x8\nlayers: [conv 8 3 s2 p1 name=a, {conv: 8 17, from: input, name: b}, "
     "{multi_head_attention: 2, from: [a, b]}]\n"), "A109", []),
    ("input: {a: 9x8, b: 9x8}\nlayers: ['add from=a,b name=m', relu from=a name=r, 'add from=m,r']\n", "A109", []),
    # the sum of two inputs sees neither alone; a sum of unequal steps has none
    ("a: 9x8, b: 9x8 -> add from=a,b -> add( | conv 8 3 p1)", "A109", []),
    ("a: 9x8, b: 9x8 -> add from=a,b -> add( | conv 8 3 p1)", "A108", []),
    ("32x8 -> add(conv 8 3 s2 p1 | conv 8 17) -> add( | conv 8 3 p1)", "A109", [
        ("add_1: along the length, its branches have cumulative strides of 1 and 2 positions [give the "
         "branches the same total stride]"),
    ]),
    # A110
    ("1x9x8 -> conv 8 3x3 p1 relu", "A110", [
        ("conv_1: the input's height is already 1, so 2 of 3 taps see only padding [use a kernel of size "
        "1 there, or reduce the input less before it]"),
    ]),
    ("1x1x8 -> conv 8 5x3 p2x1", "A110", [
        ("conv_1: the input's height and width are already 1, so 4 of 5 taps see only padding [use a "
        "kernel of size 1 there, or reduce the input less before it]"),
    ]),
    ("1x8 -> global_avg_pool", "A110", [
        "global_avg_pool_1: nothing to pool: the input is already 1 [remove it, or pool less before it]",
    ]),
    ("1x8 -> conv 4 1", "A110", []),
    ("1x2x8 -> global_max_pool", "A110", []),
    # A111: 0, 2, … 8 are 5 of 9 along the width
    ("64x64x8 -> conv 8 3x3 p1x2 d1x2 relu -> conv 8 3x3 p1x2 d1x2", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 2, 2) see only 5 of 9 positions along "
        "the width [all dilations are multiples of 2: start with a dilation of 1]"),
    ]),
    # 0, 3, 6 and 0, 5, 10 from each: 0, 3, 5, 6, 8, 10, 11, 13, 16
    ("99x8 -> conv1d 8 3 d3 relu -> conv1d 8 3 d5 relu", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 3, 5) see only 9 of 17 positions along "
        "the length [start with a dilation of 1]"),
    ]),
    # 0, 2, 3, 5
    ("99x8 -> conv1d 8 2 d3 relu -> conv1d 8 2 d2 relu", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 3, 2) see only 4 of 6 positions along "
        "the length [start with a dilation of 1]"),
    ]),
    # one dilated convolution alone
    ("99x8 -> conv1d 8 3 d3 relu -> conv1d 8 2 relu", "A111", []),
    # one tap has no dilation: 3, 2 and 3, 4 along the width alone
    ("64x64x8 -> conv 8 1x3 p0x2 d2 relu -> conv 8 3x3 p4 d4 relu", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 2, 4) see only 7 of 13 positions along "
         "the width [all dilations are multiples of 2: start with a dilation of 1]"),
    ]),
    # a convolution of one tap ends no run
    ("99x8 -> conv1d 8 3 d2 relu -> conv1d 8 3 d4 relu -> conv1d 8 1", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 2, 4) see only 7 of 13 positions along "
         "the length [all dilations are multiples of 2: start with a dilation of 1]"),
    ]),
    # neither does an activation: 0, 2, … 8 and 0, 1, 2 from each are all
    ("99x8 -> conv1d 8 3 d2 -> relu -> conv1d 8 3 d2 -> relu -> conv1d 8 3", "A111", []),
    # a range of 1 + 50,000 + 49,999 positions is searched, a longer one is not
    ("100000x1 -> conv1d 1 2 d50000 -> conv1d 1 2 d49999", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 50000, 49999) see only 4 of 100000 "
         "positions along the length [start with a dilation of 1]"),
    ]),
    ("100001x1 -> conv1d 1 2 d50000 -> conv1d 1 2 d50000", "A111", []),
    ("99x8 -> conv1d 8 3 d2 relu -> conv1d 8 3 d2 s2 relu -> conv1d 8 3 d2", "A111", []),
    # the stride ends the run
    ("99x8 -> conv1d 8 3 d2 relu -> conv1d 8 3 s2 relu -> conv1d 8 3 d2", "A111", []),
    # a pool ends it, too
    ("99x8 -> conv1d 8 3 d2 relu -> max_pool 2 -> conv1d 8 3 d2", "A111", []),
    # 0, 2, … 12 are 7 of 13, with a normalization in between
    ("99x8 -> conv1d 8 3 d2 -> batch_norm relu -> conv1d 8 3 d4", "A111", [
        ("conv_2: the 2 dilated convolutions up to it (dilations 2, 4) see only 7 of 13 positions along "
        "the length [all dilations are multiples of 2: start with a dilation of 1]"),
    ]),
]  # fmt: skip


def said(spec: str, code: str) -> list[str]:
    """Message and hint of each finding of a rule."""
    return [f"{one.message} [{one.hint}]" for one in lint(spec, select=[code])]


@for_each(("spec", "code", "messages"), ARITHMETIC)
def test_what_a_rule_of_arithmetic_says(spec: str, code: str, messages: list[str]) -> None:
    """Nothing where a size or a setting is at the limit."""
    assert said(spec, code) == messages
