"""A report written out by hand: the small Keras network of the TensorFlow CNN tutorial, its middle put into blocks.

Parameters: 320 + 18,496 + 36,928 + 36,928 + 650 = 93,322 (the tutorial's `model.summary()`).
MACs: 26·26·32·9 + 11·11·64·9·32 + 3·3·64·9·64 + 576·64 + 64·10.
"""

from __future__ import annotations

import pytest

from cnncalc.analysis.report import LayerReport, Report, Tensor, Totals
from cnncalc.diagnostics import Source, Span

SOURCE = Source("keras.yaml", "name: keras_net\ninput: 28x28x1\nlayers:\n  - conv 32 3x3\n")


def make_layer(
    name: str, kind: str, given: tuple[int, ...], shape: tuple[int, ...], params: int, unshared: int, macs: int,
    flops: int, elements: int, *, path: tuple[str, ...] = (), field: tuple[int, ...] | None = None, inputs: str = "x",
    **settings: object,
) -> LayerReport:  # fmt: skip
    return LayerReport(
        name=name, type=kind, inputs=(inputs,), input_shapes=(given,), output_shape=shape, params=params,
        trainable_params=params, non_trainable_params=0, buffers=0, unshared_params=unshared, macs=macs, flops=flops,
        activation_elements=elements, activation_bytes=4 * elements, receptive_field=field, effective_stride=None,
        location=Span(SOURCE, 47, 51), path=path, settings=settings, shares_with=None,
    )  # fmt: skip


@pytest.fixture
def report() -> Report:
    a, b = ("body", "0"), ("body", "1")
    layers = (
        make_layer("conv_1", "conv", (28, 28, 1), (26, 26, 32), 320, 216320, 194688, 411008, 21632,
                   field=(3, 3), inputs="input", filters=32, kernel=3),
        make_layer("body.0.max_pool_1", "max_pool", (26, 26, 32), (13, 13, 32), 0, 0, 0, 16224, 5408,
                   path=a, field=(4, 4), kernel=2),
        make_layer("body.0.conv_1", "conv", (13, 13, 32), (11, 11, 64), 18496, 2238016, 2230272, 4468288, 7744,
                   path=a, field=(8, 8), filters=64, kernel=3),
        make_layer("body.1.max_pool_1", "max_pool", (11, 11, 64), (5, 5, 64), 0, 0, 0, 4800, 1600,
                   path=b, field=(10, 10), kernel=2),
        make_layer("body.1.conv_1", "conv", (5, 5, 64), (3, 3, 64), 36928, 332352, 331776, 664128, 576,
                   path=b, field=(18, 18), filters=64, kernel=(3, 3)),
        make_layer("flatten_1", "flatten", (3, 3, 64), (576,), 0, 0, 0, 0, 576),
        make_layer("dense_1", "dense", (576,), (64,), 36928, 36928, 36864, 73792, 64, units=64),
        make_layer("dense_2", "dense", (64,), (10,), 650, 650, 640, 1290, 10, units=10),
    )  # fmt: skip
    totals = Totals(93322, 93322, 0, 0, 2824266, 2794240, 5639530, 373288, 37610, 108160)
    return Report(
        "keras_net", "formula", "HWC", "float32", 1, (Tensor("input", (28, 28, 1)),), layers,
        (Tensor("dense_2", (10,)),), totals,
    )  # fmt: skip
