"""From a reference to located nodes: a path, `PATH:VARIANT`, `git:REVISION:PATH`, `-`, a text, a name, a mapping."""

import os
import re
import sys
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from typing import IO, Any, Literal, NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, did_you_mean
from cnncalc.reading.bundled import bundled_names, meant_bundled
from cnncalc.reading.files import open_at_once
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.nodes import SpecNode
from cnncalc.reading.revision import PREFIX, read_revision


class LiveReference:
    """The base of models in memory that were made from another library's, which are references as well."""


Reference = str | os.PathLike[str] | AbstractMapping[str, Any] | LiveReference
"""A path, `git:REVISION:PATH`, the name of a bundled spec, an inline text, a mapping in the YAML file's form, or a
model in memory."""

Form = Literal["yaml", "inline"]

_ARROW = re.compile(r"->|→")
_LAYERS_KEY = re.compile(r"""^["']?layers["']?\s*:""", re.MULTILINE)
_FIRST_LINE = re.compile(r"^[ \t]*([^\s#][^\n]*)", re.MULTILINE)
_SHAPE_LINE = re.compile(r"[0-9]+(\s*[x×]\s*[0-9]+)*\s*(#.*)?")
_OPEN_BATCH = re.compile(r"-1\s*[x×,][^\n]*(?:->|→)")
_MODEL_IN_CODE = r"(?s)(.*?\.(?:py|ipynb)):([A-Za-z_].*)"  # compiled for few references
_LIST_INPUT = re.compile(r"\[[^]]*\]\s*(->|→)")
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class Loaded(NamedTuple):
    """A text, its form, and the variant named by the reference."""

    source: Source
    form: Form
    variant: str | None = None


class Document(NamedTuple):
    """A parsed spec: its root node, or None with at least one error among the diagnostics."""

    root: SpecNode | None
    diagnostics: list[Diagnostic]
    source: Source | None = None
    variant: str | None = None


class File(NamedTuple):
    """The file and variant that a reference denotes."""

    path: str
    variant: str | None = None


def read(
    reference: Reference | AbstractSequence[Any],
    *,
    stdin: IO[Any] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    parser: Literal["c", "python"] | None = None,
) -> Document:
    """Parse the spec that `reference` denotes into nodes. Never raises for user errors.

    `stdin` replaces standard input (text or bytes); `parser` selects the YAML parser, see `read_yaml`.
    """
    try:
        return parsed(load_source(reference, stdin=stdin, limits=limits), limits, parser)
    except SpecError as error:
        return Document(None, error.diagnostics)


def parsed(loaded: Loaded, limits: Limits, parser: Literal["c", "python"] | None = None) -> Document:
    """The nodes of a text."""
    source, form, variant = loaded
    if form == "inline":
        from cnncalc.reading.inline import read_inline

        root, diagnostics = read_inline(source, limits)
        return Document(root, diagnostics, source)
    from cnncalc.reading.yaml_reader import read_yaml

    tree, diagnostics = read_yaml(source, limits, parser=parser)
    return Document(tree, diagnostics, source, variant)


def load_source(
    reference: Reference | AbstractSequence[Any], *, stdin: IO[Any] | None = None, limits: Limits = DEFAULT_LIMITS
) -> Loaded:
    """Load the text that `reference` denotes; the contents of a file determine whether it is YAML or inline.

    Raises SpecError: E103 too large, E104 not UTF-8 text, E106 no such file or name, or unreadable.
    """
    if not isinstance(reference, str | os.PathLike):
        return Loaded(_dumped(reference, limits), "yaml")
    if reference == "-":
        return load_bytes("<stdin>", read_stream(stdin, limits.file_bytes + 1), limits)
    if file := file_of(reference):
        return load_file(file, limits)
    assert isinstance(reference, str)
    if is_inline(reference):
        return Loaded(Source("<inline>", reference), form_of(reference))
    if reference.startswith(PREFIX):
        return load_bytes(reference, read_revision(reference, limits.file_bytes), limits)
    raise SpecError([_unknown(reference)])


def is_inline(reference: str) -> bool:
    """Whether a reference is the text of a spec."""
    return "\n" in reference or _ARROW.search(reference) is not None


def file_of(reference: Reference) -> File | None:
    """The file that a reference denotes (a path, a bundled name, `PATH:VARIANT`), if any."""
    if isinstance(reference, os.PathLike):
        return File(os.fspath(reference))
    if not isinstance(reference, str) or reference == "-" or is_inline(reference) or reference.startswith(PREFIX):
        return None
    if found := meant_bundled(reference):
        return File(*found)
    if os.path.lexists(reference):
        return File(reference)
    path, _, variant = reference.rpartition(":")
    file = model_in_code(reference) or File(path, variant)
    return file if file.variant and os.path.isfile(file.path) else None


def model_in_code(reference: str) -> File | None:
    """The file and the model of `PATH.py:MODEL`, where the model is an expression: `net.py:Net(widths={1: 8})`."""
    found = re.match(_MODEL_IN_CODE, reference)
    return File(found[1], found[2]) if found else None


def load_file(file: File, limits: Limits) -> Loaded:
    """The text of a file. Raises SpecError as `load_source` does."""
    loaded = _load_path(file.path, limits)
    if file.variant and loaded.form == "inline":
        message = f'"{file.variant}": an inline text has no variants'
        raise unreadable(loaded.source.name, message, "give only the file")
    return loaded._replace(variant=file.variant)


