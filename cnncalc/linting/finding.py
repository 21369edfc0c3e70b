"""A finding of a rule: a position in a spec, a message, a hint, and, if they are safe, the edits that resolve it."""

import re
from typing import Any, NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.number_text import plural

_LINE = re.compile(r"\bline [0-9]+")

SEVERITIES = ("info", "warning", "error")
"""The severities, in increasing order."""


class Edit(NamedTuple):
    """Replace the source's characters `start` to `end` (exclusive) with `text`."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that resolve a finding without changing any metric of the network. `title` describes them."""

    title: str
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One finding. A block's layers share their text: `layer` is the first affected layer, `others` are the rest."""

    code: str
    name: str
    severity: str
    message: str
    hint: str
    span: Span
    layer: str = ""
    fix: Fix | None = None
    others: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    """The variants in which it occurs; empty if it occurs in all, or the spec has no variants."""

    @property
    def file(self) -> str:
        return self.span.source.name

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def column(self) -> int:
        return self.span.column

    @property
    def cell(self) -> int | None:
        """The cell of a notebook, counted from 1; None in other files."""
        found = self.span.source.cell_of(self.line)
        return found[0] if found else None

    @property
    def place(self) -> str:
        """Line and column, `4:18`, or in a file without lines the path of a part of it, such as a node's name."""
        return self.span.place.removeprefix(self.file).lstrip(": ")

    @property
    def end(self) -> tuple[int, int]:
        """Line and column after the last character."""
        return self.span.source.position(self.span.end)

    @property
    def sentence(self) -> str:
        """The message, with the other affected layers and the variants."""
        notes = []
        if self.others:
            notes.append(f"and {plural(len(self.others), 'more layer')} like it")
        if self.variants:
            notes.append(f"in {', '.join(self.variants)}")
        return f"{self.message} ({'; '.join(notes)})" if notes else self.message

    @property
    def file_sentence(self) -> str:
        """The sentence for formats whose lines are those of the file.

        In a notebook it begins with cell and line, in a file without lines with the path, unless it names the layer.
        """
        if self.cell is not None:
            return f"{self.place}: {self.sentence}"
        named = self.sentence.partition(": ")[0]
        is_named = not self.path or self.path.removesuffix('"').endswith(named)
        return self.sentence if is_named else f"{self.path}: {self.sentence}"

    @property
    def path(self) -> str:
        """The name of the node, or the JSON path, in a file without lines; else empty."""
        return "" if self.line else self.place

    @property
    def lasting_message(self) -> str:
        """The message without line numbers, which identifies it when other parts of the file are edited."""
        return _LINE.sub("line …", self.message)

    def to_dict(self) -> dict[str, Any]:
        """The stable machine-readable form."""
        end_line, end_column = self.end
        in_cell = self.span.source.cell_of
        lines = [found[1] if (found := in_cell(line)) else line for line in (self.line, end_line)]
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": self.file,
            **({} if self.cell is None else {"cell": self.cell}),
            **({"path": self.path} if self.path else {}),
            "line": lines[0],
            "column": self.column,
            "end_line": lines[1],
            "end_column": end_column,
            "layers": [name for name in (self.layer, *self.others) if name],
            "variants": list(self.variants),
            "fix": None if self.fix is None else _fix_as_dict(self.fix),
        }


def _fix_as_dict(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "edits": [edit._asdict() for edit in fix.edits]}
