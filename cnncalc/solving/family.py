"""A family of models: a spec, and the quantities that vary in it."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple, TextIO

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.graph.work import LayerCount
from cnncalc.importing.document import INPUT, Choices, ModelDocument, read
from cnncalc.reading.load import Reference
from cnncalc.solving.question import unusable
from cnncalc.solving.ranges import WrittenRange
from cnncalc.solving.variation import Base, Varied, base_of, changed, read_varied

ChosenValues = tuple[int, ...]
"""A value of each varied quantity, in their order."""


class Family(NamedTuple):
    """All combinations of the varied values, numbered with the last quantity as the fastest."""

    document: ModelDocument
    varied: tuple[Varied, ...]
    base: Base

    @property
    def size(self) -> int:
        """The number of combinations."""
        return prod(len(part.values) for part in self.varied)

    @property
    def is_read_again(self) -> bool:
        """Whether the layers of a model file depend on a quantity that varies."""
        names = {INPUT if part.input else part.name for part in self.varied}
        return not names.isdisjoint(self.document.depends_on)

    def values(self, place: int) -> ChosenValues:
        """The values of the combination with the number `place`, from 0."""
        found = []
        for part in reversed(self.varied):
            place, index = divmod(place, len(part.values))
            found.append(part.values[index])
        return tuple(reversed(found))

    def build(
        self, values: ChosenValues, cache: BuildCache, built: LayerCount
    ) -> tuple[Graph | None, list[Diagnostic]]:
        """The model with these values, or None with its mistakes."""
        overrides = changed(self.base, self.varied, values)
        root = self.document.root
        if self.document.again is not None and self.is_read_again:
            cache = BuildCache()
            try:
                root = self.document.again(Choices(overrides.input, overrides.variables))
            except SpecError as error:
                return None, error.diagnostics
        assert root is not None
        return build(root, overrides, cache, built)


def read_family(
    source: Reference, ranges: Mapping[str, WrittenRange], overrides: Overrides, stdin: TextIO | None = None
) -> Family:  # fmt: skip
    """The family that a spec and ranges describe. Raises SpecError."""
    if not ranges:
        raise unusable("nothing varies", "for example, --vary input=32..512, or a variable of the spec")
    document = read(source, Choices(overrides.input, overrides.variables), limits=overrides.limits, stdin=stdin)
    if document.root is None or document.diagnostics:
        raise SpecError(document.diagnostics)
    varied = read_varied(document.root, ranges, document.depends_on)
    return Family(document, varied, base_of(document.root, varied, overrides._replace(variant=document.variant)))


def is_of_sizes(diagnostics: list[Diagnostic]) -> bool:
    """Whether the errors concern sizes, which other values may avoid, rather than the text."""
    return all(diagnostic.code.startswith("E3") for diagnostic in diagnostics)
