"""Recurrences: one direction of one layer over a sequence, step by step.

Every function takes a sequence (batch, steps, features) and returns the hidden states of all steps (batch, steps,
units). The input's contribution is one matrix product for all steps; only the states are computed one by one, starting
at `state` or zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

from cnncalc.kernels.arrays import Array
from cnncalc.kernels.elementwise import sigmoid


class GateWeights(NamedTuple):
    """The arrays of one direction of one layer; None for those that it does not have.

    `kernel` is (features, gates·units) and `recurrent` (hidden, gates·units), with a bias each of (gates·units,); an
    LSTM's `peephole` is (3, units) and its `projection` (units, hidden).
    """

    kernel: Array
    recurrent: Array
    bias: Array | None = None
    recurrent_bias: Array | None = None
    peephole: Array | None = None
    projection: Array | None = None

    def of_input(self, x: Array) -> Array:
        """The input's contribution to the gates at all steps."""
        return _plus(x @ self.kernel, self.bias)

    def of_state(self, h: Array) -> Array:
        """The state's contribution to the gates at one step."""
        return _plus(h @ self.recurrent, self.recurrent_bias)

    def start(self, np: ModuleType, x: Array, state: Array | None) -> Array:
        """The state before the first step: zeros unless one is given."""
        return np.zeros((len(x), self.recurrent.shape[0]), x.dtype) if state is None else state


def rnn(
    np: ModuleType, x: Array, squash: Callable[[Array], Array], weights: GateWeights, state: Array | None = None
) -> Array:
    """hₜ = squash(xₜ·kernel + bias + hₜ₋₁·recurrent + recurrent_bias)."""
    given, h = weights.of_input(x), weights.start(np, x, state)
    steps = []
    for step in range(x.shape[1]):
        h = squash(given[:, step] + weights.of_state(h))
        steps.append(h)
    return np.stack(steps, axis=1)


def lstm(np: ModuleType, x: Array, weights: GateWeights) -> Array:
    """The states of `lstm_states`, starting at zeros."""
    return lstm_states(np, x, weights)[0]


def lstm_states(
    np: ModuleType, x: Array, weights: GateWeights, state: Array | None = None, cell: Array | None = None
) -> tuple[Array, Array]:
    """States and cells. Gates are in the order input, forget, candidate, output; peepholes omit the candidate."""
    given, h = _plus(weights.of_input(x), weights.recurrent_bias), weights.start(np, x, state)
    units, looks = weights.kernel.shape[1] // 4, weights.peephole
    c = np.zeros((len(x), units), x.dtype) if cell is None else cell
    gates = np.empty((len(x), 4 * units), x.dtype)
    i, f, g, o = np.split(gates, 4, axis=1)
    slopes = np.repeat(np.array([0.5, 0.5, 1, 0.5], x.dtype), units)
    early = slice(3 * units) if looks is not None else slice(None)
    states, cells = [], []
    for step in range(x.shape[1]):
        np.matmul(h, weights.recurrent, out=gates)
        gates += given[:, step]
        if looks is not None:
            i += looks[0] * c
            f += looks[1] * c
        _squash(np, gates[:, early], slopes[early])
        c = f * c + i * g
        if looks is not None:
            o += looks[2] * c
            _squash(np, o, slopes[-units:])
        h = o * np.tanh(c)
        h = h if weights.projection is None else h @ weights.projection
        states.append(h)
        cells.append(c)
    return np.stack(states, axis=1), np.stack(cells, axis=1)


def _squash(np: ModuleType, gates: Array, slopes: Array) -> None:
    """In place, the tanh of gates with the slope 1, and the sigmoid, (tanh(x/2) + 1)/2, of those with 1/2."""
    gates *= slopes
    np.tanh(gates, out=gates)
    gates *= slopes
    gates += 1 - slopes


def gru(np: ModuleType, x: Array, weights: GateWeights, state: Array | None = None, *, reset_after: bool) -> Array:
    """The states. Gates are in the order reset, update, candidate; the reset acts on the state or on its product."""
    given, h = weights.of_input(x), weights.start(np, x, state)
    units = weights.recurrent.shape[0]
    gates, candidate = weights.recurrent[:, : 2 * units], weights.recurrent[:, 2 * units :]
    extra = np.zeros(3 * units, x.dtype) if weights.recurrent_bias is None else weights.recurrent_bias
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
