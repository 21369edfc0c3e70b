"""Bytes, intensities and lower bounds of time, by hand arithmetic."""

from __future__ import annotations

import pytest

from cnncalc.analysis.roofline.bounds import TimeBounds, bounds
from cnncalc.analysis.roofline.device import DEVICES, device_of
from cnncalc.diagnostics import SpecError
from tests.together import for_each

PEAK, BANDWIDTH = 1e9, 1e8


def bounds_at(spec: str, **options: object) -> TimeBounds:
    return bounds(spec, device="1 GFLOP/s, 100 MB/s", **options)


def test_a_convolution_reads_input_and_weights_and_writes_its_output() -> None:
    """5x7x3 by 2 kernels 3x3: reads 105 + 56 numbers, writes 3·5·2, and has 2·27·30 + 30 FLOPs."""
    (layer,) = bounds_at("5x7x3 -> conv 2 3x3").layers
    assert (layer.bytes_read, layer.bytes_written) == (4 * (105 + 56), 4 * 30)
    assert layer.flops == 2 * 27 * 30 + 30
    assert layer.intensity == (2 * 27 * 30 + 30) / (4 * 191)
    assert layer.bound == "memory"
    assert layer.seconds == 4 * 191 / BANDWIDTH


def test_a_batch_reads_the_weights_once() -> None:
    """Eleven samples read eleven inputs and one kernel."""
    (layer,) = bounds_at("5x7x3 -> conv 2 3x3", batch=11).layers
    assert layer.bytes_read == 4 * (11 * 105 + 56)
    assert layer.bytes_written == 4 * 11 * 30


def test_the_two_bounds_of_a_model() -> None:
    """Fused, the model moves 13 inputs, 14·11 + 12·7 weights and 7 outputs; layer by layer also 11 twice."""
    found = bounds_at("13 -> dense 11 -> dense 7")
    outer = 4 * (13 + 14 * 11 + 12 * 7 + 7)
    assert found.outer_bytes == outer
    assert found.least_seconds == outer / BANDWIDTH
    assert found.layer_seconds == pytest.approx((outer + 4 * 22) / BANDWIDTH)


def test_a_long_computation_is_bound_by_arithmetic() -> None:
    """At 10 FLOPs per byte or more, the peak rate limits the layer."""
    (layer,) = bounds_at("17x17x13 -> conv 11 3x3").layers
    assert layer.flops / layer.bytes > PEAK / BANDWIDTH
    assert (layer.bound, layer.seconds) == ("arithmetic", layer.flops / PEAK)


@for_each("spec", ["5x7x3 -> flatten", "5x7x3 -> dropout 0.5", "6 -> reshape 2x3"])
def test_views_and_dropout_move_nothing(spec: str) -> None:
    """A layer that only names its input anew takes no time at inference."""
    (layer,) = bounds_at(spec).layers
    assert (layer.bytes, layer.seconds, layer.bound, layer.intensity) == (0, 0, "", None)


@for_each("spec", ["5x7x3 -> flatten", "64 -> repeat_vector 10", "16x16x8 -> slice axis=height step=2 -> relu"])
def test_the_model_is_never_bound_more_than_its_layers(spec: str) -> None:
    """What no layer reads need not be moved at all."""
    found = bounds_at(spec)
    assert found.least_seconds <= found.layer_seconds


def test_a_table_is_read_by_rows() -> None:
    """Seven look-ups read seven rows of 5 numbers, not the table of 1,000."""
    found = bounds_at("7 -> embedding 1000 5")
    assert found.layers[0].weight_bytes == 4 * 7 * 5
    assert found.outer_bytes == 4 * (7 + 7 * 5 + 7 * 5)


# device, data type, TFLOP/s
RATES = [
    ("a100-40gb", "bfloat16", 312),
    ("rtx-3090", "float16", 142),
    ("rtx-3090", "bfloat16", 71),
    ("rtx-4090", "float16", 330.3),
    ("rtx-4090", "bfloat16", 165.2),
]


