"""Functions that several activations use; none of them overflows anywhere in the range of a float."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array

# Coefficients of t⁰ … t⁹ in the Chebyshev fit of erfc: Press et al., Numerical Recipes in C, 2nd edition, section 6.2.
_ERFC = (
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
)  # fmt: skip


def sigmoid(np: ModuleType, x: Array) -> Array:
    """1/(1 + e⁻ˣ), computed from e^−|x|, which cannot overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def softplus(np: ModuleType, x: Array) -> Array:
    """ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def exponential_tail(np: ModuleType, x: Array) -> Array:
    """eˣ − 1 where x is negative, 0 elsewhere."""
    return np.expm1(np.minimum(x, 0))


def normal_distribution(np: ModuleType, x: Array) -> Array:
    """Φ(x) = erfc(−x/√2)/2, the standard normal distribution; relative error at most 1.2·10⁻⁷ in both tails."""
    z = np.abs(x) * 0.5**0.5
    t = 1 / (1 + 0.5 * z)
    polynomial = _ERFC[-1]
    for coefficient in reversed(_ERFC[:-1]):
        polynomial = polynomial * t + coefficient
    tail = 0.5 * t * np.exp(polynomial - np.minimum(z, 1e4) ** 2)
    return np.where(x > 0, 1 - tail, tail)
