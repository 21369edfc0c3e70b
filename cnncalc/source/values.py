"""Values of interpreted programs that are not plain Python constants and containers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Span, did_you_mean
from cnncalc.source.source_file import SourceFile

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter
    from cnncalc.source.variables import Variables


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A node of a source file."""

    file: SourceFile
    node: ast.AST

    @property
    def span(self) -> Span:
        return self.file.span(self.node)


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Unfollowed:
    """A value that nobody knows, with the reason and the position where following it ended."""

    reason: str
    place: CodePlace


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Refused(Unfollowed):
    """The result of a call that the library certainly refuses, with the code and the hint of the error."""

    code: str = "E111"
    hint: str = ""


class Aside(Unfollowed):
    """A result that a library certainly gives beside another one, and that no layer type has as its output."""

    __slots__ = ()


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class CallGiven:
    """The arguments of a call, with the expression that gives each, and the position of the call."""

    values: list[object]
    keywords: dict[str, object]
    place: CodePlace
    nodes: list[ast.AST] = field(default_factory=list)
    """The expressions of `values`; a shorter list where a program made the arguments."""
    keyword_nodes: dict[str, ast.AST] = field(default_factory=dict)

    def unfollowed(self) -> Unfollowed | None:
        """The first argument that is unknown."""
        for value in (*self.values, *self.keywords.values()):
            if isinstance(value, Unfollowed):
                return value
        return None

    def after(self, *receivers: object) -> CallGiven:
        """The same call with other arguments before its own."""
        if not receivers:
            return self
        nodes = [self.place.node] * len(receivers) + self.nodes if self.nodes else []
        return CallGiven([*receivers, *self.values], self.keywords, self.place, nodes, self.keyword_nodes)

    def without_first(self) -> CallGiven:
        """The same call without its first argument, a receiver."""
        return CallGiven(self.values[1:], self.keywords, self.place, self.nodes[1:], self.keyword_nodes)


class Outside:
    """A value of a library: a tensor, a function, a module. A subclass says what operations on it give."""

    __slots__ = ()

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        return Unfollowed(f"the attribute {name} of {self.title()}", place)

    def assign(self, interpreter: Interpreter, name: str, value: object, place: CodePlace) -> None:
        """Set an attribute, which by default has no effect."""

    def call(self, interpreter: Interpreter, given: CallGiven) -> object:
        return Unfollowed(f"{self.title()}(…)", given.place)

    def binary(
        self, interpreter: Interpreter, symbol: str, other: object, place: CodePlace, *, is_left: bool
    ) -> object:  # fmt: skip
        return Unfollowed(f"{self.title()} {symbol} …" if is_left else f"… {symbol} {self.title()}", place)

    def unary(self, interpreter: Interpreter, symbol: str, place: CodePlace) -> object:
        return Unfollowed(f"{symbol}{self.title()}", place)

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        return Unfollowed(f"{self.title()}[…]", place)

    def put_item(self, interpreter: Interpreter, key: object, value: object, place: CodePlace) -> object:
        """The value after an assignment to an item, or an unknown one."""
        return Unfollowed(f"{self.title()}[…] = …", place)

    def truth(self, place: CodePlace) -> bool | Unfollowed:
        return Unfollowed(f"the truth of {self.title()}", place)

    def items(self, interpreter: Interpreter, place: CodePlace) -> list[object] | Unfollowed:
        """The values of a loop over it."""
        return Unfollowed(f"a loop over {self.title()}", place)

    def entered(self, interpreter: Interpreter, place: CodePlace) -> object:
        """The value that `with … as name` binds."""
        return Unfollowed("with", place)

    def left(self, interpreter: Interpreter) -> None:
        """The end of a `with` block."""

    def copied(self) -> Outside:
        """A copy, for values that a program can change."""
        return self

    def title(self) -> str:
        return "a value of a library"


