"""A model on its way through its own `forward`: the tape, the modules being called, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol

from cnncalc.diagnostics import Diagnostic, Refusal, Source, Span
from cnncalc.importing.draft import DraftLayer, Location
from cnncalc.importing.python.binding import BoundArguments
from cnncalc.importing.tensors.tape import Tape, TapePosition
from cnncalc.importing.tensors.tensor import NotSaid, ValuesAndIndices
from cnncalc.number_text import plural
from cnncalc.source.interpreter import Frame, Interpreter
from cnncalc.source.library_file import LibrarySpan
from cnncalc.source.values import CodePlace, PyInstance, PyModule, Refused, Unfollowed

BATCH = 211
"""The size of the batch in the program: a prime, so that it is recognized in products."""


class ReplacedModule(NamedTuple):
    """A module whose attribute is assigned again by the call of a function that assigned it."""

    name: str
    module: PyInstance
    place: CodePlace
    """Where the attribute is assigned again."""


class ReachedModule(NamedTuple):
    """A call of a module on something unknown, or one whose result is unknown."""

    parts: tuple[str, ...]
    module: PyInstance
    after: int
    """The number of layers on the tape before it."""
    value: Unfollowed
    scope: tuple[str, ...]
    """The name of the module in whose class the value cannot be followed, if that is being called."""


class TestCall(NamedTuple):
    """A call of a model on tensors that the file makes itself."""

    model: PyInstance
    shapes: tuple[tuple[int, ...], ...]
    keywords: Mapping[str, tuple[int, ...]] = MappingProxyType({})
    """The shapes of the tensors that are given by name."""
    is_inner: bool = False
    """Whether another module's `forward` makes the call."""


class ModuleWatch(Protocol):
    """An observer of the calls of modules."""

    def enters(self, module: PyInstance) -> None: ...
    def leaves(self, module: PyInstance, result: object) -> None: ...


class Problem(NamedTuple):
    """The arguments of `Tracing.problem`, for a mistake that only the outputs of the model show."""

    code: str
    message: str
    span: Span
    hint: str


class UnregisteredModules(NamedTuple):
    """Modules made at one position that no module registers: the first one's name, their number and parameters.

    `doubt` is the index of the warning about them.
    """

    doubt: int
    name: str
    number: int = 0
    params: int = 0


@dataclass
class ModulePath:
    """A module that is being called: its name in the model, and the classes of the modules around and its own."""

    parts: tuple[str, ...]
    kinds: tuple[str, ...]
    instance: PyInstance

    def writes(self, place: CodePlace) -> bool:
        """Whether a place is inside the module's class."""
        own = self.instance.kind.place
        if own is None or own.file.source is not place.file.source:
            return False
        first, last = getattr(own.node, "lineno", 1), getattr(own.node, "end_lineno", None) or 0
        return first <= getattr(place.node, "lineno", 1) <= last


