"""The remainder of a stride."""

from __future__ import annotations

from cnncalc.arithmetic.window import AxisWindow


def left_over(W: int, window: AxisWindow) -> int:
    """(W − F′ + P₀ + P₁) mod S: the positions of the padded input after the last window; 0 if it divides evenly."""
    return (W - window.extent + window.before + window.after) % window.stride
