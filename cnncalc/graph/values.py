"""Nodes to plain values: scalars are read, `${…}` is evaluated, lists become lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cnncalc.diagnostics import Diagnostic, did_you_mean, shortened
from cnncalc.graph.scope import Scope
from cnncalc.graph.work import Work
from cnncalc.reading.expression import ExpressionError, UnknownName, compile_expression
from cnncalc.reading.items import Located
from cnncalc.reading.nodes import BareName, Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.scalars import value_of
from cnncalc.reading.templates import Piece, find_templates

INCOMING = "in."


@lru_cache(maxsize=4096)
def names_in(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names that the expressions in some texts look up; None where one cannot be read."""
    try:
        pieces = [piece for text in texts if "$" in text for piece in find_templates(text) if piece.is_expression]
        return tuple(sorted({name for piece in pieces for name in compile_expression(piece.text).names}))
    except ExpressionError:
        return None


class Unknowable(Exception):  # noqa: N818 - not an error of ours: a value depends on what another mistake hid
    """Raised for a value that needs the shape of a layer, or a variable, which could not be read."""


class _LostValue:
    """The value of a variable that could not be read; reading it raises Unknowable."""

    def __repr__(self) -> str:
        return "lost"


LOST = _LostValue()
LOST_NAMES = ""
"""Under this name, which no variable has, LOST means that variables could not be read at all."""


class WrongValue(Exception):  # noqa: N818 - not an error of ours: it carries the user's
    """A wrong value, as the diagnostic that says so."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Values:
    """Reads nodes in a scope. `incoming(name)` answers for `in.channels` and its kin."""

    __slots__ = ("incoming", "scope", "work")

    def __init__(self, scope: Scope, incoming: Callable[[str], object], work: Work) -> None:
        self.scope = scope
        self.incoming = incoming
        self.work = work

    def read(self, node: SpecNode) -> Any:
        """The plain value of a node. Raises WrongValue, Unknowable, or LimitReached."""
        if isinstance(node, Scalar):
            if "$" in node.text:
                return self._scalar(node)
            if type(node) is BareName:
                return self.scope.values.get(node.text, node.text)
            return value_of(node.text) if node.plain else node.text
        if isinstance(node, Sequence):
            return [self._inner(item) for item in node.items]
        assert isinstance(node, Mapping)
        return {key: self._inner(value) for key, (_, value) in node.entries.items()}

    def _inner(self, node: SpecNode) -> Any:
        """A value inside of a list: a list that an expression puts there is counted, for it may hold others."""
        value = self.read(node)
        if isinstance(node, Scalar) and isinstance(value, list | dict):
            self.work.spend("list_values", _held(value, self.work.limits.list_values), node)
        return value

    def _scalar(self, node: Scalar) -> Any:
        try:
            pieces = find_templates(node.text)
        except ExpressionError as error:
            raise WrongValue(self._located(error, node, 0)) from None
        if len(pieces) == 1 and pieces[0].is_expression:
            return self._evaluate(pieces[0].text, node, pieces[0].start)
        text = "".join([self._text(piece, node) for piece in pieces])
        if len(text) > max(self.work.limits.text_length, len(node.text)):
            raise WrongValue(self.work.limits.exceeded("text_length", len(text), node.span))
        return value_of(text) if any(piece.is_expression for piece in pieces) else text

    def _text(self, piece: Piece, node: Scalar) -> str:
        return _as_text(self._evaluate(piece.text, node, piece.start)) if piece.is_expression else piece.text

    def _evaluate(self, text: str, node: Scalar, start: int) -> Any:
        self.work.spend("evaluated", len(text), node)
        try:
            return compile_expression(text, self.work.limits.expression_length).evaluate(self._lookup)
        except ExpressionError as error:
            raise WrongValue(self._located(error, node, start)) from None

    def _lookup(self, name: str) -> object:
        if name in self.scope.values:
            if self.scope.values[name] is LOST:
                raise Unknowable
            return self.scope.values[name]
        if name.startswith(INCOMING):
            return self.incoming(name)
        if LOST_NAMES in self.scope.values:
            raise Unknowable
        known = list(self.scope.values)
        hint = did_you_mean(name, known) or (f"known here: {', '.join(known)}" if known else "no variables are defined")
        raise UnknownName(f'unknown name "{name}" in an expression', hint)

    def _located(self, error: ExpressionError, node: Scalar, start: int) -> Diagnostic:
        begin = start + error.start
        span = Located(node).span(begin, max(begin + 1, start + error.end))
        return Diagnostic("E208", error.message, span, hint=error.hint)


def _held(value: object, most: int) -> int:
    """The number of values a list or mapping holds, at any depth; more than `most` are not counted to their end."""
    held, left = 0, [value]
    while left and held <= most:
        inner = left.pop()
        held += 1
        left += inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list | tuple) else ()
    return held


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "x".join(_as_text(item) for item in value)
    return str(value)


def trapped(node: SpecNode, *, boolean: bool = False) -> Diagnostic | None:
    """The first YAML trap among the scalars of a value that was refused (`012` where a number is wanted).

    `on` and `no` are traps where a bool is wanted; where a number is, they are plainly wrong.
    """
    from cnncalc.reading.number_traps import trap  # most specs have none

    if isinstance(node, Scalar):
        return trap(node) if boolean or not node.text.isalpha() else None
    inner = node.items if isinstance(node, Sequence) else []
    return next((found for found in (trapped(item, boolean=boolean) for item in inner) if found), None)


def integer(values: Values, node: SpecNode, what: str, minimum: int = 0) -> int:
    """A whole number of at least `minimum`. Raises WrongValue, or Unknowable."""
    value = values.read(node)
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        raise WrongValue(
            trapped(node)
            or Diagnostic("E204", f"{what}: got {show(value)}, but a whole number from {minimum} is needed", node.span)
        )
    return value


def boolean(values: Values, node: SpecNode, what: str) -> bool:
    """True or false. Raises WrongValue, or Unknowable."""
    value = values.read(node)
    if not isinstance(value, bool):
        raise WrongValue(
            trapped(node, boolean=True)
            or Diagnostic("E204", f"{what}: got {show(value)}, but true or false is needed", node.span)
        )
    return value


def frozen(scope: Scope, values: Values, node: SpecNode) -> Scope:
    """The scope of an item that says whether it is `trainable`. Raises WrongValue, or Unknowable."""
    inner = scope.inner()
    value = values.read(node)
    if value == "buffer":
        inner.trainable, inner.buffers = False, True
    elif isinstance(value, bool):
        inner.trainable = value and scope.trainable
    else:
        message = f"trainable: got {show(value)}, but true, false or buffer is needed"
        raise WrongValue(trapped(node, boolean=True) or Diagnostic("E204", message, node.span))
    return inner


def show(value: object) -> str:
    """A value as a message quotes it."""
    if value is None:
        return "nothing"
    return f'"{shortened(value)}"' if isinstance(value, str) else shortened(_as_text(value))
