"""From any reference to located nodes: a spec as `reading.load` reads it, or a model file of another tool.

What a file holds decides, not its name. A file that is plainly a spec is read without asking the formats.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, PartedSource, Source, Span, SpecError, did_you_mean
from cnncalc.layers.shapes import as_shape
from cnncalc.number_text import thousands
from cnncalc.reading.files import open_at_once
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.load import (
    File,
    LiveReference,
    Loaded,
    Reference,
    file_of,
    form_of,
    is_inline,
    load_bytes,
    load_file,
    load_source,
    model_in_code,
    parsed,
    read_stream,
    unreadable,
)
from cnncalc.reading.nodes import SpecNode
from cnncalc.reading.revision import PREFIX, read_revision

if TYPE_CHECKING:
    from cnncalc.importing.draft import Draft
    from cnncalc.importing.formats import Format, Request
    from cnncalc.importing.unshaped import UnfollowedError

INPUT = "input"
CLASSES = "classes"
"""The variable that every model file with scores has for `--set`: the number of classes."""

HEAD = 64 * 1024
"""The number of bytes that decide the format of a file."""

_SPEC = (
    rb"""(?:^|\A\xef\xbb\xbf)["']?(?:layers["']?[ \t]*:|questions["']?[ \t]*:)"""
    rb"""|\A(?!\s*[{\[#])[^\n]*(?:->|\xe2\x86\x92)"""
)
"""A line that only a spec has; compiled by the first file, since other references need none."""

_SHARED_ENDINGS = (".py", ".ipynb", ".json")
"""Endings of model files, and of many other files."""

_ZIP = b"PK\x03\x04"
"""The first bytes of a zip, whose entries may hold any text."""

MOST_IN_MEMORY = 1024**3
"""The largest model that is read from standard input, or from a revision of git."""

FOLDERS = (
    ("saved_model.pb", "a TensorFlow SavedModel", "save the model as .keras, or convert it with tf2onnx"),
    ("Manifest.json", "a Core ML package", "name the model that it was converted from"),
)
"""Files that mark a folder as a model, with its format and an alternative."""


class ModelDocument(NamedTuple):
    """A spec or a model file as read: its root node, or None with at least one error among the diagnostics."""

    root: SpecNode | None
    diagnostics: list[Diagnostic]
    source: Source | None = None
    variant: str | None = None
    format: str = ""
    """The format of a model file, in words; empty for a spec."""
    remarks: tuple[Diagnostic, ...] = ()
    """Warnings about a model file, such as its operations that have no layer type."""
    again: Callable[[Choices], SpecNode | None] | None = None
    """Reads a model file for other choices, which may change its layers. Raises SpecError."""
    depends_on: tuple[str, ...] = ()
    """The choices that change the layers of a model file: `input`, and names of `--set`."""
    unfollowed: UnfollowedError | None = None
    """The error of code that cannot be followed to its end, which has the part before."""


class Choices(NamedTuple):
    """The caller's values that a reader of model files may need: the input's shapes, and the values of `--set`."""

    input: object = None
    variables: Mapping[str, object] | None = None
    strict: bool = False
    """Whether an operation without a layer type is an error."""

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes by the inputs' names, `""` for the only one; the builder reports whatever is not a shape."""
        if self.input is None:
            return {}
        given = self.input if isinstance(self.input, Mapping) else {"": self.input}
        return {str(name): shape for name, value in given.items() if (shape := as_shape(value)) is not None}


def read(
    reference: Reference, choices: Choices = Choices(), *, stdin: IO[Any] | None = None,  # noqa: B008
    limits: Limits = DEFAULT_LIMITS,
) -> ModelDocument:  # fmt: skip
    """Read the spec or the model file that `reference` names into nodes. Never raises for what a user wrote."""
    try:
        found = opened(reference, stdin=stdin, limits=limits)
        return ModelDocument(*parsed(found, limits)) if isinstance(found, Loaded) else found.document(choices, limits)
    except SpecError as error:
        from cnncalc.importing.unshaped import UnfollowedError  # most references are read to their end

        unfollowed = error if isinstance(error, UnfollowedError) else None
        return ModelDocument(None, error.diagnostics, unfollowed=unfollowed)


def text_of(reference: Reference, stdin: IO[Any] | None = None) -> Source | None:
    """The text that `reference` names; None for a model file. Raises SpecError as `load_source` does."""
    found = opened(reference, stdin=stdin)
    return found.source if isinstance(found, Loaded) else None


class ModelFile(NamedTuple):
    """A model file: its format, and the file that it is in, or what was read of it from elsewhere under a name."""

    format: Format
    file: File
    data: bytes | None = None

    def document(self, choices: Choices, limits: Limits) -> ModelDocument:
        """The file as the nodes of a flat spec. Raises SpecError."""
        draft = self.draft(choices, limits)
        document = _document_of(draft, choices, self.settings(choices))
        own = (INPUT,) if draft.follows_input else ()
        return document._replace(
            again=lambda other: self.document(other, limits).root, depends_on=(*own, *self.settings_of_reader, CLASSES)
        )

    def draft(self, choices: Choices, limits: Limits) -> Draft:
        """The draft that the format's reader makes of the file. Raises SpecError."""
        from dataclasses import replace  # specs need none

        from cnncalc.importing.formats import check_layers

        self.check(choices)
        with self._request(limits) as request:
            chosen = replace(request, shapes=choices.shapes(), settings=self.settings(choices))
            draft = self.format.read(chosen)
            check_layers(request, len(draft.layers), draft.source)
            self.check_axes(draft, chosen.shapes)
            if self.data is not None:
                draft.source.name = self.file.path
            return _with_classes(draft, choices, self.settings_of_reader)

    @contextmanager
    def _request(self, limits: Limits) -> Iterator[Request]:
        """The request for the file; data becomes a temporary file, or replaces the contents of the named one."""
        from cnncalc.importing.formats import Request

        name, variant = self.file
        if self.data is None:
            yield Request(name, limits, variant=variant)
        elif getattr(self.format, "READS_AROUND", False) and os.path.isfile(name):
            yield Request(name, limits, variant=variant, text=self.data)
        else:
            with _as_file(name, self.data) as path, _renamed(path, name):
                yield Request(path, limits, variant=variant)

    def models(self, limits: Limits) -> tuple[str, ...]:
        """The names of the models in the file, if its format holds several and none is chosen. Raises SpecError."""
        function = getattr(self.format, "models_in", None)
        if function is None or self.file.variant:
            return ()
        with self._request(limits) as request:
            return tuple(function(request))

    def named(self, model: str) -> ModelFile:
        """The file with one of its models chosen."""
        return self._replace(file=self.file._replace(variant=model))

    def check(self, choices: Choices) -> None:
        """Raise SpecError for a value of `--set` that the format does not have."""
        from cnncalc.importing.formats import fail

        if self.file.variant and not getattr(self.format, "HAS_VARIANTS", False):
            what = f'a model file of this format has no variants, such as "{self.file.variant}"'
            fail(self.file.path, what, "name the file alone", code="E206")
        known = dict.fromkeys((*self.settings_of_reader, CLASSES))
        for name in choices.variables or {}:
            if name not in known:
                hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
                fail(self.file.path, f'a model file of this format has no variable "{name}"', hint, code="E206")

    def check_axes(self, draft: Draft, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Raise SpecError for a shape with another number of axes than that of a reader that does not ask for it."""
        from cnncalc.importing.given_shapes import check_axes

        for each in draft.inputs:
            given = shapes.get(each.name) or (shapes.get("") if len(draft.inputs) == 1 else None)
            if given:
                check_axes(self.file.path, each.name, given, each.shape)

    def settings(self, choices: Choices) -> dict[str, Any]:
        """The values of `--set` that a model file of the format takes."""
        names = (*self.settings_of_reader, CLASSES)
        return {name: value for name, value in (choices.variables or {}).items() if name in names}

    @property
    def settings_of_reader(self) -> tuple[str, ...]:
        """The names of `--set` that the reader of the format takes."""
        return getattr(self.format, "SETTINGS", ())


class LiveModel(LiveReference):
    """A model of another library in memory, as `cnncalc.from_torch` returns it: a reference for every function."""

    def __init__(self, draft: Draft, again: Callable[[Mapping[str, tuple[int, ...]]], Draft] | None = None) -> None:
        self.made = draft
        self.again = again
        """Makes the draft for other shapes of the inputs, by their names (`""`: the only one)."""

    def __repr__(self) -> str:
        return f"<{self.made.name}, {self.made.format}: {thousands(len(self.made.layers))} layers>"

    def document(self, choices: Choices, limits: Limits) -> ModelDocument:
        """The model as the nodes of a flat spec. Raises SpecError."""
        variables = {name: value for name, value in (choices.variables or {}).items() if name == CLASSES}
        document = _document_of(self.draft(choices, limits), choices, variables)
        own = (INPUT,) if self.again is not None and self.made.follows_input else ()
        return document._replace(again=lambda other: self.document(other, limits).root, depends_on=(*own, CLASSES))

    def draft(self, choices: Choices, limits: Limits) -> Draft:
        """The draft, made again if the caller gives another shape of an input. Raises SpecError."""
        own = {each.name: each.shape for each in self.made.inputs}
        if len(own) == 1:
            own[""] = self.made.inputs[0].shape
        changed = {name: shape for name, shape in choices.shapes().items() if name in own and own[name] != shape}
        return _with_classes(self.again(changed) if changed and self.again else self.made, choices)


def _with_classes(draft: Draft, choices: Choices, known: tuple[str, ...] = ()) -> Draft:
    """The draft with the caller's number of classes, unless its reader knows it. Raises SpecError."""
    if CLASSES not in (choices.variables or {}) or CLASSES in known:
        return draft
    from cnncalc.importing.classes import with_classes

    assert choices.variables is not None
    return with_classes(draft, choices.variables[CLASSES])


def _document_of(draft: Draft, choices: Choices, settings: Mapping[str, Any]) -> ModelDocument:
    """A draft as the nodes of a flat spec. Raises SpecError."""
    from cnncalc.importing.remarks import remarks_on
    from cnncalc.importing.spec.nodes import flat_spec

    remarks = remarks_on(draft, strict=choices.strict)
    root = flat_spec(draft, settings).root
    return ModelDocument(root, [], root.source, None, draft.format, remarks)


def opened(
    reference: Reference, *, stdin: IO[Any] | None = None, limits: Limits = DEFAULT_LIMITS
) -> Loaded | ModelFile | LiveModel:  # fmt: skip
    """The text that `reference` names, or the model, which is not read yet. Raises SpecError as `load_source`."""
    if isinstance(reference, LiveModel):
        return reference
    if reference == "-":
        head = read_stream(stdin, HEAD)
        return opened_data("<stdin>", head, lambda most: head + read_stream(stdin, most - len(head)), limits)
    if file := file_of(reference):
        return opened_file(file, limits)
    if isinstance(reference, str) and reference.startswith(PREFIX) and not is_inline(reference):
        path, variant = model_in_code(reference) or File(reference)
        data = read_revision(path, HEAD)
        is_whole = len(data) <= HEAD
        found = opened_data(path, data, lambda most: data if is_whole else read_revision(path, most), limits)
        return found._replace(file=File(path, variant)) if isinstance(found, ModelFile) and variant else found
    return load_source(reference, stdin=stdin, limits=limits)


def opened_data(name: str, head: bytes, whole: Callable[[int], bytes], limits: Limits) -> Loaded | ModelFile:
    """The contents of bytes that are not a file: `whole` gives at most so many of them. Raises SpecError."""
    found = recognized(head[:HEAD], name)
    if found is None:
        return load_bytes(name, whole(limits.file_bytes + 1), limits)
    most = min(limits.model_bytes, MOST_IN_MEMORY)
    data = whole(most + 1)
    if len(data) > most:
        message = f"this model is larger than {thousands(most)} bytes"
        raise unreadable(name, message, "name it as a file, which is not read whole")
    return ModelFile(found, File(name), data)


def opened_text(name: str, text: str) -> Loaded | ModelFile:
    """A text, or the model file that it is. Raises SpecError for a file of a kind that is not read."""
    data = text.encode("utf-8", "surrogateescape")
    found = recognized(data[:HEAD], name)
    return ModelFile(found, File(name), data) if found else Loaded(Source(name, text), form_of(text))


def opened_file(file: File, limits: Limits) -> Loaded | ModelFile:
    """The text of a file, or the model file. Raises SpecError."""
    try:
        with open(file.path, "rb", opener=open_at_once) as stream:
            head = stream.read(HEAD)
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):  # a pipe gives its bytes but once
                data = opened_data(file.path, head, lambda most: head + stream.read(most - len(head)), limits)
                return data._replace(file=file) if isinstance(data, ModelFile) else data._replace(variant=file.variant)
    except (OSError, ValueError):  # a folder, or nothing that can be read: reading it says so
        _refuse_folder(file.path)
        return load_file(file, limits)
    found = recognized(head, file.path)
    if found is None:
        return load_file(file, limits)
    if status.st_size > limits.model_bytes:
        raise SpecError([limits.exceeded("model_bytes", status.st_size, Span(PartedSource(file.path), 0, 0))])
    return ModelFile(found, file)


def recognized(head: bytes, path: str) -> Format | None:
    """The format of a file, None for a spec. Raises SpecError for a file of a kind that is not read."""
    if not head.startswith(_ZIP) and re.search(_SPEC, head, re.MULTILINE):
        return None
    from cnncalc.importing.foreign_files import foreign_file
    from cnncalc.importing.formats import endings, fail, format_of

    if not head.strip() and len(head) < HEAD and path.lower().endswith((*endings(), *_SHARED_ENDINGS)):
        fail(path, "the file is empty")
    found = format_of(head, path)
    if found is None and (foreign := foreign_file(head)):
        fail(path, f"this is {foreign.what}", foreign.hint)
    return found


def _refuse_folder(path: str) -> None:
    """Raise SpecError for a folder that is a model of another tool."""
    from cnncalc.importing.formats import fail

    for name, what, hint in FOLDERS:
        if os.path.isfile(os.path.join(path, name)):
            fail(path, f"this is {what}", hint)


@contextmanager
def _as_file(name: str, data: bytes) -> Iterator[str]:
    """Bytes as a file of the same name in a folder of its own, for as long as it is read."""
    from tempfile import TemporaryDirectory

    base = re.sub(r"[^\w.-]", "", re.split("[/:]", name)[-1]) or "model"
    with TemporaryDirectory(prefix="cnncalc-") as folder:
        path = os.path.join(folder, base)
        with open(path, "wb") as file:
            file.write(data)
        yield path


@contextmanager
def _renamed(path: str, name: str) -> Iterator[None]:
    """Let mistakes name what was read, and not the temporary file."""
    try:
        yield
    except SpecError as error:
        for span in (diagnostic.span for diagnostic in error.diagnostics):
            if span and span.source.name == path:
                span.source.name = name
        raise
