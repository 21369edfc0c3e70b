"""Mistakes in counting the weights and the work of recurrent layers."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import COUNTED, COUNTS, WORK, miscalculated, only
from cnncalc.homework.substitution import factors, is_leaf, is_literal, rewritten
from cnncalc.layers.base import Weight


def _gates(own: LayerFormulas) -> int:
    """The number of gates, which is a number of the formula itself; a 2 is that of the directions."""
    found = (part for weight in own.learned() for size in weight.shape for part in factors(size))
    return next((int(part) for part in found if not isinstance(part, Term) and part > 2), 1)


def _with_gates(own: LayerFormulas, gates: int, of: tuple[int, ...] = ()) -> LayerFormulas | None:
    """The formulas with another number of gates, if there are `of` now."""
    now = _gates(own)
    if of and now not in of:
        return None
    return own.with_counts(lambda part: _several(part, now, gates))


def _several(part: Term, now: int, gates: int) -> int | None:
    if part.operator != "*":
        return None
    if is_literal(part.parts[0], now):
        return gates * part.parts[1]
    return part.parts[0] * gates if is_literal(part.parts[1], now) else None


@miscalculated("only one gate counted", "(n + u)·u + u", likely=1, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def one_gate(own: LayerFormulas) -> LayerFormulas | None:
    """Every gate has its own weights: {gates} times as many."""
    return _with_gates(own, 1)


@miscalculated("three gates instead of four", "3·((n + u)·u + u)", likely=2, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def three_gates(own: LayerFormulas) -> LayerFormulas | None:
    """An LSTM has three gates and the candidate of its cell: four sets of weights."""
    return _with_gates(own, 3, of=(4,))


@miscalculated("four gates instead of three", "4·((n + u)·u + u)", likely=2, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def four_gates(own: LayerFormulas) -> LayerFormulas | None:
    """A GRU has two gates and a candidate: three sets of weights, one less than an LSTM."""
    return _with_gates(own, 4, of=(3,))


@miscalculated("two gates instead of three", "2·((n + u)·u + u)", likely=4, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def two_gates(own: LayerFormulas) -> LayerFormulas | None:
    """A GRU has two gates and a candidate, which has weights of its own."""
    return _with_gates(own, 2, of=(3,))


def _keeping(own: LayerFormulas, kind: str) -> LayerFormulas | None:
    """The formulas without the kernels of the input, or without those of the state."""

    def change(weight: Weight) -> Weight | None:
        return None if weight.name.startswith(kind) and "bias" not in weight.name else weight

    made = own.with_weights(change)
    if made is None:
        return None
    dropped = sum(weight.unshared_size for weight in own.weights if change(weight) is None)
    return made._replace(macs=own.macs - dropped)


@miscalculated("the state's weights forgotten", "gates·(n·u + u)", likely=2, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def recurrent_weights_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every gate reads the state as well as the input: u·u additional weights."""
    return _keeping(own, "recurrent")


@miscalculated("the input's weights forgotten", "gates·(u·u + u)", likely=2, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def input_weights_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every gate reads the input as well as the state: n·u additional weights."""
    return _keeping(own, "kernel")


@miscalculated("work of one step", "gates·(n + u)·u", likely=1, about="macs", when=only("recurrent"), figures=WORK)
def one_step(own: LayerFormulas) -> LayerFormulas | None:
    """The same work is done at each of the {steps} steps."""
    return own.with_macs(rewritten(own.macs, lambda part: 1 if is_leaf(part, "T") else None))


@miscalculated("the number of steps taken for the features", "gates·((T + u)·u + u)", likely=3, about="params",
               when=only("recurrent"), figures=COUNTS)  # fmt: skip
def steps_for_features(own: LayerFormulas) -> LayerFormulas | None:
    """A kernel reads the {n} features of one step; the number of steps does not matter."""
    steps = own.given[0][0]
    return own.with_counts(lambda part: Term.leaf(int(steps), "T") if is_leaf(part, "n") else None)


@miscalculated("input and state joined in the output", "output = n + u", likely=4, about="output",
               when=only("recurrent"))  # fmt: skip
def input_joined_to_state(own: LayerFormulas) -> LayerFormulas | None:
    """The output is the state; the input is only read."""
    at = own.channel()
    return own.with_channels(own.sizes[at] + own.given[0][-1])


def _stacked(own: LayerFormulas) -> int:
    return int(own.inner.layers)  # type: ignore[attr-defined]


@miscalculated("only one layer of the stack counted", "one layer", likely=1, about="params", when=only("recurrent"),
               figures=COUNTS)  # fmt: skip
def one_stacked_layer(own: LayerFormulas) -> LayerFormulas | None:
    """Each of the stacked layers has its own weights."""
    return own.with_fields(layers=1)


@miscalculated("the same input for every layer of the stack", "layers·gates·((n + u)·u + u)", likely=2, about="params",
               when=only("recurrent"), figures=COUNTED)  # fmt: skip
def stacked_layers_alike(own: LayerFormulas) -> LayerFormulas | None:
    """From the second layer on, the input is the output of the layer below, not the {n} features."""
    one = own.with_fields(layers=1)
    return None if one is None else own.unlike(own._replace(weights=one.weights * _stacked(own)))


@miscalculated("one direction as the input of the next layer", "n = u", likely=2, about="params",
               when=only("recurrent"), figures=COUNTED)  # fmt: skip
def directions_not_joined(own: LayerFormulas) -> LayerFormulas | None:
    """Both directions are joined: the next layer of the stack reads 2·u features."""

    def change(weight: Weight) -> Weight:
        is_higher = weight.name.startswith("kernel_") and weight.name != "kernel_back"
        units = next((part for part in factors(weight.shape[0]) if is_leaf(part)), weight.shape[0])
        return weight._replace(shape=(units, *weight.shape[1:])) if is_higher else weight

    return own.with_weights(change)


@miscalculated("the projection ignored", "gates·((n + u)·u + u)", likely=1, about="params", when=only("recurrent"))
def projection_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """The state is projected to fewer features, which the next step reads."""
    return own.with_fields(projection=None)


@miscalculated("the gates of an LSTM", "4·((n + u)·u + u)", likely=2, about="params", when=only("rnn"), figures=COUNTS)
def gates_of_an_lstm(own: LayerFormulas) -> LayerFormulas | None:
    """A simple recurrent layer has no gates: one set of weights."""
    weights = tuple(weight._replace(shape=(4, *weight.shape)) for weight in own.weights)
    return own._replace(weights=weights, macs=4 * own.macs)
