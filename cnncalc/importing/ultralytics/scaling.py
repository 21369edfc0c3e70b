"""Compound scaling: the depth multiplies repeats, the width multiplies channels, up to a maximum before it."""

from __future__ import annotations

import math
import os
import re
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, Span, closest, shortened
from cnncalc.importing.formats import Request
from cnncalc.importing.ultralytics.model_yaml import LARGEST, ModelYaml, refuse

_LETTER = re.compile(r"yolo(?:e-)?v?\d+([nslmxbt])")
"""The scale in a file's name: `yolov8s.yaml`, `yolo11x-seg.yaml`, `yoloe-v8l.yaml`."""
_FAMILY = re.compile(r"(yolo(?:e-)?v?\d+)(?![nslmxbt0-9])")
"""The name of a family, after which the scale goes: `yolov8.yaml`, `yolo11-seg.yaml`."""
_FORM = "write [depth, width, max_channels], for example n: [0.33, 0.25, 1024]"
_MULTIPLE = 8


class CompoundScale(NamedTuple):
    """A size of a family: its letter, empty for a file of one size, and the factors."""

    letter: str
    depth: float
    width: float
    most_channels: float = math.inf
    multiple: int = _MULTIPLE

    def repeats(self, count: int) -> int:
        """The repeats of a row that states `count`; a single module is never repeated."""
        return max(round(count * self.depth), 1) if count > 1 else count

    def channels(self, count: int) -> int:
        """The channels of a row that states `count`: a multiple of 8, or of the file's `channel_multiple`."""
        return math.ceil(min(count, self.most_channels) * self.width / self.multiple) * self.multiple


def scale_of(model: ModelYaml, request: Request) -> CompoundScale:
    """The scale by `--set scale=`, by the word after the path, by the file's name, or the first of the file."""
    scales = model.values.get("scales")
    if scales is None:
        depth, width = model.real("depth_multiple", 1.0), model.real("width_multiple", 1.0)
        return CompoundScale("", depth, width, multiple=model.integer("channel_multiple", _MULTIPLE))
    if not isinstance(scales, dict) or not scales:
        refuse("scales: a mapping of letters is needed", model.span("scales"), _FORM)
    letter = _letter(model, request, list(scales))
    return _scale(letter, scales[letter], _span(model, letter))


def _letter(model: ModelYaml, request: Request, known: list[str]) -> str:
    asked = request.settings.get("scale") or request.variant or model.values.get("scale")
    if asked is not None and str(asked) not in known:
        near = closest(str(asked), known)
        hint = f'did you mean "{near}"?' if near else f"known are {', '.join(map(shortened, known))}"
        refuse(f'scale "{shortened(str(asked))}" is not one of the file', model.span("scales"), hint)
    if asked is not None:
        return str(asked)
    found = _LETTER.search(os.path.basename(model.source.name))
    return found[1] if found and found[1] in known else known[0]


def _scale(letter: str, factors: Any, span: Span) -> CompoundScale:
    numbers = factors if isinstance(factors, list) else []
    valid = [each for each in numbers if isinstance(each, int | float) and not isinstance(each, bool)]
    if len(valid) != 3 or len(numbers) != 3 or not all(0 < each <= LARGEST for each in valid):
        refuse(f"scales: {shortened(letter)} needs three numbers above 0", span, _FORM)
    depth, width, most_channels = valid
    return CompoundScale(letter, depth, width, most_channels)


def _span(model: ModelYaml, letter: str) -> Span:
    node = model.root.get("scales")
    entry = getattr(node, "entries", {}).get(letter)
    return entry[1].span if entry else model.span("scales")


def guessed_scale(model: ModelYaml, request: Request, scale: CompoundScale) -> list[Diagnostic]:
    """A warning where nothing names the scale and the file has several."""
    scales = model.values.get("scales")
    name = os.path.basename(model.source.name)
    is_named = request.settings.get("scale") or request.variant or model.values.get("scale") or _LETTER.search(name)
    if is_named or not isinstance(scales, dict) or len(scales) < 2:
        return []
    known = list(map(shortened, scales))
    message = f"no scale is given: {scale.letter}, the first of {', '.join(known)}, is used"
    file = _FAMILY.sub(rf"\g<1>{known[-1]}", name, count=1)
    named = f", or name the file {shortened(file)}" if file != name else ""
    hint = f"choose one with --set scale={known[-1]}{named}"
    return [Diagnostic("E112", message, _key_span(model, "scales"), hint=hint, severity="warning")]


def _key_span(model: ModelYaml, key: str) -> Span:
    return model.root.entries[key][0].span if key in model.root.entries else model.span(key)


def scaled_name(model: ModelYaml, scale: CompoundScale) -> str:
    """The name of the model: that of the file, with the scale's letter where a family's name has it."""
    name = os.path.basename(model.source.name)
    stem = name.rsplit(".", 1)[0] or name
    if not scale.letter or _LETTER.search(stem):
        return stem
    return _FAMILY.sub(rf"\g<1>{scale.letter}", stem, count=1) if _FAMILY.search(stem) else f"{stem}-{scale.letter}"
