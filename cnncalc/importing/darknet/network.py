"""The layers of a configuration, one section after the other, with the shapes by darknet's own formulas.

A name is our type and darknet's number of the section, which counts from 0 after `[net]`: `conv_0`, `route_85`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, shortened
from cnncalc.importing.darknet.keys import mistyped_keys
from cnncalc.importing.darknet.sections import DarknetSection, refuse_kind
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request, check_layers
from cnncalc.importing.given_shapes import given_shape


@dataclass
class SectionOutput:
    """The output of a section: the layer or input that gives it, and its shape (channels, height, width)."""

    name: str
    shape: Shape


class DarknetModel:
    """The network so far. `outputs[i]` is what darknet's section i gives; `current` is the last of them."""

    def __init__(self, source: Source, start: SectionOutput) -> None:
        self.source = source
        self.current = start
        self.outputs: list[SectionOutput] = []
        self.layers: list[DraftLayer] = []
        self.heads: list[str] = []
        self.doubts: list[Diagnostic] = []
        self.batch_normalized: dict[int, str] = {}
        """Of each convolution by its number: the layer that holds its weights."""

    def add(
        self, section: DarknetSection, type: str, arguments: dict[str, Any], shape: Shape,
        inputs: list[SectionOutput] | None = None, *, suffix: str = "",
    ) -> SectionOutput:  # fmt: skip
        """Append a layer of this section; `shape` is its output by darknet's formula, which the analysis confirms."""
        if min(shape) < 1:
            section.fail(f"gives {'x'.join(map(str, shape))}: the input is too small")
        name = f"{type}_{len(self.outputs)}{suffix}"
        names = tuple(tensor.name for tensor in (inputs or [self.current]))
        place = Location(section.start, section.end, path=f"[{section.kind}] number {len(self.outputs)}")
        layer = DraftLayer(name, type, arguments, names, place, stated_shape=shape, operation=section.kind)
        self.layers.append(layer)
        self.current = SectionOutput(name, shape)
        return self.current

    def back(self, section: DarknetSection, index: int, key: str) -> SectionOutput:
        """The output of another section: `index` counts back where it is negative, else from the first."""
        number = index + len(self.outputs) if index < 0 else index
        if not 0 <= number < len(self.outputs):
            last = len(self.outputs) - 1
            known = f"only 0 to {last} come before it" if last >= 0 else "none comes before it"
            section.fail(f"{key}={index} names section {number}, but {known}", key=key)
        return self.outputs[number]

    def image(self, section: DarknetSection) -> Shape:
        """The current shape, which must have channels, height and width."""
        if len(self.current.shape) != 3:
            section.fail(f"needs an image, but {'x'.join(map(str, self.current.shape))} arrives")
        return self.current.shape

    def doubt(self, section: DarknetSection, message: str, hint: str = "", *, key: str | None = None) -> None:
        """A warning about a section."""
        found = Diagnostic("E112", f"[{section.kind}] {message}", section.span(key), hint=hint, severity="warning")
        self.doubts.append(found)


def draft_of(source: Source, sections: list[DarknetSection], request: Request) -> Draft:
    """The draft of a configuration's sections."""
    from cnncalc.importing.darknet.layers import SECTIONS

    net, *rest = sections
    check_layers(request, len(rest), source)
    start = SectionOutput("input", _input_shape(net, rest, request))
    network = DarknetModel(source, start)
    for section in sections:
        for key, near in mistyped_keys(section):
            network.doubt(section, f"unknown key {shortened(key)}", f"did you mean {near}?", key=key)
    for section in rest:
        _read(network, section, SECTIONS)
    if not network.layers:
        raise SpecError([Diagnostic("E111", "the file has no layer", Span(source, net.start, net.end))])
    inputs = [DraftInput("input", start.shape, Location(net.start, net.end))]
    return Draft(
        source, "darknet", "pytorch", "CHW", inputs, network.layers,
        tuple(network.heads) or (network.current.name,), doubts=network.doubts,
    )  # fmt: skip


def _read(
    network: DarknetModel, section: DarknetSection, known: Mapping[str, Callable[[DarknetModel, DarknetSection], None]]
) -> None:
    reader = known.get(section.kind)
    if reader is None:
        refuse_kind(section, list(known))
    reader(network, section)
    network.outputs.append(network.current)


def _input_shape(net: DarknetSection, rest: list[DarknetSection], request: Request) -> Shape:
    is_image = "height" in net.options or "width" in net.options
    if given := given_shape(request, "input", stated=(None,) * 3 if is_image else None):
        return given
    if is_image:
        return (net.size("channels", 3), net.size("height", 0), net.size("width", 0))
    features = net.size("inputs", 0)
    recurrent = any(section.kind in ("rnn", "lstm", "gru", "crnn", "conv_lstm") for section in rest)
    return (net.size("time_steps", 1), features) if recurrent else (features,)
