"""The names given so far, and what a reference finds among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from cnncalc.diagnostics import Diagnostic, Span, did_you_mean
from cnncalc.graph.lost import Lost
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Values, WrongValue
from cnncalc.graph.work import Work
from cnncalc.hidden_characters import hidden, visible
from cnncalc.reading.expression import UnknownName
from cnncalc.reading.items import Located
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode, WordList

# These are compiled by the few specs that need them.
_NAME = r"[^\s,](?:[^,]*[^\s,])?"
_NOT_IN_A_NAME = r"[\s\[\]{}()|,>→]"

GivenName = tuple[str, int, Span]
"""A full name, the index of its node, and the position of the item that gives it."""


class Names:
    """Full names (`stage2.1.conv_3`, and `stage2` for the last layer of that block) to indices of nodes."""

    __slots__ = ("_given", "_indices", "_spans", "_work", "lost", "reached")

    def __init__(self, work: Work) -> None:
        self._given: list[str] = []
        self._indices: dict[str, int] = {}
        self._spans: list[Span] = []
        """The position of each name in `_given`."""
        self._work = work
        self.lost = Lost()
        self.reached = 0
        """The first node that was referred to since somebody set this."""

    def give(self, full: str, index: int, span: Span) -> Diagnostic | None:
        """Give a node its full name; the diagnostic if another bears it. Raises LimitReached."""
        if full in self._indices:
            first = self._spans[self._given.index(full)]
            return Diagnostic(
                "E207",
                f'the name "{full}" is given twice (first on line {first.line})',
                span,
                hint="give one of them another name; inside a repeat, name the group or put ${i} into the name",
            )
        self._give(full, index, span)
        return None

    def _give(self, full: str, index: int, span: Span) -> None:
        self._work.name(full, span)
        self._given.append(full)
        self._spans.append(span)
        self._indices[full] = index

    def count(self) -> int:
        """The number of names that were given so far."""
        return len(self._given)

    def since(self, count: int) -> tuple[GivenName, ...]:
        """The names that were given after the first `count`."""
        given = zip(self._given[count:], self._spans[count:], strict=True)
        return tuple([(full, self._indices[full], span) for full, span in given])

    def copy(self, names: Iterable[GivenName], prefix: str, other: str, moved: Callable[[int], int]) -> bool:
        """Give names again under another prefix, to the nodes at `moved` places; False, and none, if one is taken."""
        wanted = [(other + full[len(prefix) :], moved(index), span) for full, index, span in names]
        if any(full in self._indices for full, _, _ in wanted):
            return False
        for full, index, span in wanted:
            self._give(full, index, span)
        return True

    def taken(self, full: str) -> bool:
        return full in self._indices

    def find_all(self, node: SpecNode, scope: Scope) -> tuple[int, ...]:
        """The nodes that a name, a list of names, `a,b`, or an expression for either refers to.

        Raises WrongValue for an unknown one, and for a list without names.
        """
        if isinstance(node, Scalar) and "$" in node.text:
            value = Values(scope, no_incoming, self._work).read(node)
            names = [str(part) for part in value] if isinstance(value, list | tuple) else str(value).split(",")
            parts: list[SpecNode] = [Scalar(node.source, node.start, node.end, name.strip()) for name in names]
            node = Sequence(node.source, node.start, node.end, parts)
        elif isinstance(node, Scalar) and "," in node.text:
            node = Sequence(node.source, node.start, node.end, list(_parts(node)))
        if isinstance(node, WordList) and (known := self._known(node.words, scope)):
            self._work.spend("connections", len(known), node)
            return known
        written = node.items if isinstance(node, Sequence) else [node]
        if not written:
            hint = "name an input, or a layer before this one"
            raise WrongValue(Diagnostic("E206", "this list names no layer", node.span, hint=hint))
        self._work.spend("connections", len(written), node)
        return tuple(self.find(name, scope) for name in written)

    def _known(self, words: list[str], scope: Scope) -> tuple[int, ...]:
        """The nodes that words name in the innermost scope; none if it lacks one."""
        found = tuple([index for word in words if (index := self._indices.get(scope.prefix + word)) is not None])
        if len(found) < len(words):
            return ()
        self.reached = min(self.reached, *found)
        return found

    def index(self, full: str) -> int | None:
        """The node of a full name."""
        return self._indices.get(full)

    def find(self, node: SpecNode, scope: Scope) -> int:
        """The node that a name refers to, looked up from the innermost scope outwards. Raises WrongValue."""
        name = _literal(node)
        index = None if name is None else self._indices.get(scope.prefix + name)
        if index is None:
            return self.find_full(node, scope)[1]
        self.reached = min(self.reached, index)
        return index

    def find_full(self, node: SpecNode, scope: Scope) -> tuple[str, int]:
        """The full name of a name, and its node. Raises WrongValue.

        A name that a broken item should have given finds the node in its place.
        """
        name = _literal(node)
        if name is None:
            name = str(Values(scope, no_incoming, self._work).read(node))
        for full in scope.candidates(name):
            index = self._indices.get(full)
            if index is not None:
                self.reached = min(self.reached, index)
                return full, index
        for full in scope.candidates(name):
            index = self.lost.find(full)
            if index is not None:
                return full, index
        for full in scope.candidates(name):
            if parts := self._parts_of(full):
                several = f"{len(parts)} outputs, and one is needed"
                message = f'"{name}" has {several if len(parts) > 1 else "one output, with a name of its own"}'
                raise WrongValue(Diagnostic("E206", message, node.span, hint=f"write {_listed(parts)}"))
        from cnncalc.graph.hints import alias_hint  # most names are known

        hint = alias_hint(name, self._indices) or did_you_mean(name, self._indices)
        hint = hint or "name an input, or a layer before this one"
        raise WrongValue(Diagnostic("E206", f'no layer "{name}" before this one', node.span, hint=hint))

    def _parts_of(self, full: str) -> list[str]:
        """The outputs of a layer that has several."""
        begin = f"{full}."
        return [given for given in self._indices if given.startswith(begin) and "." not in given[len(begin) :]]


def _listed(names: list[str]) -> str:
    """Names to choose from, the first few of many."""
    if len(names) > 4:
        return f"one of {', '.join(names[:3])} … {names[-1]}"
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _literal(node: SpecNode) -> str | None:
    """The text of a name as written (`012` is a name); None for one with expressions."""
    return node.text if isinstance(node, Scalar) and "$" not in node.text else None


def _parts(node: Scalar) -> Iterator[Scalar]:
    """The names between commas, each with its position."""
    located = Located(node)
    for found in re.finditer(_NAME, node.text):
        yield Scalar(node.source, *located.place(*found.span()), found.group())


def no_incoming(name: str) -> object:
    """The answer to `in.channels` where nothing flows in. Raises UnknownName."""
    raise UnknownName(f"`{name}` has a meaning only inside a layer")


def written_name(node: SpecNode, values: Values) -> str:
    """The text of a `name` key. Raises WrongValue for one that cannot be a name."""
    text = _literal(node)
    if text is None:
        text = str(values.read(node))
    if not text.isidentifier() and (problem := name_problem(text, node.span)):
        raise WrongValue(problem)
    return text


def name_problem(text: str, span: Span) -> Diagnostic | None:
    """The reason why a text cannot be a name; None for one that can."""
    if text and not hidden(text) and not re.search(_NOT_IN_A_NAME, text):
        return None
    hint = "use letters, digits, `_`, `-` and `.`"
    return Diagnostic("E204", f'name: "{visible(text)}" cannot be a name', span, hint=hint)