class LibraryName(Outside):
    """A name of a library that has no meaning here, such as `torch.hub`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        return interpreter.library_value(f"{self.path}.{name}")

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        """A generic type, `Optional[int]`."""
        return self

    def binary(
        self, interpreter: Interpreter, symbol: str, other: object, place: CodePlace, *, is_left: bool
    ) -> object:  # fmt: skip
        return self if symbol == "|" else super().binary(interpreter, symbol, other, place, is_left=is_left)

    def call(self, interpreter: Interpreter, given: CallGiven) -> object:
        """An error for a name that is close to one of a module of which the library has every name, `MODULE.*`."""
        module, _, name = self.path.rpartition(".")
        if self.path not in interpreter.library and f"{module}.*" in interpreter.library:
            start = f"{module}."
            known = [path.removeprefix(start) for path in interpreter.library if path.startswith(start)]
            if hint := did_you_mean(name, [each for each in known if "." not in each]):
                return Refused(f"{module} has no {name}", given.place, "E202", hint)
        return super().call(interpreter, given)

    def title(self) -> str:
        return self.path


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class LaterValue:
    """The value of a library's name, made when a program first uses the name."""

    value: Callable[[Interpreter], object]


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class NativeFunction:
    """A function of a library whose meaning is known here."""

    name: str
    function: Callable[[Interpreter, CallGiven], object]
    binds: bool = True
    """Whether a class's function takes the instance first."""
    types: tuple[type, ...] = ()
    """For a type of Python, such as `int`: what instances of it are."""


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class PyFunction:
    """A function of the source. `owner` is the class whose body defines it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    around: Variables
    defaults: list[object]
    keyword_defaults: dict[str, object]
    name: str
    owner: PyClass | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    yields: bool = False

    @property
    def file(self) -> SourceFile:
        return self.around.file


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class BoundFunction:
    """A function with the instance or class that it belongs to."""

    function: PyFunction | NativeFunction
    receiver: object


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class PartialCall:
    """`functools.partial`: a function with some of its arguments."""

    function: object
    given: CallGiven


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class Wrapped:
    """A function of a class with a decorator: `property`, `staticmethod` or `classmethod`."""

    word: str
    function: object
    setter: object = None
    """The function of a property that takes a new value."""


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class PyClass:
    """A class of the source, or one that a library's meaning gives."""

    name: str
    bases: tuple[PyClass, ...]
    namespace: dict[str, object]
    place: CodePlace | None = None
    is_open: bool = False
    """Whether a base is unknown, so that a missing attribute is unknown as well."""
    lineage: tuple[PyClass, ...] = ()
    """The class and its ancestors in the order of look-ups."""
    words: Mapping[str, object] = field(default_factory=dict)
    """The facts of a library about the class."""
    annotations: dict[str, ast.expr] = field(default_factory=dict)

    def find(self, name: str) -> tuple[PyClass, object] | None:
        """The class of the lineage that has an attribute, with its value."""
        for each in self.lineage:
            if name in each.namespace:
                return each, each.namespace[name]
        return None

    def word(self, name: str) -> object:
        """A fact of a library about the class or its nearest ancestor."""
        return next((each.words[name] for each in self.lineage if name in each.words), None)

    def descends(self, other: PyClass) -> bool:
        return other in self.lineage

    @property
    def has_unknown_part(self) -> bool:
        return any(each.is_open for each in self.lineage)


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class PyInstance:
    """An instance of a class. `extra` belongs to the library that knows the class."""

    kind: PyClass
    attributes: dict[str, object] = field(default_factory=dict)
    place: CodePlace | None = None
    """Where it was made."""
    extra: object = None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class PyModule:
    """A file of the source, or a package's folder; its names appear when it is first used."""

    name: str
    path: str
    variables: Variables | None = None


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class LaterName:
    """A name that an import binds, looked up when it is first used."""

    module: PyModule
    name: str


@dataclass(slots=True, eq=False, repr=False, match_args=False)
class SuperView:
    """`super()`: the attributes of an instance's ancestors after a class."""

    owner: PyClass
    receiver: PyInstance | PyClass

    def find(self, name: str) -> tuple[PyClass, object] | None:
        lineage = (self.receiver.kind if isinstance(self.receiver, PyInstance) else self.receiver).lineage
        start = lineage.index(self.owner) + 1 if self.owner in lineage else 0
        for each in lineage[start:]:
            if name in each.namespace:
                return each, each.namespace[name]
        return None


def lineage_of(made: PyClass) -> tuple[PyClass, ...]:
    """The order of look-ups: Python's own (C3), or depth first where the bases have none."""
    chains = [list(base.lineage) for base in made.bases] + [list(made.bases)]
    found = [made]
    while chains := [chain for chain in chains if chain]:
        head = next((chain[0] for chain in chains if not any(chain[0] in other[1:] for other in chains)), chains[0][0])
        found.append(head)
        chains = [[each for each in chain if each is not head] for chain in chains]
    return tuple(found)


def native_class(name: str, bases: tuple[PyClass, ...], namespace: dict[str, object], **words: object) -> PyClass:
    """A class of a library."""
    made = PyClass(name, bases, namespace, words=words)
    made.lineage = lineage_of(made)
    return made


def functions_of(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's own body, without those of functions and classes inside."""
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(each)
