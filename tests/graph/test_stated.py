"""Sizes that an item states, and arguments of the frameworks that change no metric."""

from __future__ import annotations

import pytest

import cnncalc
from tests.together import for_each

# the spec, its convention, what is said of the stated size
DISAGREEING = [
    ("16x6x6 -> flatten -> linear in_features=400 out_features=120", "formula",
     "dense_1: in_features is 400, but 16x6x6 flattened is 576"),
    ("32x32x3 -> Conv2d in_channels=64 out_channels=8 kernel_size=3", "formula",
     "conv_1: in_channels is 64, but the input 32x32x3 has 3 channels"),
    ("3x32x32 -> conv 8 3x3 -> ConvTranspose2d 4 2x2 in_channels=16", "pytorch",
     "conv_transpose_1: in_channels is 16, but conv_1 gives 8x30x30, which has 8 channels"),
    ("3x32x32 -> BatchNorm2d num_features=4", "pytorch",
     "batch_norm_1: num_features is 4, but the input 3x32x32 has 3 channels"),
    ("4x5x5 -> GroupNorm 2 num_channels=8", "pytorch",
     "group_norm_1: num_channels is 8, but the input 4x5x5 has 4 channels"),
    ("64 -> linear 10 in_features=65", "pytorch", "dense_1: in_features is 65, but the input has 64"),
    ("64 -> linear 10 -> linear 5 in_features=11", "pytorch", "dense_2: in_features is 11, but dense_1 gives 10"),
    ("7x13 -> lstm 5 input_size=12", "pytorch", "lstm_1: input_size is 12, but the input 7x13 has 13 features"),
    ("13 -> gru_cell 5 input_size=12", "pytorch", "gru_cell_1: input_size is 12, but the input has 13"),
    ("7x12 -> MultiheadAttention 3 embed_dim=16", "pytorch",
     "multi_head_attention_1: embed_dim is 16, but the input 7x12 has 12 features"),
    ("7x12 -> transformer_encoder 3 d_model=16", "pytorch",
     "transformer_encoder_1: d_model is 16, but the input 7x12 has 12 features"),
    ("q: 7x12, k: 5x8 -> multi_head_attention 3 from=[q, k] kdim=12", "pytorch",
     "multi_head_attention_1: kdim is 12, but the input 5x8 has 8 features"),
    ("a: 4, b: 5 -> bilinear 6 from=[a, b] in1_features=4 in2_features=6", "pytorch",
     "bilinear_1: in2_features is 6, but the input has 5"),
    ("7x13 -> bidirectional(lstm 5 input_size=12)", "keras",
     "bidirectional_1: input_size is 12, but the input 7x13 has 13 features"),
    ("5x13 -> time_distributed(dense 7 in_features=12)", "keras",
     "time_distributed_1: in_features is 12, but the input 5x13 has 13 numbers"),
    # one of them, the sizes of a vector, and sizes that the other layout does not make right
    ("1x9x9 -> Conv2d 5 3 in_channels=3", "pytorch", "conv_1: in_channels is 3, but the input 1x9x9 has 1 channel"),
    ("9x1 -> lstm 5 input_size=6", "pytorch", "lstm_1: input_size is 6, but the input 9x1 has 1 feature"),
    ("9x1 -> relu -> dense 5 in_features=6", "pytorch",
     "dense_1: in_features is 6, but relu_1 gives 9x1, which has 1 number"),
    ("64 -> flatten -> linear 10 in_features=65", "pytorch", "dense_1: in_features is 65, but flatten_1 gives 64"),
    ("7x5 -> flatten -> linear 10 in_features=36", "pytorch", "dense_1: in_features is 36, but 7x5 flattened is 35"),
    ("3x32x32 -> conv 8 3x3 p1 -> Conv2d 4 2 in_channels=32", "pytorch",
     "conv_2: in_channels is 32, but conv_1 gives 8x32x32, which has 8 channels"),
    ("7x13 -> lstm 5 input_size=7", "pytorch", "lstm_1: input_size is 7, but the input 7x13 has 13 features"),
    ("7 -> BatchNorm1d num_features=8", "pytorch", "batch_norm_1: num_features is 8, but the input has 7"),
]  # fmt: skip


@for_each(("spec", "convention", "message"), DISAGREEING)
def test_a_stated_size_is_held_against_what_arrives(spec, convention, message):
    """Both numbers are in the message, and where the arriving one comes from; with that one the spec is right."""
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(spec, convention=convention)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.message == message
    word, number = message.split(": ")[1].split(" is ")[0], message.split(" is ")[1].split(",")[0]
    assert diagnostic.column == spec.index(f"{word}={number}") + len(word) + 2
    arriving = diagnostic.hint.split("write ")[1].split(",")[0]
    cnncalc.analyze(spec.replace(f"{word}={number}", f"{word}={arriving}"), convention=convention)


def test_the_other_layout_is_named_where_it_makes_the_size_right():
    """3x224x224 has 3 channels as CHW; a linear layer written for the last axis is PyTorch's."""
    with pytest.raises(cnncalc.SpecError, match="layout: CHW"):
        cnncalc.analyze("3x224x224 -> Conv2d 64 7 in_channels=3")
    with pytest.raises(cnncalc.SpecError, match="convention: pytorch"):
        cnncalc.analyze("5x64 -> Linear 10 in_features=64")


