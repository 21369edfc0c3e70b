"""The formulas of one layer: its own rules run on named numbers, which mistakes change by one substitution.

Unchanged, they give the layer's own output, parameters and operations. A mistake gives a copy: the rules of the layer
with another field or another input, or the same formulas with a part replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.trace import LayerTrace, axis_names, keeps_steps, trace
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.homework.substitution import Substitution, leaves, rewritten
from cnncalc.layers.base import Layer, Weight

_NOT_SPATIAL = ("channels", "features", "steps")


class LayerFormulas(NamedTuple):
    """A layer with its inputs and the formulas of its numbers."""

    layer: Layer
    given: tuple[Shape, ...]
    sizes: Shape
    """The formulas of the output's sizes."""
    output: Shape
    """The output's sizes as the symbols that the other formulas contain."""
    weights: tuple[Weight, ...]
    macs: int
    other: int
    """Operations beyond those of the multiply–accumulates."""
    per_mac: int = 2
    """Operations in a multiply–accumulate."""

    # --- numbers -----------------------------------------------------------------------------------------------------

    @property
    def inner(self) -> Layer:
        """The layer inside all wrappers."""
        return innermost(self.layer)

    def shape(self) -> Shape:
        """The output. Raises Refusal if nothing comes out."""
        found = tuple(map(int, self.sizes))
        if any(size < 1 for size in found):
            raise Refusal("nothing comes out")
        return found

    def params(self) -> int:
        return sum(int(weight.size) for weight in self.counted())

    def unshared(self) -> int:
        return sum(int(weight.unshared_size) for weight in self.counted())

    def flops(self) -> int:
        return self.per_mac * int(self.macs) + int(self.other)

    def counted(self) -> list[Weight]:
        """The arrays that the convention counts as parameters."""
        kept = self.layer.setting.convention.statistics_are_params
        return [weight for weight in self.weights if kept or not weight.statistic]

    def learned(self) -> list[Weight]:
        return [weight for weight in self.weights if not weight.statistic]

    def numbers(self) -> tuple[object, ...]:
        """Every number that a metric contains, for comparison."""
        arrays = tuple((weight.shape, weight.positions, weight.statistic) for weight in self.weights)
        return (self.sizes, arrays, self.macs, self.other, self.per_mac)

    # --- parts -------------------------------------------------------------------------------------------------------

    def axis_names(self) -> tuple[str, ...]:
        """The names of the output's axes."""
        steps = keeps_steps(self.layer, self.given, self.sizes)
        return axis_names(self.layer, len(self.sizes), steps=steps)

    def spatial(self) -> list[int]:
        """The indices of the output's spatial axes."""
        return [index for index, name in enumerate(self.axis_names()) if name not in _NOT_SPATIAL]

    def channel(self) -> int:
        """The index of the output's channels or features."""
        names = self.axis_names()
        return next((index for index, name in enumerate(names) if name in _NOT_SPATIAL[:2]), len(names) - 1)

    def all_leaves(self) -> Iterable[Term]:
        """The named numbers of all formulas."""
        for term in (*self.sizes, *(size for weight in self.weights for size in weight.shape), self.macs):
            yield from leaves(term)

    def kernel(self) -> Weight | None:
        """The array with the most numbers that is multiplied by the input."""
        return max((weight for weight in self.learned() if not is_bias(weight)), key=lambda one: one.size, default=None)

    # --- changed copies ----------------------------------------------------------------------------------------------

    def with_sizes(self, change: Callable[[int], int]) -> LayerFormulas | None:
        """A copy with every spatial size changed; the counts follow. None if that has no effect."""
        places = self.spatial()
        return self.with_shape(
            tuple(change(size) if index in places else size for index, size in enumerate(self.sizes))
        )

    def with_channels(self, channels: int) -> LayerFormulas | None:
        """A copy with another number of channels."""
        at = self.channel()
        return self.with_shape((*self.sizes[:at], channels, *self.sizes[at + 1 :]))

    def with_shape(self, sizes: Shape) -> LayerFormulas | None:
        """A copy with other output sizes; the counts follow."""
        return self.unlike(following(self, sizes))

    def with_weights(self, change: Callable[[Weight], Weight | None]) -> LayerFormulas | None:
        """A copy with other arrays; those for which `change` gives None are left out."""
        made = tuple(new for weight in self.weights if (new := change(weight)) is not None)
        return self.unlike(self._replace(weights=made))

    def with_counts(self, edit: Substitution) -> LayerFormulas | None:
        """A copy with a substitution in the arrays and in the multiply–accumulates."""
        made = tuple(weight._replace(shape=edited(weight.shape, edit)) for weight in self.weights)
        return self.unlike(self._replace(weights=made, macs=rewritten(self.macs, edit)))

    def with_macs(self, macs: int) -> LayerFormulas | None:
        """A copy with other multiply–accumulates."""
        return self.unlike(self._replace(macs=macs))

    def with_fields(self, **changes: Any) -> LayerFormulas | None:
        """The formulas of the same layer with other fields; None if it has none of them, or has these values."""
        layer = with_fields(self.layer, **changes)
        return None if layer is None else self.unlike(formulas(layer, self.given))

    def with_inputs(self, *given: Shape) -> LayerFormulas | None:
        """The formulas of the same layer on other inputs."""
        return self.unlike(formulas(self.layer, given))

    def unlike(self, other: LayerFormulas) -> LayerFormulas | None:
        """The other formulas; None if they give the same numbers."""
        return None if other.numbers() == self.numbers() else other


