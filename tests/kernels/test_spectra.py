"""Spectra of a short signal, and the windows and bands, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import spectra


@pytest.mark.parametrize(("name", "values"), [("hann", [0, 0.5, 1, 0.5]), ("hamming", [0.08, 0.54, 1, 0.54])])
def test_windows_have_the_period_of_the_frame(name: str, values: list[float]) -> None:
    assert spectra.tapering(np, name, 4) == pytest.approx(values)


def test_a_short_window_is_in_the_middle_of_the_frame() -> None:
    """0 … 5, reflected: frames [2, 1, 0, 1], [0, 1, 2, 3], [2, 3, 4, 5], [4, 5, 4, 3], of which two numbers count.

    For numbers a, b at places 1 and 2 of 4 the spectrum is a + b, |−a·i − b|, |−a + b|.
    """
    found = spectra.magnitudes(np, np.arange(6.0), np.ones(2), 4, 2)
    pairs = np.array([(1, 0), (1, 2), (3, 4), (5, 4)])
    a, b = pairs[:, 0], pairs[:, 1]
    assert found == pytest.approx(np.stack([a + b, np.hypot(a, b), np.abs(b - a)], axis=-1))


def test_bands_on_the_mel_scale() -> None:
    """Frequencies 0, 2 and 4 Hz in one triangle from 0 to 4: 2·(1 − ln(1 + 2/700)/ln(1 + 4/700)) = 0.998576 at 2."""
    assert spectra.mel_bands(np, 3, 1, 8, 0, 4) == pytest.approx(np.array([[0], [0.998576], [0]]), abs=1e-6)
    bands = spectra.mel_bands(np, 5, 3, 8, 0, 4)
    assert bands.shape == (5, 3)
    assert bands[1:4] == pytest.approx(np.eye(3), abs=0.01)