@for_each(("device", "dtype", "teraflops"), RATES)
def test_rates_of_the_table(device: str, dtype: str, teraflops: float) -> None:
    """Peak rates of dense matrices; GeForce cards accumulate in float32, as bfloat16 does, at half the rate."""
    assert device_of(device, dtype).flops_per_second == teraflops * 1e12


def test_float16_halves_the_bytes() -> None:
    """Two bytes per number, and the tensor cores' rate of the data sheet."""
    found = bounds("5x7x3 -> conv 2 3x3", device="t4", dtype="float16")
    assert found.layers[0].bytes == 2 * 191
    assert found.device is not None
    assert found.device.flops_per_second == 65e12


@for_each(
    "text, flops, byte_rate",
    [
        ("19.5 TFLOP/s, 1.5 TB/s", 19.5e12, 1.5e12),
        ("1.5TB/s,19.5TFLOPS", 19.5e12, 1.5e12),
        ("500 GMAC/s, 25.6 GB/s", 1e12, 25.6e9),
        ("1 EFLOP/s, 1e3 GB/s", 1e18, 1e12),
        ("A100 40GB", 19.5e12, 1555e9),
    ],
)
def test_devices_as_people_write_them(text: str, flops: float, byte_rate: float) -> None:
    """Rates in either order, with MACs as two FLOPs, or a name in any case."""
    device = device_of(text, "float32")
    assert device.flops_per_second == pytest.approx(flops)
    assert device.bytes_per_second == pytest.approx(byte_rate)


@for_each(
    "text, words",
    [
        ("19.5 TFLOP/s", "the rate of memory is missing"),
        ("1 TB/s, 2 TB/s", "two rates of memory"),
        ("fast", "neither a rate nor a known device"),
        ("1 TFLOP/s, 900 GiB/s", "binary unit"),
        ("0 TFLOP/s, 1 TB/s", "missing or 0"),
        ("v100-sxm2", "no peak rate for bfloat16"),
        ("1 TFLOP/s, " * 3, "two rates of arithmetic"),
    ],
)
def test_devices_that_cannot_be_read(text: str, words: str) -> None:
    """The message says which part is wrong."""
    with pytest.raises(SpecError, match=words):
        device_of(text, "bfloat16")


def test_a_name_that_two_devices_share_gets_both_as_hint() -> None:
    """The two sizes of the A100 begin alike."""
    with pytest.raises(SpecError, match="a100-40gb or a100-80gb"):
        device_of("A100", "float32")


def test_every_device_has_a_source() -> None:
    """The table states the data sheet of each device, and a rate for float32."""
    assert all(sheet.source and sheet.teraflops["float32"] for sheet in DEVICES.values())


def test_a_part_of_an_array_is_all_that_is_read() -> None:
    """Two rows of nine, of 7·4 numbers each; a pool reads its whole input."""
    (rows,) = bounds_at("9x7x4 -> gather [0,5] axis=1").layers
    (pool,) = bounds_at("9x7x4 -> max_pool 2").layers
    assert (rows.bytes_read, rows.bytes_written) == (4 * 2 * 7 * 4, 4 * 2 * 7 * 4)
    assert (pool.bytes_read, pool.bytes_written) == (4 * 9 * 7 * 4, 4 * 4 * 3 * 4)


def test_rates_are_powers_of_ten() -> None:
    """NVIDIA states 67 TFLOP/s and 3350 GB/s for the H100 SXM."""
    device = device_of(" H100-sxm ", "float32")
    assert (device.name, device.flops_per_second, device.bytes_per_second) == ("H100-sxm", 67 * 10**12, 3350 * 10**9)


def test_a_message_quotes_sixty_characters() -> None:
    with pytest.raises(SpecError) as caught:
        device_of("x" * 61, "float32")
    assert f'"{"x" * 60}" is neither' in caught.value.diagnostics[0].message
