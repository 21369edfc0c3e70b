"""The spec whose input has letters, at numbers for them: those of its own input, or sizes that it works with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple

from cnncalc.analysis.analyze import read_document
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.importing.document import INPUT, Choices, ModelDocument
from cnncalc.reading.load import Reference

LetteredShape = tuple[int | str, ...]
"""A shape with letters for some of its sizes."""

LETTERED = r"(?:[0-9]{1,30}|[A-Z])(?:[x×](?:[0-9]{1,30}|[A-Z]))*"
"""A shape with capital letters for sizes, as text."""

_INLINE = re.compile(rf"\s*({LETTERED})\s*(?=->|→)")

SIZES = (
    224, 64, 512, 32, 28, 96, 128, 256, 299,
    227, 84, 48, 16, 8, 20, 24, 36, 40, 50, 56, 60, 72, 80, 100, 105, 112, 144, 150, 160, 180, 192, 200, 240, 300, 320,
    331, 380, 384, 400, 416, 448, 456, 480, 528, 600, 608, 640, 800,
)  # fmt: skip
"""The sizes of the letters for a model that states no shape of its input, the most usual first."""


class LetteredSpec(NamedTuple):
    """A spec that is read once, and built for several shapes of its inputs."""

    document: ModelDocument
    overrides: Overrides

    def build(
        self, shapes: Mapping[str, Shape] | None = None, lettered: Mapping[str, Shape] | None = None,
        cache: BuildCache | None = None,
    ) -> Graph:  # fmt: skip
        """The graph for shapes, or for the shapes with letters that have these numbers. Raises SpecError.

        A file whose layers depend on the input is read with the numbers.
        """
        again, root = self.document.again, self.document.root
        if again is not None and shapes and INPUT in self.document.depends_on:
            root = again(Choices(shapes, self.overrides.variables))
        assert root is not None
        given = lettered or shapes or self.overrides.input
        overrides = self.overrides._replace(input=given, variant=self.document.variant)
        graph, diagnostics = build(root, overrides, cache, doubts=False)
        if graph is None:
            raise SpecError(diagnostics)
        return graph


def without_letters(text: str, size: int) -> str:
    """An inline text whose input has letters, with the same size for each."""
    found = _INLINE.match(text)
    assert found is not None
    return text[: found.start(1)] + re.sub("[A-Z]", str(size), found[1]) + text[found.end(1) :]


def lettered_input(source: object) -> LetteredShape | None:
    """The shape with letters at the beginning of an inline text, `HxWx3 -> conv 8 3x3`; None for other sources."""
    found = _INLINE.match(source) if isinstance(source, str) else None
    return axes_of(found[1]) if found and re.search("[A-Z]", found[1]) else None


def read_lettered(
    source: Reference, overrides: Overrides, stdin: IO[Any] | None, given: object
) -> tuple[LetteredSpec, Graph]:  # fmt: skip
    """The spec at its own sizes; for one that states none, at the first of `SIZES` where it is valid.

    Raises SpecError.
    """
    if isinstance(source, str) and lettered_input(source) is not None:
        return _at_some_size(((without_letters(source, size), overrides, size) for size in SIZES), None)
    document = None
    try:
        document = read_document(source, overrides, stdin)
        spec = LetteredSpec(document, overrides)
        return spec, spec.build()
    except SpecError as error:
        shape, is_of_sizes = axes_of(given), error.diagnostics[0].code.startswith("E3")
        if (document is not None and is_of_sizes) or not isinstance(shape, tuple) or source == "-":
            raise
        inputs = ((size, tuple(size if isinstance(axis, str) else axis for axis in shape)) for size in SIZES)
        return _at_some_size(((source, overrides._replace(input=chosen), size) for size, chosen in inputs), error)


def _at_some_size(
    tries: Iterator[tuple[Reference, Overrides, int]], own: SpecError | None
) -> tuple[LetteredSpec, Graph]:  # fmt: skip
    """The first try that is a valid spec. Raises the error of the spec itself if no size changes it."""
    first: tuple[int, SpecError] | None = None
    for source, overrides, size in tries:
        try:
            spec = LetteredSpec(read_document(source, overrides), overrides)
            return spec, spec.build()
        except SpecError as error:
            first = first or (size, error)
            if not error.diagnostics[0].code.startswith("E3"):
                raise (own or error) from None
    assert first is not None
    if own is not None and own.diagnostics[0].code.startswith("E3"):
        raise own
    tried = f"the model is not valid at any of {len(SIZES)} usual sizes from {min(SIZES)} to {max(SIZES)}"
    raise only_some(f"{tried}; at {first[0]}", first[1])


def only_some(fact: str, wrong: SpecError) -> SpecError:
    """The error of a model that is valid for certain sizes only, with its own error at another size."""
    first = wrong.diagnostics[0]
    hint = "the model holds only for certain sizes: give numbers; code may state its own, `# cnncalc: input 3x32x32`"
    return SpecError([Diagnostic("E304", f"{fact}: {first.message}", first.span, hint=hint)])


def axes_of(given: Any) -> Any:
    """A shape as text as the numbers and letters of its axes; other shapes as they are."""
    if not isinstance(given, str):
        return given
    return tuple(int(part) if part.isdecimal() else part for part in given.replace("×", "x").split("x"))


def show_lettered(shape: LetteredShape) -> str:
    """`HxWx3`."""
    return "x".join(map(str, shape))
