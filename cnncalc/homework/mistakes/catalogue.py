"""The registry of mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue
from cnncalc.homework.formulas import LayerFormulas, innermost
from cnncalc.homework.mistakes.facts import facts_or_symbols
from cnncalc.layers.base import Layer

if TYPE_CHECKING:
    from cnncalc.forward.apply import Prepared

_MOST_WORK = 1_000_000
"""Larger outputs on literal arrays are not computed with every mistake."""

Meant = Callable[[AskedModel, Asked], Iterable[tuple[FigureValue, str]]]
"""Metrics that may be confused with the requested one, each with a description."""
Computed = Callable[["Prepared"], Any]
"""The wrong output of a layer on literal arrays; None if the mistake cannot be made."""
Changing = Callable[..., LayerFormulas | None]
ChoicesOf = Callable[[LayerFormulas], Iterable[str]]

SIZES = ("output", "activation_elements", "activation_bytes")
COUNTED = ("params", "trainable_params", "unshared_params", "param_bytes")
WORK = ("macs", "flops")
COUNTS = (*COUNTED, *WORK)


class Change(NamedTuple):
    """A mistake as a function of a layer's formulas; `choice` selects one of its variants."""

    function: Changing
    choice: str
    when: Callable[[Layer], bool] | None

    def concerns(self, layer: Layer) -> bool:
        """Whether the mistake can be made in this type of layer."""
        return self.when is None or self.when(innermost(layer))

    def __call__(self, own: LayerFormulas, /) -> LayerFormulas | None:
        if self.when is not None and not self.when(own.inner):
            return None
        return self.function(own, self.choice) if self.choice else self.function(own)


class Mistake(NamedTuple):
    """A mistake by name; one of `change`, `meant` and `computed` is set.

    `likely` ranges from 1 (very common) to 9 (rare).
    """

    name: str
    title: str
    """The mistake in a few words; `{}` is replaced by the variant."""
    rule: str
    """The wrong calculation, as a formula."""
    explanation: str
    likely: int
    change: Changing | None = None
    meant: Meant | None = None
    computed: Computed | None = None
    figures: tuple[str, ...] = ()
    """The metrics in which it is made; all, if empty."""
    about: str = ""
    """The metric that `rule` computes: output, params or macs."""
    when: Callable[[Layer], bool] | None = None
    """The layers in which it can be made; all, if None."""
    choices: tuple[str, ...] | ChoicesOf = ()
    """The variants, or a function that gives those of a layer."""
    narrows: str = ""
    """The name of the mistake of all layers that this one describes for its kind of layer."""

    @property
    def general_title(self) -> str:
        """The title without a variant."""
        return self.title.format("…")

    def explain(self, right: LayerFormulas | None) -> str:
        """The explanation, with the numbers of the layer or, without a layer, with symbols."""
        return self.explanation.format_map(facts_or_symbols(right))

    def changes(self, layers: Iterable[LayerFormulas]) -> list[Change]:
        """The mistake in each of its variants for these layers, in which it can be made."""
        assert self.change is not None
        choices = self.choices
        if callable(choices):
            found = tuple(dict.fromkeys(choice for own in layers for choice in choices(own)))
            return [Change(self.change, choice, self.when) for choice in found]
        return [Change(self.change, choice, self.when) for choice in choices or ("",)]


_MISTAKES: dict[str, Mistake] = {}
_FILES = (
    "windows", "padding", "rounding", "enlarging", "axes", "channels", "features", "merges", "biases", "kernels",
    "sharing", "groups", "gates", "attention", "pools_and_norms", "work", "left_out", "in_models", "fields", "memory",
    "misread", "arrays",
)  # fmt: skip


def miscalculated(
    title: str, rule: str, *, likely: int, figures: tuple[str, ...] = (), **more: Any
) -> Callable[[Changing], Changing]:
    """Register a function that makes a mistake in a layer's formulas, under its own name."""

    def register(change: Changing) -> Changing:
        name = change.__name__
        _MISTAKES[name] = Mistake(name, title, rule, _why(change), likely, change=change, figures=figures, **more)
        return change

    return register


def misread(title: str, rule: str, *, likely: int) -> Callable[[Meant], Meant]:
    """Register a function that returns the metrics of a misreading, under its own name."""

    def register(meant: Meant) -> Meant:
        _MISTAKES[meant.__name__] = Mistake(meant.__name__, title, rule, _why(meant), likely, meant=meant)
        return meant

    return register


def miscomputed(title: str, rule: str, *, likely: int) -> Callable[[Computed], Computed]:
    """Register a function that computes a layer's output on literal arrays wrongly, under its own name."""

    def register(computed: Computed) -> Computed:
        name = computed.__name__
        _MISTAKES[name] = Mistake(name, title, rule, _why(computed), likely, computed=computed)
        return computed

    return register


def wrong_arrays(ready: Prepared) -> list[tuple[Mistake, Any]]:
    """The wrong outputs of a layer on literal arrays, as lists, the most likely mistake first."""
    found: list[tuple[Mistake, Any]] = []
    if ready.work > _MOST_WORK:
        return found
    for mistake in catalogue():
        if mistake.computed is not None:
            try:
                wrong = mistake.computed(ready)
            except Refusal:
                continue
            if wrong is not None:
                found.append((mistake, wrong.tolist()))
    return found


def _why(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split())


@cache
def catalogue() -> tuple[Mistake, ...]:
    """Every mistake, the most likely first."""
    for file in _FILES:
        import_module(f"{__package__}.{file}")
    return tuple(sorted(_MISTAKES.values(), key=lambda mistake: (mistake.likely, mistake.name)))


def only(*names: str) -> Callable[[Layer], bool]:
    """Whether a layer has one of these types or families."""
    return lambda layer: layer.type in names or layer.family in names
