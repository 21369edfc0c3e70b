"""A format of the tests: a line `toy`, then one layer a line as JSON, in the terms of a draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cnncalc.diagnostics import Source
from cnncalc.importing import formats
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request, fail

ENDINGS = (".toy",)
SETTINGS = ("scale",)
HAS_VARIANTS = True


def recognizes(head: bytes, path: str) -> bool:
    return head.startswith((b"toy\n", b"binary toy\n"))


def read(request: Request) -> Draft:
    """A draft of the lines; with the first line `binary toy`, one without lines."""
    text = Path(request.path).read_text(encoding="utf-8")
    is_text = text.startswith("toy")
    source = Source(request.path, text if is_text else "")
    try:
        lines = [(json.loads(line), start) for line, start in _lines(text)]
    except ValueError:
        fail(request.path, "the file is cut off", "save it again")
    head = lines[0][0]
    shape = request.shapes.get("", tuple(head["shape"]) if head.get("shape") else None)
    factor = {"s": 1, "m": 2}[request.variant or request.settings.get("scale", "s")]
    layers = [_layer(fields, start, factor) for fields, start in lines[1:]]
    return Draft(
        source, "toy", head.get("convention", "pytorch"), head.get("layout", "CHW"),
        [DraftInput("input", shape)], layers, (layers[-1].name,),
    )  # fmt: skip


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = text.index("\n") + 1
    for line in text[start:].splitlines():
        yield line, start
        start += len(line) + 1


def _layer(fields: dict[str, Any], start: int, factor: int) -> DraftLayer:
    arguments = dict(fields.get("arguments", {}))
    if "filters" in arguments:
        arguments["filters"] *= factor
    name = fields["name"]
    return DraftLayer(
        name, fields["type"], arguments, tuple(fields["inputs"]), Location(start, start + 1, f"node {name}"),
        stated_shape=tuple(fields["shape"]) if "shape" in fields else None, stated_params=fields.get("params"),
        operation=fields.get("operation", ""), shares=fields.get("shares"), scope=tuple(fields.get("scope", ())),
    )  # fmt: skip


def text_of(*layers: dict[str, Any], binary: bool = False, **head: Any) -> str:
    """The text of a file: its input, then the layers, each by default after the one before."""
    head = {"shape": [3, 13, 11], **head}
    before, lines = "input", [json.dumps(head)]
    for layer in layers:
        lines.append(json.dumps({"inputs": [before], **layer}))
        before = layer["name"]
    return ("binary toy\n" if binary else "toy\n") + "\n".join(lines) + "\n"


@pytest.fixture
def toy_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy format is the only one."""
    import tests.importing.toy as module

    monkeypatch.setattr(formats, "formats", lambda: (module,))
    monkeypatch.setattr(formats, "endings", lambda: module.ENDINGS)
