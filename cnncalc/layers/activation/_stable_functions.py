"""Functions that several activations use; none of them overflows anywhere in the range of a float."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array

# Coefficients of t⁰ … t⁹ in the Chebyshev fit of erfc: Press et al., Numerical Recipes in C, 2nd edition, section 6.2.
_ERFC = (
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
)  # fmt: skip


def softplus(np: ModuleType, x: Array) -> Array:
    """ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def exponential_tail(np: ModuleType, x: Array) -> Array:
    """eˣ − 1 where x is negative, 0 elsewhere."""
    return np.expm1(np.minimum(x, 0))


def upper_tail(np: ModuleType, x: Array) -> Array:
    """Q(x) = erfc(x/√2)/2 for 0 ≤ x ≤ 100, the probability that a standard normal is above x.

    The relative error is at most 1.2·10⁻⁷.
    """
    z = x * 0.5**0.5
    t = z * 0.5
    t += 1
    np.divide(1, t, out=t)
    y = t * _ERFC[-1]
    for coefficient in _ERFC[-2:0:-1]:
        y += coefficient
        y *= t
    y += _ERFC[0]
    z *= z
    y -= z
    np.exp(y, out=y)
    y *= t
    y *= 0.5
    return y