@dataclass
class Tracing:
    """The state of one interpretation of a model. `source` is the file that the caller names."""

    source: Source
    tape: Tape
    problems: list[Diagnostic] = field(default_factory=list)
    doubts: list[Diagnostic] = field(default_factory=list)
    is_active: bool = False
    """Whether the model itself runs. Before that, its modules are made: then nothing stays on the tape."""
    path: list[ModulePath] = field(default_factory=list)
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The name of each module of the model, by the identity of its instance."""
    kinds: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The class of each module of the model, by its name."""
    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    """The last number after each name of modules that no module registers."""
    unregistered: dict[int, UnregisteredModules] = field(default_factory=dict)
    """Modules that are called and that no module registers, by the identity of the syntax node that makes them."""
    called: set[int] = field(default_factory=set)
    """The modules that were called."""
    calls: list[TestCall] = field(default_factory=list)
    calling: int = 0
    """The number of modules around a call that the file makes itself."""
    assigned: dict[tuple[int, str], Frame] = field(default_factory=dict)
    """The call of a function that assigned a module, by the identity of the module around and the attribute."""
    replaced: list[ReplacedModule] = field(default_factory=list)
    places: dict[str, CodePlace] = field(default_factory=dict)
    """Where the program makes each layer's output, by the layer's name."""
    programs: dict[str, PyModule] = field(default_factory=dict)
    """The programs of ready-made networks that were run, by their names."""
    networks: set[int] = field(default_factory=set)
    """The whole networks of those programs, by the identity of their instances."""
    watches: list[ModuleWatch] = field(default_factory=list)
    """Those that see each call of a module, besides the program's own hooks."""
    dropped: set[int] = field(default_factory=set)
    """The modules that an extraction of features does not need, by their identity."""
    reached: dict[int, ReachedModule] = field(default_factory=dict)
    """The modules whose input cannot be followed, by their identity, in the order of their calls."""
    end: Diagnostic | None = None
    """Why all outputs are unknown, if no mistake of the program explains it."""
    suspected: dict[str, Problem] = field(default_factory=dict)
    """The views that cut samples into several, by the names of their layers."""
    seen: set[tuple[int, str]] = field(default_factory=set)
    """Problems that were reported, by their position and code."""

    def name_modules(self, instance: PyInstance, parts: tuple[str, ...]) -> None:
        """Name a module and all those inside, and their arrays; those that have a name keep it."""
        from cnncalc.importing.python.torch.modules.base import modules

        for path, each in modules(instance, parts):
            if id(each) not in self.names:
                self.names[id(each)] = path
                self.kinds[path] = each.kind.name
                self.name_arrays(each)

    def name_arrays(self, instance: PyInstance) -> None:
        """Name the arrays of a module's own that have no name."""
        from cnncalc.importing.python.torch.modules.base import arrays

        for name, array in arrays(instance):
            array.name = array.name or ".".join((*self.names[id(instance)], name))

    def kinds_of(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The classes of a module and of those around it."""
        return tuple(self.kinds.get(parts[: depth + 1], "") for depth in range(len(parts)))

    def unregistered_name(self, word: str) -> tuple[str, ...]:
        """A name that no module has yet, for one that no module has registered."""
        name = (*(self.path[-1].parts if self.path else ()), word)
        parts = name
        while parts in self.kinds:
            self.numbers[name] = self.numbers.get(name, 1) + 1
            parts = (*name[:-1], f"{word}_{self.numbers[name]}")
        return parts

    def not_registered(self, parts: tuple[str, ...], params: int, place: CodePlace) -> None:
        """Warn of a module that is called although no module of the model has it as an attribute.

        Modules that are made at the same position, such as those of a list, have one warning.
        """
        known = self.unregistered.get(id(place.node)) or UnregisteredModules(len(self.doubts), ".".join(parts))
        known = known._replace(number=known.number + 1, params=known.params + params)
        self.unregistered[id(place.node)] = known
        are, their = ("is", "its") if known.number == 1 else (f"and {known.number - 1} more are", "their")
        message = (
            f"{known.name} {are} not registered, as modules in a plain list or made in forward are not: PyTorch does "
            f"not count or train {their} {plural(known.params, 'parameter')}"
        )
        hint = "put the modules into nn.ModuleList"
        doubt = Diagnostic("E112", message, place.span, hint=hint, severity="warning")
        self.doubts[known.doubt : known.doubt + 1] = [doubt]

    def reach(self, module: PyInstance, value: Unfollowed) -> None:
        """Note a call of a module that is being called, with the unknown value that it takes or gives."""
        if self.is_active and self.path and id(module) not in self.reached:
            scope = next((each.parts for each in reversed(self.path) if each.writes(value.place)), ())
            here = ReachedModule(self.path[-1].parts, module, len(self.tape.layers), value, scope)
            self.reached[id(module)] = here

    def start(self) -> None:
        """Begin with the model itself, on a fresh tape."""
        self.tape = Tape(self.tape.convention, self.tape.layout, BATCH)
        self.is_active = True

    def problem(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Report a mistake of the program, once for its position."""
        if isinstance(span, LibrarySpan):  # the user can change the call, and not the network
            message, hint = f"{span.library}: {message}", ""
        key = (span.start, f"{span.source.name}:{code}")
        if self.is_active and key not in self.seen:
            self.seen.add(key)
            self.problems.append(Diagnostic(code, message, span, hint=hint))

    def users_place(self, place: CodePlace) -> CodePlace | None:
        """A place in the user's files; None in a ready-made network that no call of the user's has reached."""
        return None if place.span.source.name in self.programs else place

    def location(self, place: CodePlace, interpreter: Interpreter) -> Location:
        """The place in the named file: that of the innermost call in it, if the code is in another file."""
        span = place.span
        if span.source is not self.source:
            around = (frame.place.span for frame in reversed(interpreter.frames))
            span = next((each for each in around if each.source is self.source), span)
        return Location(span.start, span.end) if span.source is self.source else Location()

    def position(self, name: str, place: CodePlace, operation: str, interpreter: Interpreter) -> TapePosition:
        """The position of an operation inside the module that is being called."""
        scope, kinds = (self.path[-1].parts, self.path[-1].kinds) if self.path else ((), ())
        return TapePosition(name, scope, kinds, self.location(place, interpreter), operation)

    def layer(self, name: str) -> DraftLayer | None:
        """The layer of a name, if it is one and not an input."""
        return next((each for each in reversed(self.tape.layers) if each.name == name), None)


def tracing_of(interpreter: Interpreter) -> Tracing:
    """The tracing that an interpreter works for."""
    assert isinstance(interpreter.context, Tracing)
    return interpreter.context


_STEPS = 100
"""The cost of an operation on the tape, which limits their number."""

_WRONG_VALUES = (TypeError, ValueError, IndexError, KeyError, AssertionError, AttributeError, StopIteration)
"""Raised where an argument has a form that an operation does not expect."""


def attempt(
    interpreter: Interpreter, function: Callable[[], object], place: CodePlace, word: str,
    bound: BoundArguments | None = None,
) -> object:  # fmt: skip
    """The result of an operation on the tape; an unknown value where no layer says it, or where it is wrong.

    `bound` are the arguments, one of which may be the place of a mistake.
    """
    tracing = tracing_of(interpreter)
    count = len(tracing.tape.layers)
    interpreter.steps.spend(_STEPS)
    try:
        with tracing.tape.trying():
            result = function()
    except Refusal as refusal:
        at = bound.of_field(refusal.field, place) if bound is not None else place
        names_value = refusal.message.startswith(("got ", "unknown word "))
        argument = bound.word_of(refusal.field) if bound is not None and names_value else ""
        message = f"{word}: {argument}: {refusal.message}" if argument else f"{word}: {refusal.message}"
        tracing.problem(refusal.code, message, at.span, refusal.hint)
        return Refused(message, at, refusal.code, refusal.hint)
    except NotSaid as reason:
        return Unfollowed(f"{word}(…): {reason}", place)
    except _WRONG_VALUES:
        return Unfollowed(f"{word}(…)", place)
    if not tracing.is_active:
        return as_arrays(result)
    for layer in tracing.tape.layers[count:]:
        tracing.places[layer.name] = place
    return result


def as_arrays(value: object) -> object:
    """Tensors as arrays of their sizes alone: what a program computes before the model itself runs."""
    from cnncalc.importing.python.torch.tensor import TorchTensor

    if isinstance(value, TorchTensor):
        return TorchTensor(value.dims) if value.value is not None else value
    if isinstance(value, ValuesAndIndices):
        return ValuesAndIndices(*map(as_arrays, value))
    return tuple(as_arrays(each) for each in value) if isinstance(value, tuple) else value
