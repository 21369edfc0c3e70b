"""Names: where a layer's name is looked up, how an unnamed layer is called, what an expression may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.diagnostics import Span


class Scope:
    """The surroundings of an item: a prefix for names, counters for unnamed layers, and the values in sight.

    A block's instance and a named repeat open a scope of their own (`stage2.1.`); an unnamed group shares its
    surroundings' names and adds only values (`i`).
    """

    __slots__ = ("_counters", "buffers", "parent", "path", "prefix", "trainable", "twin", "values")

    def __init__(self, values: Mapping[str, object], *, parent: Scope | None = None, name: str = "") -> None:
        self.values = dict(values)
        self.parent = parent
        self.prefix: str = f"{parent.prefix if parent else ''}{name}{'.' if name else ''}"
        self.path: tuple[str, ...] = (*(parent.path if parent else ()), *((name,) if name else ()))
        self.trainable: bool = parent.trainable if parent else True
        self.buffers: bool = parent.buffers if parent else False
        """Whether all weights are fixed numbers, not parameters."""
        self.twin: tuple[str, str, Span] | None = parent.twin if parent else None
        """Own prefix, that of the block whose layers' weights are used here, and where the spec says so."""
        self._counters: dict[str, int] = {} if parent is None or name else parent._counters

    def inner(self, *, name: str = "", values: Mapping[str, object] | None = None) -> Scope:
        """A scope inside this one that sees its values and `values`."""
        return Scope({**self.values, **(values or {})}, parent=self, name=name)

    def instance(self, name: str, values: Mapping[str, object], outermost: Mapping[str, object]) -> Scope:
        """A block's scope: it sees its parameters and the model's variables, not its caller's values."""
        return Scope({**outermost, **values}, parent=self, name=name)

    def next_name(self, kind: str) -> str:
        """`TYPE_N`, N counting from 1 per type, without the prefix."""
        number = self._counters.get(kind, 0) + 1
        self._counters[kind] = number
        return f"{kind}_{number}"

    def candidates(self, name: str) -> Iterator[str]:
        """The full names that `name` could mean here, innermost first. A name after a dot is a full name."""
        yield self.prefix + name
        parts = self.prefix.split(".")[:-1]
        for depth in range(len(parts) - 1, -1, -1):
            yield ".".join([*parts[:depth], name])
        if name.startswith("."):
            yield name[1:]
