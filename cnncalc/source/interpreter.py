"""The interpreter: evaluates expressions, runs statements, and calls functions, within its limits."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.source.evaluation import calling, expressions, statements
from cnncalc.source.signals import CannotFollow, Stop
from cnncalc.source.source_file import SourceFile
from cnncalc.source.steps import SourceLimits, Steps
from cnncalc.source.values import CallGiven, CodePlace, LaterValue, LibraryName, PyFunction, PyModule, Unfollowed
from cnncalc.source.variables import Variables

Loader = Callable[["Interpreter", PyModule, int, str], PyModule | None]
"""Finds a module that an import names: the importing module, the number of dots, and the dotted name."""


class Frame(NamedTuple):
    """A call of a function of the source."""

    function: PyFunction
    variables: Variables
    place: CodePlace


class Interpreter:
    """One interpretation. `library` has the meanings of library names, by their dotted paths."""

    def __init__(
        self, builtins: Mapping[str, object], library: Mapping[str, object], loader: Loader,
        limits: SourceLimits = SourceLimits(),  # noqa: B008
    ) -> None:  # fmt: skip
        self.builtins = builtins
        self.library = library
        self.loader = loader
        self.steps = Steps(limits)
        self.frames: list[Frame] = []
        self.statement_steps: int | None = None
        """The steps of a statement of a module, after which its names are unknown; None for all that are left."""
        self.loop_steps: int | None = None
        """The same for a statement that is a loop, such as one that trains."""
        self.yielded: list[list[object]] = []
        """The values that the generators being run have given so far."""
        self.context: object = None
        """The state of the library's functions, which the interpreter does not look at."""
        self.at_statement: Callable[[Interpreter, ast.stmt, Variables, Unfollowed], object] | None = None
        """May replace an unknown value that a statement assigns or returns."""

    def evaluate(self, node: ast.expr, variables: Variables) -> object:
        """The value of an expression."""
        self.steps.spend()
        handler = expressions.EXPRESSIONS.get(type(node))
        if handler is None:
            return Unfollowed(type(node).__name__, CodePlace(variables.file, node))
        return handler(self, node, variables)

    def run(self, body: Sequence[ast.stmt], variables: Variables) -> None:
        """Run statements."""
        for node in body:
            handler = statements.STATEMENTS.get(type(node))
            if handler is None:
                raise CannotFollow(type(node).__name__, CodePlace(variables.file, node))
            try:
                self.steps.spend()
                handler(self, node, variables)
            except Stop as limit:
                limit.place = limit.place or CodePlace(variables.file, node)
                raise

    def call(self, function: object, given: CallGiven) -> object:
        """The result of a call."""
        return calling.call(self, function, given)

    def library_value(self, path: str) -> object:
        """The meaning of a library's name, or the name itself."""
        found = self.library.get(path)
        if isinstance(found, LaterValue):
            return found.value(self)
        return LibraryName(path) if found is None else found

    def run_module(self, module: PyModule, file: SourceFile) -> None:
        """Fill a module's names. What cannot be followed leaves its names unknown."""
        from cnncalc.source.evaluation.module_body import run_module

        run_module(self, module, file)
