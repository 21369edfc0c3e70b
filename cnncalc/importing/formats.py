"""Recognising a model file by its content, and reading it with the module of its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError
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
    """Values of `--set`, such as `scale=s` of a family of YOLO models."""
    variant: str | None = None
    """The word after the path: `yolov8.yaml:s`."""


class Format(Protocol):
    """A module of `cnncalc.importing` that reads one format."""

    def recognizes(self, head: bytes, path: str) -> bool:
        """Whether a file that begins with `head` (at most 64 KiB) is of this format; it never raises."""

    def read(self, request: Request) -> Draft:
        """The draft of a file. Raises SpecError for whatever is wrong with it, and nothing else."""


def fail(path: str, message: str, hint: str = "", *, code: str = "E111", span: Span | None = None) -> NoReturn:
    """Refuse a model file, with the fact and what to do."""
    raise SpecError([Diagnostic(code, message, span or Span(Source(path, ""), 0, 0), hint=hint)])