def form_of(text: str) -> Form:
    """The form of a text: inline if it begins with an input and an arrow, or with a line that is a shape; else YAML."""
    found = _FIRST_LINE.search(text.removeprefix("\ufeff"))
    if found and found.group(1).startswith(("->", "→")):
        return "inline"
    if found and _OPEN_BATCH.match(found.group(1)):
        return "inline"
    if found is None or found.group(1)[0] in "{-%" or _LAYERS_KEY.search(text):
        return "yaml"
    if found.group(1)[0] == "[":
        return "inline" if _LIST_INPUT.match(found.group(1)) else "yaml"
    first = found.group(1).partition(" #")[0].rstrip()
    return "inline" if _ARROW.search(first) or _SHAPE_LINE.fullmatch(first) else "yaml"


def _load_path(path: str, limits: Limits) -> Loaded:
    try:
        with open(path, "rb", opener=open_at_once) as file:
            data = file.read(limits.file_bytes + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except IsADirectoryError:
        raise unreadable(path, f'"{path}" is a folder', "give a file inside it") from None
    except FileNotFoundError:
        raise SpecError([_unknown(path)]) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable(path, f'"{path}" cannot be read: {reason}', "") from None
    return load_bytes(path, data, limits, size)


def unreadable(path: str, message: str, hint: str) -> SpecError:
    """The error (E106) for an unreadable reference."""
    return SpecError([Diagnostic("E106", message, Span(Source(path, ""), 0, 0), hint=hint)])


def load_bytes(name: str, data: bytes, limits: Limits, size: int = 0) -> Loaded:
    """The text that bytes hold, of a file of `size` bytes. Raises SpecError: E103 too large, E104 not UTF-8."""
    if len(data) > limits.file_bytes:
        raise SpecError([limits.exceeded("file_bytes", max(size, len(data)), Span(Source(name, ""), 0, 0))])
    source = Source(name, decoded(name, data))
    return Loaded(source, form_of(source.text))


def read_stream(stream: IO[Any] | None, most: int) -> bytes:
    """At most `most` bytes (characters of a text) from a stream, by default standard input."""
    stream = stream or sys.stdin
    try:
        data = getattr(stream, "buffer", stream).read(most)
    except OSError as error:
        raise unreadable("<stdin>", f"standard input cannot be read: {error.strerror}", "") from None
    return data if isinstance(data, bytes) else str(data).encode("utf-8", "surrogateescape")


def decoded(name: str, data: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark. Raises SpecError (E104) for anything else."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            diagnostic = Diagnostic("E104", f"the text is in {encoding}", Span(Source(name, ""), 0, 0))
            diagnostic.hint = "save it as UTF-8"
            raise SpecError([diagnostic])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = len(data[: error.start].decode("utf-8", "replace"))
        source = Source(name, data.decode("utf-8", "replace"))
        is_binary = b"\0" in data[:8000]
        what = "this is a binary file, not a spec" if is_binary else f"the byte 0x{data[error.start]:02x} is not UTF-8"
        hint = "give a text file" if is_binary else "save the file as UTF-8"
        raise SpecError([Diagnostic("E104", what, Span(source, start, start + 1), hint=hint)]) from None


_ENDING = r"^[^\s()]+\.[A-Za-z][A-Za-z0-9]{0,9}$"


def _unknown(reference: str) -> Diagnostic:
    names = bundled_names()
    if code := model_in_code(reference):
        reference = code.path
    folder, base = os.path.split(reference)
    looks_like_path = bool(folder) or re.search(_ENDING, base) is not None
    what = "no such file" if looks_like_path else "no such file or bundled spec"
    if looks_like_path:
        names += [os.path.join(folder, name) for name in _files_in(folder)]
    hint = did_you_mean(reference, names)
    arrow = re.search(r"\s(?:=>|~>|>)\s", reference[:1000])
    if arrow:
        before = reference[: arrow.start()].strip(" -=")
        hint = f"the arrow of an inline spec is ->: write {before[:60]} -> …"
    elif not hint and re.match(r"[0-9]+\s*[x×]", reference):
        hint = "an inline spec has an arrow: 32x32x3 -> conv 20 8x8"
    if not hint:
        is_table = base.lower().endswith((".csv", ".tsv", ".txt"))
        hint = "check the name and the folder" if is_table else "`cnncalc zoo` lists the bundled specs"
    return Diagnostic("E106", f'"{reference[:200]}": {what}', hint=hint)


def _files_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")[:1000]
    except (OSError, ValueError):
        return []


def _dumped(value: object, limits: Limits) -> Source:
    """A Python mapping as YAML text. JSON is YAML in which all text is quoted, so none is misread."""
    import json

    try:
        text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain_value)
    except (TypeError, ValueError) as error:
        message = f"the mapping cannot be written as YAML: {error}"
        raise unreadable(
            "<mapping>", message, "a spec contains mappings, lists, texts, numbers, bools and None"
        ) from None
    except RecursionError:
        raise SpecError(
            [limits.exceeded("nesting", sys.getrecursionlimit(), Span(Source("<mapping>", ""), 0, 0))]
        ) from None
    return Source("<mapping>", text)


def _plain_value(value: Any) -> object:
    if isinstance(value, AbstractMapping):
        return dict(value)
    if hasattr(value, "__index__"):  # a NumPy integer
        return int(value)
    raise TypeError(f"{type(value).__name__} is not a valid type in a spec")
