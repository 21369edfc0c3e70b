"""Results of a run of a model: unknown values, exceptions, and outputs that comments state."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeVar

from cnncalc.diagnostics import Diagnostic, Span, SpecError, did_you_mean
from cnncalc.importing.python.tracing import Tracing, tracing_of
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.library_file import LibraryFile, LibrarySpan
from cnncalc.source.signals import Raised, Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CodePlace, PyFunction, PyInstance, Refused, Unfollowed
from cnncalc.source.variables import Variables

Value = TypeVar("Value")
_STATED = re.compile(r"#[ \t]*cnncalc:[ \t]*(\d+(?:[x×]\d+)*)")
_GIVE = re.compile(r"; give (?:it|them) with --input")
_EXCEPTION = re.compile(r"\w+(?:Error|Exception)(?:: |$)")
HOW = 'give its output with a comment on that line, such as "# cnncalc: 128x7x7"'


def shape_in_comment(place: CodePlace) -> tuple[int, ...] | None:
    """The shape that a comment on the last line of a statement or call states, `# cnncalc: 128x7x7`."""
    found = _STATED.search(place.file.source.line_text(getattr(place.node, "end_lineno", None) or place.span.line))
    return tuple(int(size) for size in re.split("[x×]", found[1])) if found else None


def values_of(node: ast.stmt, variables: Variables, kind: type[Value]) -> Iterator[Value]:
    """The values of a class that a statement reads by name."""
    seen = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id not in seen:
            seen.add(each.id)
            holder = variables.holder(each.id)
            value = holder.names[each.id] if holder else None
            if isinstance(value, kind):
                yield value


def raised(tracing: Tracing, error: Raised) -> Unfollowed:
    """An exception that the model certainly raises."""
    said = error.words()
    tracing.problem("E111", f"the model raises {said}", error.place.span)
    return Unfollowed(said, error.place)


_NAME = re.compile(r"(torch(?:\.nn(?:\.functional)?)?|the tensor method)[. ](\w+)\(…\)$")


def _how(interpreter: Interpreter, value: Unfollowed) -> str:
    """The hint for an unknown name: it may be misspelt, or one of PyTorch's that is not followed.

    There is none for a name in a library, where the user can write no comment.
    """
    if isinstance(value.place.span, LibrarySpan):
        return ""
    similar = _similar(interpreter, value)
    return f"{similar} if not, {HOW}" if similar else HOW


def _similar(interpreter: Interpreter, value: Unfollowed) -> str:
    """A hint with a known name of PyTorch that is close to an unknown one."""
    found = _NAME.match(value.reason)
    if found is None:
        return ""
    start = f"{found[1]}." if found[1].startswith("torch") else "torch.Tensor."
    names = (path.removeprefix(start) for path in interpreter.library if path.startswith(start))
    return did_you_mean(found[2], [name for name in names if "." not in name and not name.endswith("_")])


def is_mistake(value: Unfollowed) -> bool:
    """Whether a value is unknown because of a mistake, or sizes that the program leaves open."""
    is_refused = isinstance(value, Refused) or _EXCEPTION.match(value.reason) is not None
    return is_refused or diagnostic(value).code != "E111"


def ends(interpreter: Interpreter, value: Unfollowed) -> None:
    """No output is known: what can be followed ends here, unless a mistake explains it."""
    tracing, found = tracing_of(interpreter), diagnostic(value)
    if tracing.problems or is_mistake(value):
        cannot_follow(tracing, value)
    else:
        tracing.end = Diagnostic(found.code, found.message, found.span, hint=_how(interpreter, value))


def forward_place(model: PyInstance) -> CodePlace | None:
    """Where the program defines a model's `forward`."""
    found = model.kind.find("forward")
    function = found[1] if found else None
    return CodePlace(function.around.file, function.node) if isinstance(function, PyFunction) else None


def written_place(model: PyInstance) -> CodePlace | None:
    """Where the program writes a model: its `forward`, its class, or the call that makes it if a library has both."""
    places = [place for place in (forward_place(model), model.kind.place) if place is not None]
    return next((place for place in places if not isinstance(place.file, LibraryFile)), model.place)


def without_result(model: PyInstance) -> SpecError:
    """The error for a model whose `forward` gives back no tensor."""
    place = written_place(model)
    assert place is not None
    message = f"forward of {model.kind.name} returns no tensor"
    return SpecError([Diagnostic("E111", message, place.span, hint="return the output")])


def at_limit(interpreter: Interpreter, limit: Stop, file: SourceFile) -> SpecError:
    """The error for a program that reaches a limit, at the loop or call that takes the steps."""
    place = tracing_of(interpreter).users_place(limit.place) if limit.place is not None else None
    return SpecError([Diagnostic("E103", limit.reason, place.span if place else Span(file.source, 0, 0))])


def cannot_follow(tracing: Tracing, value: Unfollowed) -> None:
    """Report what cannot be followed, unless a mistake explains it."""
    if not tracing.problems:
        found, how = diagnostic(value), "" if is_mistake(value) else HOW
        tracing.problem(found.code, found.message, value.place.span, found.hint or how)


def diagnostic(value: Unfollowed) -> Diagnostic:
    """The reason why a value is unknown: an exception that the program raises, open sizes, or something unknown."""
    span = value.place.span
    if isinstance(value, Refused):
        return Diagnostic(value.code, value.reason, span, hint=value.hint)
    if _EXCEPTION.match(value.reason):
        return Diagnostic("E111", value.reason, span)
    if found := _GIVE.search(value.reason):
        return Diagnostic("E205", value.reason[: found.start()], span, hint=value.reason[found.start() + 2 :])
    return Diagnostic("E111", f"cannot follow {value.reason}", span)
