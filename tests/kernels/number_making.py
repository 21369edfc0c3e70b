"""Arrays of small whole numbers, the same everywhere, so that a framework's answer can be written out exactly."""

from __future__ import annotations

from typing import Any

import numpy as np


def squares(*shape: int, period: int = 7) -> Any:
    """0, 1, 4, 9, … modulo `period`, moved to lie around 0: inputs have period 7, kernels 11."""
    count = int(np.prod(shape))
    return (np.arange(count) ** 2 % period - period // 2).astype(np.float32).reshape(shape)


def scattered(*shape: int) -> Any:
    """0, 7, 14, … modulo 31, minus 15: thirty-one different numbers before any comes again."""
    return (np.arange(int(np.prod(shape))) * 7 % 31 - 15).astype(np.float32).reshape(shape)
