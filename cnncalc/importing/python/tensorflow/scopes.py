"""Variable scopes of TensorFlow 1, and the variables and layers that a program uses again by their names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import GraphTensor, graph_of
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, CodePlace, LibraryName, Outside, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

AUTO_REUSE = "AUTO_REUSE"


@dataclass
class VariableStore:
    """The variables and the layers of a program by their names with scopes.

    A name means the same array or layer wherever it is asked for again, so an entry never becomes wrong.
    """

    found: dict[str, GraphTensor | PyInstance] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """The automatic names given in each scope since it was entered."""
    reuse: list[object] = field(default_factory=list)
    """The mode of each scope around: True, AUTO_REUSE, or False."""

    @property
    def mode(self) -> object:
        return next((each for each in reversed(self.reuse) if each), False)


def store_of(interpreter: Interpreter) -> VariableStore:
    """The store of a program."""
    tracing = graph_of(interpreter)
    if not isinstance(tracing.store, VariableStore):
        tracing.store = VariableStore()
    return tracing.store


def reuse_word(value: object) -> object:
    """The mode that an argument `reuse=` says."""
    if isinstance(value, LibraryName):
        return AUTO_REUSE if value.path.endswith(AUTO_REUSE) else False
    return value if value in (True, AUTO_REUSE) else False


class VariableScope(Outside):
    """`tf.variable_scope(name, reuse=…)`, entered by `with`."""

    __slots__ = ("name", "reuse")

    def __init__(self, name: str, reuse: object) -> None:
        self.name = name
        self.reuse = reuse

    def entered(self, interpreter: Interpreter, place: CodePlace) -> object:
        tracing, store = graph_of(interpreter), store_of(interpreter)
        tracing.scopes.append(self.name)
        store.reuse.append(self.reuse)
        store.counts[scoped(interpreter, "")] = 0
        for each in [key for key in store.counts if key.startswith(scoped(interpreter, ""))]:
            del store.counts[each]
        return self

    def left(self, interpreter: Interpreter) -> None:
        graph_of(interpreter).scopes.pop()
        store_of(interpreter).reuse.pop()

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        if name == "reuse_variables":
            from cnncalc.source.values import NativeFunction

            return NativeFunction(name, lambda one, given: _reuse_from_now(one))
        return self.name if name == "name" else super().attribute(interpreter, name, place)

    def title(self) -> str:
        return "a variable scope"


def _reuse_from_now(interpreter: Interpreter) -> None:
    store = store_of(interpreter)
    if store.reuse:
        store.reuse[-1] = True


def variable_scope(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.variable_scope(name, reuse=…)`."""
    value = given.values[0] if given.values else given.keywords.get("name_or_scope", "")
    default = given.keywords.get("default_name", given.values[1] if len(given.values) > 1 else None)
    value = default if value is None else value
    name = value.name if isinstance(value, VariableScope) else value
    if isinstance(name, Unfollowed):
        return name
    return VariableScope(str(name), reuse_word(given.keywords.get("reuse")))


def current_scope(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.get_variable_scope()`."""
    scopes = graph_of(interpreter).scopes
    return VariableScope(scopes[-1] if scopes else "", False)


def scoped(interpreter: Interpreter, name: str) -> str:
    """A name with the scopes around."""
    return "/".join((*graph_of(interpreter).scopes, name))


def numbered(interpreter: Interpreter, word: str) -> str:
    """An automatic name in the current scope: `dense`, `dense_1`."""
    store, key = store_of(interpreter), scoped(interpreter, word)
    store.counts[key] += 1
    return word if store.counts[key] == 1 else f"{word}_{store.counts[key] - 1}"


def known(
    interpreter: Interpreter, name: str, given: CallGiven, *, reuse: object = False, is_named: bool = True
) -> GraphTensor | PyInstance | None:  # fmt: skip
    """The value of a name with the scopes around, if it has one. Raises Raised (ValueError) where TensorFlow does."""
    store = store_of(interpreter)
    mode, key = reuse_word(reuse) or store.mode, scoped(interpreter, name)
    found = store.found.get(key)
    if found is not None and not mode and is_named:
        raise Raised("ValueError", f"variable {key} already exists; reuse=True uses it again", given.place)
    if found is None and mode is True:
        raise Raised("ValueError", f"variable {key} does not exist, so reuse=True cannot use it", given.place)
    return found if mode else None
