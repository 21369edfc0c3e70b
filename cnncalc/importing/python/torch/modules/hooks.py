"""Forward hooks: functions that a program has called before or after a module's `forward`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.tracing import tracing_of
from cnncalc.source.values import (
    BoundFunction,
    CallGiven,
    NativeFunction,
    PyFunction,
    PyInstance,
    Unfollowed,
    functions_of,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_BEFORE, _AFTER = "_forward_pre_hooks", "_forward_hooks"


def _register(word: str) -> NativeFunction:
    """`module.register_forward_hook(function)`: a handle, whose `remove` takes it away."""

    def register(interpreter: Interpreter, given: CallGiven) -> object:
        module, *values = given.values
        hook = values[0] if values else given.keywords.get("hook")
        assert isinstance(module, PyInstance)
        hooks = module.attributes.setdefault(word, {})
        handle = PyInstance(_HANDLE, place=given.place)
        if isinstance(hooks, dict) and hook is not None:
            with_words = given.keywords.get("with_kwargs") is True
            hooks[id(handle)] = (hook, with_words)
            handle.extra = hooks
        return handle

    return NativeFunction(word, register)


def _remove(interpreter: Interpreter, given: CallGiven) -> object:
    handle = given.values[0]
    if isinstance(handle, PyInstance) and isinstance(handle.extra, dict):
        handle.extra.pop(id(handle), None)
    return None


def _unused(interpreter: Interpreter, given: CallGiven) -> object:
    """A hook that only training or loading calls."""
    return PyInstance(_HANDLE, place=given.place)


_HANDLE = native_class("RemovableHandle", (), {"remove": NativeFunction("remove", _remove)})

HOOKS: Mapping[str, object] = MappingProxyType({
    "register_forward_hook": _register(_AFTER), "register_forward_pre_hook": _register(_BEFORE),
    **{
        name: NativeFunction(name, _unused)
        for name in (
            "register_full_backward_hook", "register_backward_hook", "register_load_state_dict_pre_hook",
            "_register_load_state_dict_pre_hook",
        )
    },
})  # fmt: skip
"""The methods of a module that take hooks."""


def before_call(interpreter: Interpreter, module: PyInstance, given: CallGiven) -> CallGiven:
    """The arguments of a call of a module, after its hooks have seen and perhaps replaced them."""
    for watch in tracing_of(interpreter).watches:
        watch.enters(module)
    for hook, with_words in _hooks(module, _BEFORE):
        values: list[object] = [module, tuple(given.values[1:])]
        found = _called(interpreter, hook, [*values, dict(given.keywords)] if with_words else values, given)
        if with_words and isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], dict):
            own = found[0] if isinstance(found[0], tuple) else (found[0],)
            given = CallGiven([module, *own], found[1], given.place)
        elif found is not None:
            given = CallGiven([module, *(found if isinstance(found, tuple) else (found,))], given.keywords, given.place)
    return given


def after_call(interpreter: Interpreter, module: PyInstance, given: CallGiven, result: object) -> object:
    """The result of a call of a module, after its hooks have seen and perhaps replaced it."""
    for hook, with_words in _hooks(module, _AFTER):
        words: list[object] = [dict(given.keywords)] if with_words else []
        found = _called(interpreter, hook, [module, tuple(given.values[1:]), *words, result], given)
        result = result if found is None else found
    for watch in tracing_of(interpreter).watches:
        watch.leaves(module, result)
    return result


def _hooks(module: PyInstance, word: str) -> list[tuple[object, bool]]:
    hooks = module.attributes.get(word)
    return list(hooks.values()) if isinstance(hooks, dict) else []


def _called(interpreter: Interpreter, hook: object, values: list[object], given: CallGiven) -> object:
    """The value of a hook's `return`; None for one that cannot be followed and that has no `return` with a value."""
    found = interpreter.call(hook, CallGiven(values, {}, given.place))
    return None if isinstance(found, Unfollowed) and not _gives_something(hook) else found


def _gives_something(hook: object) -> bool:
    function = hook.function if isinstance(hook, BoundFunction) else hook
    if not isinstance(function, PyFunction) or isinstance(function.node, ast.Lambda):
        return True
    return any(isinstance(each, ast.Return) and each.value is not None for each in functions_of(function.node))
