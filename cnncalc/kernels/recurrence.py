"""Recurrences: one direction of one layer over a sequence, step by step.

Every function takes a sequence (batch, steps, features) and gives the hidden states of all steps (batch, steps,
units). What the input contributes is one matrix product for all steps; only the states are taken one by one, from
`state` on, or from zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from cnncalc.kernels.arrays import Array


def sigmoid(np: ModuleType, x: Array) -> Array:
    """1/(1 + e⁻ˣ), by the hyperbolic tangent, which cannot overflow."""
    half = x.dtype.type(0.5)
    return half * (np.tanh(half * x) + 1)


def rnn(
    np: ModuleType, x: Array, squash: Callable[[Array], Array], kernel: Array, recurrent: Array,
    bias: Array | None = None, recurrent_bias: Array | None = None, state: Array | None = None,
) -> Array:  # fmt: skip
    """hₜ = squash(xₜ·kernel + bias + hₜ₋₁·recurrent + recurrent_bias)."""
    given = _plus(x @ kernel, bias)
    h = np.zeros((len(x), recurrent.shape[0]), x.dtype) if state is None else state
    steps = []
    for step in range(x.shape[1]):
        h = squash(given[:, step] + _plus(h @ recurrent, recurrent_bias))
        steps.append(h)
    return np.stack(steps, axis=1)


def lstm(np: ModuleType, x: Array, **weights: Array) -> Array:
    """The states of `lstm_states`, from zeros."""
    return lstm_states(np, x, **weights)[0]


def lstm_states(
    np: ModuleType, x: Array, kernel: Array, recurrent: Array, bias: Array | None = None,
    recurrent_bias: Array | None = None, peephole: Array | None = None, projection: Array | None = None,
    state: Array | None = None, cell: Array | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """States and cells; gates in the order input, forget, candidate, output, peepholes without the candidate's."""
    given = _plus(x @ kernel, bias)
    units = kernel.shape[1] // 4
    h = np.zeros((len(x), recurrent.shape[0]), x.dtype) if state is None else state
    c = np.zeros((len(x), units), x.dtype) if cell is None else cell
    looks = np.zeros((3, units), x.dtype) if peephole is None else peephole
    states, cells = [], []
    for step in range(x.shape[1]):
        i, f, g, o = np.split(given[:, step] + _plus(h @ recurrent, recurrent_bias), 4, axis=1)
        c = sigmoid(np, f + looks[1] * c) * c + sigmoid(np, i + looks[0] * c) * np.tanh(g)
        h = sigmoid(np, o + looks[2] * c) * np.tanh(c)
        h = h if projection is None else h @ projection
        states.append(h)
        cells.append(c)
    return np.stack(states, axis=1), np.stack(cells, axis=1)


def gru(
    np: ModuleType, x: Array, kernel: Array, recurrent: Array, bias: Array | None = None,
    recurrent_bias: Array | None = None, state: Array | None = None, *, reset_after: bool,
) -> Array:  # fmt: skip
    """Gates in the order reset, update, candidate; the reset gate acts on the state or, after it, on its product."""
    given = _plus(x @ kernel, bias)
    units = recurrent.shape[0]
    gates, candidate = recurrent[:, : 2 * units], recurrent[:, 2 * units :]
    extra = np.zeros(3 * units, x.dtype) if recurrent_bias is None else recurrent_bias
    h = np.zeros((len(x), units), x.dtype) if state is None else state
    steps = []
    for step in range(x.shape[1]):
        seen = given[:, step]
        r, z = np.split(sigmoid(np, seen[:, : 2 * units] + h @ gates + extra[: 2 * units]), 2, axis=1)
        own = r * (h @ candidate + extra[2 * units :]) if reset_after else (r * h) @ candidate + extra[2 * units :]
        h = z * h + (1 - z) * np.tanh(seen[:, 2 * units :] + own)
        steps.append(h)
    return np.stack(steps, axis=1)


def _plus(x: Array, bias: Array | None) -> Array:
    return x if bias is None else x + bias