def formulas(layer: Layer, inputs: tuple[Shape, ...]) -> LayerFormulas:
    """The formulas of a layer with these inputs. Raises Refusal if the layer does."""
    traced = trace(layer, inputs)
    return LayerFormulas(
        layer, inputs, traced.sizes, traced.output, tuple(traced.layer.weights(*traced.inputs, traced.output)),
        _whole(traced, "macs"), _whole(traced, "elementwise"),
    )  # fmt: skip


def _whole(traced: LayerTrace, rule: str) -> int:
    found: int = getattr(traced.layer, rule)(*traced.inputs, traced.output)
    return found


def following(right: LayerFormulas, sizes: Shape) -> LayerFormulas:
    """The formulas with other output sizes: the counts contain the output's symbols, which take the new values."""
    symbols = {
        (name.symbol, name.axis): Term.leaf(int(new), name.symbol, name.axis)
        for name, old, new in zip(right.output, right.sizes, sizes, strict=False)
        if isinstance(name, Term) and name is not old
    }
    if len(sizes) != len(right.sizes) or not symbols:
        return right._replace(sizes=sizes)

    def edit(term: Term) -> int | None:
        return symbols.get((term.symbol, term.axis)) if term.operator == "leaf" else None

    return right._replace(
        sizes=sizes,
        weights=tuple(
            weight._replace(shape=edited(weight.shape, edit), positions=edited(weight.positions, edit))
            for weight in right.weights
        ),
        macs=rewritten(right.macs, edit),
        other=rewritten(right.other, edit),
    )


def edited(shape: Shape, edit: Substitution) -> Shape:
    """A shape with a substitution in each of its sizes."""
    return tuple(rewritten(size, edit) for size in shape)


def is_bias(weight: Weight) -> bool:
    """Whether an array is added rather than multiplied."""
    return "bias" in weight.name or weight.name == "shift"


def innermost(layer: Layer) -> Layer:
    """The layer inside all wrappers."""
    while layer.wraps:
        layer = layer.layer  # type: ignore[attr-defined]
    return layer


def with_fields(layer: Layer, **changes: Any) -> Layer | None:
    """The layer, or the one inside it, with other fields; None if it has none of them, or has these values."""
    if layer.wraps:
        inner = with_fields(layer.layer, **changes)  # type: ignore[attr-defined]
        if inner is None or changes.get("bidirectional") is False:
            return inner
        return layer.under(layer.setting, layer=inner)
    own = {name: value for name, value in changes.items() if name in layer.fields}
    if all(getattr(layer, layer.fields[name].attribute) == value for name, value in own.items()):
        return None
    return layer.under(layer.setting, **own)


def product(shape: Shape) -> int:
    """The product of sizes, as a formula."""
    return prod(shape)
