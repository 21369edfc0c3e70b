"""Recognising a model file by its content, and reading it with the module of its format."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn, Protocol, cast

from cnncalc.diagnostics import Diagnostic, PartedSource, Source, Span, SpecError
from cnncalc.importing.draft import Draft
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True)
class Request:
    """A file to read, and the choices of the caller that a reader may need."""

    path: str
    limits: Limits = DEFAULT_LIMITS
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Input shapes that the caller gives, by the input's name (`""`: the only one), without the batch axis."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Values of `--set` for the names in the format's SETTINGS, such as `scale=s` of a family of YOLO models."""
    variant: str | None = None
    """The word after the path: `yolov8.yaml:s`."""
    text: bytes | None = None
    """The contents to read instead of those of the file, for a format that also reads the files around it."""


class Format(Protocol):
    """A module or folder of `cnncalc.importing` that reads one format.

    It may have `SETTINGS`, the names that `--set` may give to its reader; any other name is a mistake. It may have
    `READS_AROUND`, whether it also reads the files around the named one, `HAS_VARIANTS`, whether a word after the path
    chooses a model of the file, and `models_in(request)`, the names of a file's models, if a file may hold several.
    """

    ENDINGS: tuple[str, ...]
    """The usual endings of such files, `(".onnx",)`: only a search of folders asks, and shell completion."""

    def recognizes(self, head: bytes, path: str) -> bool:
        """Whether a file that begins with `head` (at most 64 KiB) is of this format; it never raises."""

    def read(self, request: Request) -> Draft:
        """The draft of a file. Raises SpecError for whatever is wrong with it, and nothing else."""


def fail(path: str, message: str, hint: str = "", *, code: str = "E111", span: Span | None = None) -> NoReturn:
    """Refuse a model file, with the fact and what to do."""
    raise SpecError([Diagnostic(code, message, span or Span(PartedSource(path), 0, 0), hint=hint)])


def check_layers(request: Request, count: int, source: Source | None = None) -> None:
    """Raise SpecError (E103) for a file with more layers than are read."""
    if count > request.limits.model_layers:
        span = Span(source or PartedSource(request.path), 0, 0)
        raise SpecError([request.limits.exceeded("model_layers", count, span)])


def check_written_layers(request: Request, layer: re.Pattern[str], source: Source) -> None:
    """Raise SpecError (E103) before a text is parsed that begins more layers than are read."""
    check_layers(request, sum(1 for _ in layer.finditer(source.text)), source)


def format_of(head: bytes, path: str) -> Format | None:
    """The format of a file that begins with `head`, perhaps after a byte order mark, if it is that of a model file."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if path.endswith(".py") and b"\0" not in head:  # without loading the other formats
        return cast(Format, importlib.import_module(f"{__package__}.python"))
    return next((each for each in formats() if each.recognizes(start, path)), None)


@cache
def formats() -> tuple[Format, ...]:
    """Every format, in the order of their names: the modules beside this one that can recognise a file."""
    modules = [importlib.import_module(f"{__package__}.{name}") for name in _names()]
    return tuple(cast(Format, module) for module in modules if hasattr(module, "recognizes"))


def _names() -> Iterator[str]:
    folder = os.path.dirname(__file__)
    for name in sorted(os.listdir(folder)):
        is_folder = os.path.isfile(os.path.join(folder, name, "__init__.py"))
        if not name.startswith("_") and (is_folder or name.endswith(".py")):
            yield name.removesuffix(".py")


@cache
def endings() -> tuple[str, ...]:
    """The usual endings of model files, in lower case."""
    return tuple(dict.fromkeys(ending for each in formats() for ending in getattr(each, "ENDINGS", ())))


def read_text(request: Request) -> Source:
    """The text of a model file. Raises SpecError: E103 too large, E104 not UTF-8, E106 not readable."""
    if request.text is not None:
        return Source(request.path, request.text.decode("utf-8-sig"))
    from cnncalc.reading.load import File, load_file

    return load_file(File(request.path), request.limits).source
