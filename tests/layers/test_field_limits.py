"""The smallest and largest number of every field: 1 for counts and sizes, 0 for what may be absent, ranks for axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare import Field
from cnncalc.layers.registry import load_all

REDUCTIONS = "l1 l2 log_sum log_sum_exp max mean min prod std sum sum_square variance"
LONG, WORD = -(2**63), -(2**31)

LEAST: dict[float, str] = {
    0: "avg_pool.padding conv.padding conv_lstm.padding conv_transpose.padding conv_transpose.output_padding "
    "crop.amount custom.params custom.buffers custom.macs custom.flops custom.padding deformable_conv.padding "
    "dense.fixed_bias depthwise_conv.padding detections.classes detections.values fold.padding "
    "local_response_norm.depth_radius locally_connected.padding lp_pool.padding max_pool.padding max_unpool.padding "
    "opaque.params opaque.macs pairwise_distance.norm permute.order reduce_std.correction reduce_variance.correction "
    "relu.max_value relu.slope relu.threshold separable_conv.padding soft_shrink.threshold squareplus.b "
    "transpose.perm unfold.padding "
    # probabilities, deviations, and what is added to a variance
    "alpha_dropout.rate attention.softcap batch_norm.epsilon batch_norm.momentum drop_block.rate dropout.rate "
    "frozen_batch_norm.epsilon gaussian_dropout.rate gaussian_noise.deviation group_norm.epsilon "
    "instance_norm.epsilon instance_norm.momentum layer_norm.epsilon mel_spectrogram.low mel_spectrogram.high "
    "mel_spectrogram.least nms.iou_threshold rms_norm.epsilon spatial_dropout.rate stochastic_depth.rate "
    "unit_norm.epsilon",
    -1: "expand.size group_norm.groups reshape.shape roi_align.sampling_ratio",  # −1 is a word of the frameworks
    -4: "batch_norm.axis bias_add.axis concat.axis cosine_similarity.axis crelu.axis cumulative_sum.axis dot.axes "
    "gather.axis glu.axis group_norm.axis hardmax.axis layer_norm.axis layer_scale.axis log_softmax.axis maxout.axis "
    "repeat_interleave.axis rms_norm.axis slice.axis softmax.axis softmin.axis sparsemax.axis split.axis stack.axis "
    "standardization.axis unfold.axis unit_norm.axis",
    -5: "flatten.start flatten.end",
    -9: "argmax.axis argmin.axis circular_pad.axes flip.axis multi_head_attention.attention_axes reflection_pad.axes "
    "replication_pad.axes roll.axis squeeze.axis transpose.axes unsqueeze.axis zero_pad.axes "
    + " ".join(f"reduce_{name}.axis" for name in REDUCTIONS.split()),
    WORD: "circular_pad.amount embedding.padding_index embedding_bag.padding_index reflection_pad.amount "
    "replication_pad.amount zero_pad.amount",
    LONG: "roll.shift slice.start slice.stop slice.step",
    1e-06: "roi_align.spatial_scale roi_pool.spatial_scale",
}
"""The others begin with 1."""

MOST = {
    1: "alpha_dropout.rate drop_block.rate dropout.rate gaussian_dropout.rate gaussian_noise.deviation "
    "spatial_dropout.rate stochastic_depth.rate",
}


def numbers(schema: Any, key: str) -> Iterator[float]:
    """The values of a key anywhere in a schema."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == key and not isinstance(value, dict):
                yield value
            else:
                yield from numbers(value, key)
    elif isinstance(schema, list):
        for part in schema:
            yield from numbers(part, key)


def fields() -> dict[str, Field]:
    return {f"{name}.{field}": kind.fields[field] for name, kind in load_all().items() for field in kind.fields}


def test_the_smallest_number_of_every_field() -> None:
    expected = {name: {least} for least, names in LEAST.items() for name in names.split()}
    found = {name: set(numbers(field.schema, "minimum")) for name, field in fields().items()}
    assert {name: least for name, least in found.items() if least and least != {1}} == expected


def test_the_largest_number_of_every_field() -> None:
    expected = {name: {most} for most, names in MOST.items() for name in names.split()}
    found = {name: set(numbers(field.schema, "maximum")) for name, field in fields().items()}
    assert {name: most for name, most in found.items() if most} == expected


@pytest.mark.parametrize("name", ["conv.stride", "conv.filters", "max_pool.padding", "softmax.axis", "flatten.start"])
def test_a_smaller_number_is_refused(name: str) -> None:
    field = fields()[name]
    (least,) = set(numbers(field.schema, "minimum"))
    assert field.parse(int(least)) is not None
    with pytest.raises(Refusal):
        field.parse(int(least) - 1)


def test_shares_are_below_one() -> None:
    """Dropping everything is possible, dropping more is not; a fractional pool keeps a part."""
    dropout = fields()["dropout.rate"]
    assert (dropout.parse(0), dropout.parse(1)) == (0, 1)
    for rate in (-0.1, 1.1):
        with pytest.raises(Refusal):
            dropout.parse(rate)
    exclusive = {name: set(numbers(field.schema, "exclusiveMaximum")) for name, field in fields().items()}
    assert {name for name, most in exclusive.items() if most} == {"fractional_max_pool.ratio"}
