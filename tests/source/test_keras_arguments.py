"""Impossible numbers of Keras's layers, reported at the argument that gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import SpecError, analyze

HEAD = "import keras\nfrom keras import layers\nm = keras.Sequential([keras.Input((8, 6, 3)),\n"
FRACTION = "but it must be between 0.0 and 1.0"
AT_LEAST_1 = "but it must be at least 1"
RESHAPED = "layers.Reshape((48, 3)), "
ROWS = [
    ("layers.GaussianNoise(15)", 22, f"GaussianNoise: stddev: got 15, {FRACTION}"),
    ("layers.Dropout(rate=-1)", 21, f"Dropout: rate: got -1, {FRACTION}"),
    ("layers.SpatialDropout2D(2)", 25, f"SpatialDropout2D: rate: got 2, {FRACTION}"),
    ("layers.Conv2D(8, kernel_size=0)", 30, f"Conv2D: kernel_size: got 0, {AT_LEAST_1}"),
    ("layers.Conv2D(-8, 3)", 15, f"Conv2D: filters: got -8, {AT_LEAST_1}"),
    ("layers.Conv2D(8, 3, strides=[2, 0])", 29, f"Conv2D: strides: got 0, {AT_LEAST_1}"),
    ("layers.Conv2D(8, 3, dilation_rate=0)", 35, f"Conv2D: dilation_rate: got 0, {AT_LEAST_1}"),
    ("layers.UpSampling2D(size=0)", 26, f"UpSampling2D: size: got 0, {AT_LEAST_1}"),
    ("layers.MaxPooling2D((2, 0))", 21, f"MaxPooling2D: pool_size: got 0, {AT_LEAST_1}"),
    ('layers.Dense("ten")', 14, 'Dense: units: got "ten", but a whole number is needed'),
    ("layers.ZeroPadding2D(padding=-1)", 30, "ZeroPadding2D: Keras pads by 0 or more"),
    ("layers.GroupNormalization(groups=0)", 34, "GroupNormalization: 0 groups: at least 1 is needed"),
    ("layers.LSTM(0)", 13, f"LSTM: units: got 0, {AT_LEAST_1}"),
    ("layers.Bidirectional(layers.LSTM(0))", 34, f"Bidirectional: units: got 0, {AT_LEAST_1}"),
    ("layers.TimeDistributed(layers.Dense(0))", 37, f"TimeDistributed: units: got 0, {AT_LEAST_1}"),
    ('layers.Conv2D(8, 3, padding="sam")', 29, 'Conv2D: padding: unknown word "sam"'),
    ('layers.Conv2D(8, 3, activation="rleu")', 32, 'Conv2D: unknown activation "rleu"'),
]


@pytest.mark.parametrize(("made", "column", "message"), ROWS)
def test_a_number_is_found_at_its_argument(made: str, column: int, message: str, tmp_path: Path) -> None:
    """Keras 3 raises ValueError in the constructor or in `build` for each; the column is counted by hand."""
    before = RESHAPED if "LSTM" in made or "TimeDistributed" in made else ""
    path = tmp_path / "net.py"
    path.write_text(f"{HEAD}{before}{made}])\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        analyze(f"{path}:m")
    found = caught.value.diagnostics[0]
    assert (found.line, found.column) == (4, len(before) + column)
    assert found.message.startswith(message)
