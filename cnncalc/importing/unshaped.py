"""The part of a model that its reader cannot follow: layers of known parameters and unknown shapes, and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Span, SpecError

if TYPE_CHECKING:
    from cnncalc.importing.draft import Draft


class UnshapedLayer(NamedTuple):
    """A layer whose input cannot be followed, or the call itself, of unknown parameters. Unknown metrics are None."""

    name: str
    type: str
    path: tuple[str, ...]
    """The modules around the layer, outermost first."""
    location: Span
    after: int
    """The number of layers with known shapes before it, in execution order."""
    params: int | None = None
    trainable_params: int | None = None
    non_trainable_params: int | None = None
    buffers: int | None = None
    inputs: tuple[str, ...] = ()
    input_shapes: tuple[Shape, ...] = ()
    output_shape: Shape | None = None
    unshared_params: int | None = None
    macs: int | None = None
    flops: int | None = None
    activation_elements: int | None = None
    activation_bytes: int | None = None
    receptive_field: tuple[int, ...] | None = None
    effective_stride: tuple[int | float, ...] | None = None
    shares_with: str | None = None
    samples: int = 1

    def setting(self, name: str) -> Any:
        """A field of the layer, which is not listed."""
        return None


class UnshapedRest(NamedTuple):
    """The layers that depend on something that cannot be followed."""

    layers: tuple[UnshapedLayer, ...]
    reason: Diagnostic
    is_counted: bool
    """Whether every module is known, so that the sum of the parameters is the model's."""

    @property
    def line(self) -> str:
        """The line of the reason in words, `line 27`."""
        span = self.reason.span
        return span.source.line_words(span.line) if span is not None else "an unknown line"


class UnfollowedError(SpecError):
    """Code that cannot be followed to its end: the draft of what comes before, and the rest."""

    def __init__(self, draft: Draft, rest: UnshapedRest) -> None:
        super().__init__([rest.reason])
        self.draft = draft
        self.rest = rest