# an item, the same without the arguments that change nothing
WITHOUT_EFFECT = [
    ("8x8x4 -> relu inplace=true", "8x8x4 -> relu"),
    ("8x8x4 -> Conv2D 3 3 kernel_initializer=he_normal bias_regularizer=l2 kernel_constraint=~ data_format=NHWC",
     "8x8x4 -> Conv2D 3 3"),
    ("8x8x4 -> conv 3 3 dtype=float32 device=cuda input_shape=[8,8,4] data_format=channels_last", "8x8x4 -> conv 3 3"),
    ("7x4 -> lstm 3 dropout=0.2 recurrent_dropout=0.1 stateful=true return_state=true batch_first=true unroll=true",
     "7x4 -> lstm 3"),
    ("7x4 -> GRU 3 recurrent_activation=sigmoid activation=tanh go_backwards=true", "7x4 -> GRU 3"),
    ("4 -> lstm_cell 3 dropout=0.5 activation=tanh", "4 -> lstm_cell 3"),
    ("5x8x8x2 -> conv_lstm 3 3 dropout=0.5 recurrent_dropout=0.5 stateful=true", "5x8x8x2 -> conv_lstm 3 3"),
    ("8x8x4 -> MaxPool2d 2 return_indices=true", "8x8x4 -> max_pool 2"),
    ("7x12 -> mha 3 dropout=0.1 batch_first=true", "7x12 -> mha 3"),
    ("8x8x4 -> Convolution num_output=3 kernel_size=3 weight_filler=xavier engine=CUDNN", "8x8x4 -> conv 3 3"),
    ("8x8x4 -> max_pool 3 s2 ceil_mode=True", "8x8x4 -> max_pool 3 s2 ceil"),
    ("8x8x4 -> max_pool 3 s2 ceil_mode=1", "8x8x4 -> max_pool 3 s2 ceil"),
    ("8x8x4 -> avg_pool 3 s2 ceil_mode=0 count_include_pad=1", "8x8x4 -> avg_pool 3 s2"),
    ("8x8x4 -> avg_pool 3 s2 round_mode=FLOOR", "8x8x4 -> avg_pool 3 s2"),
    ("7x4 -> lstm 3 direction=bidirectional", "7x4 -> lstm 3 bidirectional=true"),
    ("7x4 -> lstm 3 direction=reverse", "7x4 -> lstm 3"),
    ("8x8x4 -> dense 3 lora_rank=0", "8x8x4 -> dense 3"),
    ("8x8x4 -> dense 3 lora_rank=~", "8x8x4 -> dense 3"),
    ("7 -> one_hot 3 axis=-1", "7 -> one_hot 3"),
    ("7x4 -> gru 3 linear_before_reset=1", "7x4 -> gru 3 reset_after=true"),
]  # fmt: skip


@for_each(("written", "plain"), WITHOUT_EFFECT)
def test_what_changes_no_metric_is_taken(written, plain):
    """The report is the same with and without it, or in our words."""
    assert cnncalc.analyze(written).to_dict()["totals"] == cnncalc.analyze(plain).to_dict()["totals"]
    assert cnncalc.analyze(written).to_dict()["outputs"] == cnncalc.analyze(plain).to_dict()["outputs"]


@for_each(
    ("spec", "message"),
    [
        ("8x8x4 -> max_pool 2 data_format=channels_first", "but shapes are read as HWC"),
        ("8x8x4 -> max_pool 2 data_format=sideways", "is not a layout"),
        ("8x8x4 -> max_pool 2 ceil_mode=perhaps", "ceil_mode: got \"perhaps\""),
        ("8x8x4 -> conv 3 3 in_channels=four", "in_channels: got \"four\""),
        ("8x8x4 -> conv 3 3 in_channels=4 in_channels=4", "given twice"),
        ("8x8x4 -> dense 3 lora_rank=4", "not counted"),
        ("8x8x4 -> dense 3 lora_rank=true", "not counted"),
        ("8x8x4 -> dense 3 lora_rank=1", "not counted"),
        ("8x8x4 -> conv 3 3 dropout=0.5", 'conv has no field "dropout"'),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said(spec, message):
    """A layout that is not the spec's, a value that is none, and what adds weights are refused."""
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(spec)
    assert message in error.value.diagnostics[0].message


CALLED = [
    # an item as a call, column, message, hint
    ("16x6x6 -> nn.Linear(400, 120)", 21, "in_features is 400, but the last axis of the input 16x6x6 has 6",
     "if flatten is missing before it, 16x6x6 flattened is 576"),
    ("16x5x5 -> nn.ReLU() -> nn.Linear(16 * 5 * 5, 120)", 34,
     "in_features is 400, but the last axis of 16x5x5, which relu_1 gives, has 5",
     "put flatten before it: 16x5x5 flattened is 400"),
    ("5x10 -> nn.Linear(11, 3)", 19, "in_features is 11, but the input 5x10 has 10 numbers",
     "write 10, or leave in_features out"),
    ("10x5 -> nn.Conv1d(5, 8, 3)", 19, "in_channels is 5, but the input 10x5 has 10 channels",
     "shapes are read as CHW, channels first: write layout: HWC in the spec"),
    ("5x10 -> nn.LayerNorm(20)", 22, "normalized_shape is 20, but the input 5x10 ends in 10", "write 10"),
    ("4x5x10 -> nn.LayerNorm([6, 10])", 24, "normalized_shape is 6x10, but the input 4x5x10 ends in 5x10",
     "write 5x10"),
    ("5x10 -> nn.RMSNorm([3, 5, 10])", 20, "normalized_shape is 3x5x10, but the input 5x10 has 2 axes",
     "remove normalized_shape for the last axis"),
]  # fmt: skip


@for_each(("spec", "column", "message", "hint"), CALLED)
def test_a_size_in_a_call_is_held_against_what_arrives(spec, column, message, hint):
    """The message has both numbers, and the hint names a missing flatten where it makes the size right."""
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(spec, convention="pytorch")
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.code, diagnostic.column) == ("E308", column)
    assert diagnostic.message.partition(": ")[2] == message
    assert diagnostic.hint == hint
