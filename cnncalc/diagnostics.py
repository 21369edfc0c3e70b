"""Sources, spans and diagnostics: messages about a user's text, with their positions.

A mistake in a spec is a `Diagnostic`, which is collected and returned; `SpecError` carries a list of them across the
public API. A layer's rule that finds impossible numbers raises `Refusal`, which states only the fact; the builder knows
the position of each field and turns it into a located diagnostic.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice


class Source:
    """A text with a name, which converts offsets to lines and columns (both from 1)."""

    __slots__ = ("_line_starts", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._line_starts: list[int] | None = None

    @property
    def extent(self) -> int:
        """The number of characters: limits on what a text may describe grow with it."""
        return len(self.text)

    def place(self, offset: int) -> str:
        """The name and the position, as messages write them."""
        return "{}:{}:{}".format(self.name, *self.position(offset))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset`, counted from 1."""
        if self._line_starts is None:
            self._line_starts = [0, *(i + 1 for i, char in enumerate(self.text) if char == "\n")]
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line, without its end."""
        self.position(0)
        assert self._line_starts is not None
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")

    def shown_line(self, line: int) -> str:
        """The number of a line, as messages write it."""
        return str(line)

    def cell_of(self, line: int) -> tuple[int, int] | None:
        """The cell and the line in it of a line, in a notebook; None for other files."""
        return None

    def in_file(self, start: int, end: int) -> tuple[int, int] | None:
        """A range as offsets in the text of the file, which a notebook has in another form; None if it is not there."""
        return start, end

    def line_words(self, line: int) -> str:
        """A line in a sentence."""
        return f"line {line}"


_PART = 8
"""Characters of a text that count as much as one part of a file without lines."""


class PartedSource(Source):
    """A file without lines, such as a binary one: offset k is its part k, and `paths[k]` that part's path, if any.

    Line and column are 0. A path is a node's name, or a JSON path.
    """

    __slots__ = ("paths",)

    def __init__(self, name: str, paths: tuple[str, ...] = ()) -> None:
        super().__init__(name, "")
        self.paths = paths

    @property
    def extent(self) -> int:
        return _PART * len(self.paths)

    def place(self, offset: int) -> str:
        path = self.paths[offset] if offset < len(self.paths) else ""
        return f"{self.name}: {path}" if path else self.name

    def position(self, offset: int) -> tuple[int, int]:
        return 0, 0

    def line_text(self, line: int) -> str:
        return ""


class Span:
    """A range of a source, from `start` to `end` (exclusive), as character offsets."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def place(self) -> str:
        """`net.yaml:4:18`, or for a file without lines `net.onnx: /conv1/Conv`."""
        return self.source.place(self.start)

    def __repr__(self) -> str:
        return self.place


class Diagnostic:
    """One finding: a stable `code`, a `message` with the user's own words and numbers, and a `hint` for fixing it."""

    __slots__ = ("code", "hint", "message", "severity", "span")

    def __init__(
        self, code: str, message: str, span: Span | None = None, *, hint: str = "", severity: str = "error"
    ) -> None:
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
        self.severity = severity

    @property
    def file(self) -> str:
        return self.span.source.name if self.span else ""

    @property
    def line(self) -> int:
        return self.span.line if self.span else 0

    @property
    def column(self) -> int:
        return self.span.column if self.span else 0

    @property
    def offset(self) -> int:
        """Where it begins in its source; -1 without a place."""
        return self.span.start if self.span else -1

    def to_dict(self) -> dict[str, str | int]:
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": self.file,
            "line": self.line,
            "column": self.column,
        }

    def __str__(self) -> str:
        place = f"{self.span.place}: " if self.span else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}" + (f" ({self.hint})" if self.hint else "")

    def __repr__(self) -> str:
        return f"<{self}>"


Reporter = Callable[[Diagnostic], None]
"""A function that takes each diagnostic of a stage."""


class SpecError(Exception):
    """An invalid spec. `diagnostics` lists every independent mistake, in the order of the text."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type[SpecError], tuple[list[Diagnostic]]]:
        """The error that another process receives."""
        return SpecError, (self.diagnostics,)


class UnknownLayerError(KeyError):
    """No layer has the given name; the message lists the existing layers."""

    def __str__(self) -> str:
        return str(self.args[0])


class PluginError(Exception):
    """A package with layer types cannot be used; the message names it, and the reason."""


class Refusal(Exception):  # noqa: N818 - not an internal error: a rule rejects impossible numbers
    """Raised by a layer's rule that rejects the given numbers.

    `message` states the fact, `hint` how to fix it, `field` the name of the responsible field (None: the layer as a
    whole), and `code` the code of the diagnostic.
    """

    def __init__(self, message: str, *, hint: str = "", field: str | None = None, code: str = "E301") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field
        self.code = code


_MOST_QUOTED = 200


def shortened(text: str) -> str:
    """A text for quotation in a message: only its beginning if it is long."""
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"


_MOST_KNOWN = 5_000
_LONGEST_WORD = 100
_MOST_COMPARED = 20
"""The number of candidates, similar in letters and length, for the slow comparison letter by letter."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant by `word`, or None if none is close."""
    return _closest(word, tuple(islice(known, _MOST_KNOWN))) if len(word) <= _LONGEST_WORD else None


_OPPOSITES = (
    ("in", "out"), ("input", "output"), ("max", "min"), ("before", "after"), ("height", "width"), ("first", "last"),
    ("encoder", "decoder"), ("upper", "lower"),
)  # fmt: skip
"""Words that look alike but have opposite meanings, and are not typed by mistake for each other."""


def _are_opposite(words: set[str], name: str) -> bool:
    """Whether two names differ in a pair of opposites."""
    others = set(name.lower().split("_"))
    ours, theirs = words - others, others - words
    return any((a in ours and b in theirs) or (b in ours and a in theirs) for a, b in _OPPOSITES)


@lru_cache(maxsize=32)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    import difflib  # needed only for mistakes
    import heapq

    written, lowered, word = word, {name.lower(): name for name in known}, word.lower()
    letters = set(word)
    alike = heapq.nsmallest(
        _MOST_COMPARED, lowered, key=lambda name: len(letters.symmetric_difference(name)) + abs(len(word) - len(name))
    )
    words = set(word.split("_"))
    close = (lowered[name] for name in difflib.get_close_matches(word, alike, n=3, cutoff=0.6))
    return next((name for name in close if name != written and not _are_opposite(words, name)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the closest known word, or an empty text if none is close."""
    close = closest(word, known)
    return f'did you mean "{close}"?' if close else ""
