"""The assertions of a spec: `expect` (exactly) and `budget` (at most), of the model or of one layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping

from cnncalc.diagnostics import Diagnostic, Refusal, Reporter, did_you_mean
from cnncalc.graph.model import Claim
from cnncalc.graph.values import Unknowable, Values, WrongValue, show
from cnncalc.layers.declare import split_axes
from cnncalc.reading.nodes import Mapping, Scalar, SpecNode
from cnncalc.reading.plain_mapping import PlainMapping

OF_MODEL = ("arena", "flash")
"""The counts that only a whole model has: its memory on a microcontroller."""
COUNTS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes", "param_bytes", "peak_activation_bytes", "layers",
    *OF_MODEL,
)  # fmt: skip
SHAPES = ("output", "receptive_field", "effective_stride")
SHORT: AnyMapping[str, str] = {
    "peak_activation": "peak_activation_bytes",
    "parameters": "params",
    "output_shape": "output",
}

_MOVE = "move it to the `budget` beside the spec's `layers`"
_QUANTITY = r"([0-9]{1,40}(?:\.[0-9]{1,40})?)\s*([kKMGTP]?)(i?)(B?)$"
_POWERS: AnyMapping[str, int] = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}


class ClaimSubject:
    """The subject of a set of claims: a range of nodes under a name, or the whole model."""

    def __init__(self, name: str, first: int, last: int, *, whole: bool = False) -> None:
        self.name = name
        self.first = first
        self.last = last
        self.whole = whole


def read_claims(kind: str, node: SpecNode, subject: ClaimSubject, values: Values, report: Reporter) -> Iterator[Claim]:
    """The claims of an `expect` or `budget` mapping; mistakes in it are reported."""
    if not isinstance(node, Mapping):
        hint = "for example: {output: 10, params: 61706}"
        report(Diagnostic("E209", f"`{kind}` needs a mapping of figures, got a {node.kind}", node.span, hint=hint))
        return
    for key, value in node.entries.values():
        figure = SHORT.get(key.text, key.text)
        if figure not in COUNTS and figure not in SHAPES:
            known = [*COUNTS, *SHAPES, *SHORT]
            hint = did_you_mean(key.text, known) or f"known: {', '.join((*COUNTS, *SHAPES))}"
            report(Diagnostic("E203", f'`{kind}` knows no figure "{key.text}"', key.span, hint=hint))
            continue
        if figure in OF_MODEL and not subject.whole:
            report(Diagnostic("E203", f"{figure} is a figure of the whole model", key.span, hint=_MOVE))
            continue
        try:
            wanted = _wanted(figure, values.read(value), value)
        except WrongValue as mistake:
            report(mistake.diagnostic)
        except Unknowable:
            continue
        else:
            written = value.text if isinstance(value, Scalar) and "$" not in value.text else ""
            yield Claim(
                kind, figure, wanted, value.span, subject.name, subject.first, subject.last, subject.whole, key.text,
                written,
            )  # fmt: skip


def plain_claims(kind: str, node: PlainMapping, subject: ClaimSubject) -> list[Claim]:
    """The claims of a model file, whose counts and shapes are numbers."""
    name, first, last, span = subject.name, subject.first, subject.last, node.span
    return [Claim(kind, figure, value, span, name, first, last, subject.whole) for figure, value in node.values.items()]


def _wanted(figure: str, value: object, node: SpecNode) -> object:
    try:
        return quantity(value) if figure in COUNTS else _sizes(value)
    except Refusal as refusal:
        raise WrongValue(Diagnostic("E204", f"{figure}: {refusal.message}", node.span, hint=refusal.hint)) from None


def _sizes(value: object) -> object:
    """A shape, one per named output, or None (no single answer)."""
    value = split_axes(value)
    if isinstance(value, dict):
        return {name: _sizes(shape) for name, shape in value.items()}
    if value is None:
        return None
    sizes = value if isinstance(value, list) else [value]
    if all(isinstance(size, int | float) and not isinstance(size, bool) and size > 0 for size in sizes):
        return tuple(sizes)
    raise Refusal(f"got {show(value)}, but a shape is needed", hint="for example 14x14x20")


def quantity(value: object, *, floor: bool = False) -> int:
    """A count: 61706, `5M`, `2.5k`, `16MiB`, `1.2GB`. Refusal for anything else, and for a fraction without `floor`.

    >>> quantity("5M"), quantity("16MiB")
    (5000000, 16777216)
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    found = re.match(_QUANTITY, value) if isinstance(value, str) else None
    if not found:
        raise Refusal(f"got {show(value)}, but a count is needed", hint="for example 61706, 5M or 16MiB")
    whole, _, fraction = found[1].partition(".")
    scale = pow(1024 if found[3] else 1000, _POWERS[found[2].upper()])
    scaled = int(whole + fraction) * int(scale)
    tenths = int("1" + "0" * len(fraction))
    if scaled % tenths and not floor:
        raise Refusal(f"{value} is not a whole number")
    return scaled // tenths
