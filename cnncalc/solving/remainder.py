"""What a stride leaves over."""

from __future__ import annotations

from cnncalc.arithmetic.window import AxisWindow


def left_over(W: int, window: AxisWindow) -> int:
    """(W − F′ + P₀ + P₁) mod S: the positions of the padded input that no last window reaches; 0 where it tiles."""
    return (W - window.extent + window.before + window.after) % window.stride
