"""`nn.Module`: what every module has, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.modules.hooks import HOOKS, after_call, before_call
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import ModulePath, ReplacedModule, TestCall, tracing_of
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, Wrapped, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def is_module(value: object) -> bool:
    return isinstance(value, PyInstance) and value.kind.descends(MODULE)


def children(instance: PyInstance) -> Iterator[tuple[str, PyInstance]]:
    """The modules that a module has registered, each once, in order."""
    seen = set()
    for name, value in instance.attributes.items():
        if isinstance(value, PyInstance) and is_module(value) and id(value) not in seen:
            seen.add(id(value))
            yield name, value


def modules(instance: PyInstance, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], PyInstance]]:
    """A module and all those inside, each once, in order, with their names."""
    seen: set[int] = set()
    waiting = [(prefix, instance)]
    while waiting:
        name, each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield name, each
        waiting += reversed([((*name, own), child) for own, child in children(each)])


def arrays(instance: PyInstance) -> Iterator[tuple[str, TorchTensor]]:
    """The arrays of a module's own."""
    for name, value in instance.attributes.items():
        if isinstance(value, TorchTensor) and (value.learned or value.value is None):
            yield name, value


def call_module(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a module: its `forward`, under its name in the model."""
    instance, *values = given.values
    assert isinstance(instance, PyInstance)
    tracing = tracing_of(interpreter)
    forward = instance.kind.find("forward")
    if forward is None:
        return Unfollowed(f"{instance.kind.name} without forward", given.place)
    given = before_call(interpreter, instance, given)
    if not tracing.is_active:
        shapes = tuple(each.dims for each in values if isinstance(each, TorchTensor))
        named = {name: each.dims for name, each in given.keywords.items() if isinstance(each, TorchTensor)}
        if (shapes or named) and len(shapes) == len(values):
            tracing.calls.append(TestCall(instance, shapes, named, is_inner=tracing.calling > 0))
        tracing.calling += 1
        try:
            result = interpreter.call(forward[1], given)
        finally:
            tracing.calling -= 1
        return after_call(interpreter, instance, given, result)
    parts = tracing.names.get(id(instance))
    if parts is None:
        parts = tracing.unregistered_name(instance.kind.name.lower())
        lost = sum(_uncounted(each) for _, each in modules(instance) if id(each) not in tracing.names)
        tracing.name_modules(instance, parts)
        if lost:
            tracing.not_registered(parts, lost, instance.place or given.place)
    tracing.called.add(id(instance))
    tracing.path.append(ModulePath(parts, tracing.kinds_of(parts), instance))
    try:
        result = interpreter.call(forward[1], given)
    finally:
        tracing.path.pop()
    return after_call(interpreter, instance, given, result)


def _uncounted(instance: PyInstance) -> int:
    """Take a module's own arrays, which no other has registered, as fixed, as PyTorch does; their elements."""
    found = 0
    for _, array in arrays(instance):
        found += array.elements if array.learned else 0
        array.learned = False
    return found


def _first(interpreter: Interpreter, given: CallGiven) -> object:
    return given.values[0]


def _nothing(interpreter: Interpreter, given: CallGiven) -> object:
    return None


def _instance(given: CallGiven) -> PyInstance:
    assert isinstance(given.values[0], PyInstance)
    return given.values[0]


def _ready(interpreter: Interpreter, given: CallGiven) -> object:
    """`Module.__init__`, after which a module can hold others."""
    _instance(given).attributes["training"] = False
    return None


def _is_ready(made: PyInstance) -> bool:
    """Whether `Module.__init__` has run, or that of a library's own layer or container, which calls it."""
    library = next((each for each in made.kind.lineage if each.place is None), MODULE)
    return library is not MODULE or made.kind.has_unknown_part or "training" in made.attributes


def assign(interpreter: Interpreter, given: CallGiven) -> object:
    """`module.name = value`. A module that the same call of a function put there before may be lost."""
    made, name, value = _instance(given), str(given.values[1]), given.values[2]
    is_learned = isinstance(value, TorchTensor) and value.learned
    if (is_module(value) or is_learned) and not _is_ready(made):
        what = "parameter" if is_learned else "module"
        message = f"cannot assign {what} before Module.__init__() call: call super().__init__() first"
        raise Raised("AttributeError", message, given.place)
    if is_module(value) and interpreter.frames:
        tracing, here = tracing_of(interpreter), interpreter.frames[-1]
        before = made.attributes.get(name)
        if isinstance(before, PyInstance) and is_module(before) and tracing.assigned.get((id(made), name)) is here:
            tracing.replaced.append(ReplacedModule(name, before, given.place))
        tracing.assigned[id(made), name] = here
    made.attributes[name] = _registered_late(interpreter, made, name, value, given)
    return None


def _registered_late(
    interpreter: Interpreter, made: PyInstance, name: str, value: object, given: CallGiven
) -> object:  # fmt: skip
    """An attribute that may be a parameter made in `forward`; unknown if it replaces one that a layer has."""
    tracing, before = tracing_of(interpreter), made.attributes.get(name)
    if not isinstance(value, TorchTensor) or not value.is_late or id(made) not in tracing.names:
        return value
    if isinstance(before, TorchTensor) and before.name in tracing.tape.owners:
        if before.learned and before.dims == value.dims:
            return before  # its numbers alone are others
        return Unfollowed(
            f"{name} = nn.Parameter(…) in forward, after a layer has used the parameter that it replaces", given.place
        )
    value.name, value.learned, value.is_late = ".".join((*tracing.names[id(made)], name)), True, False
    return value


def _delete(interpreter: Interpreter, given: CallGiven) -> object:
    """`module.__delattr__(name)`."""
    return _instance(given).attributes.pop(str(given.values[1]), None) and None


def _freeze_or_not(interpreter: Interpreter, given: CallGiven) -> object:
    """`module.requires_grad_(False)` freezes all parameters inside."""
    words = dict(zip(("module", "requires_grad"), given.values, strict=False)) | given.keywords
    for _, array in _parameters(_instance(given)):
        array.is_frozen = words.get("requires_grad", True) is False
    return given.values[0]


def add_module(interpreter: Interpreter, given: CallGiven) -> object:
    made, name, value = given.values
    assert isinstance(made, PyInstance)
    if isinstance(name, str):
        made.attributes[name] = value
    return None


def register(interpreter: Interpreter, given: CallGiven) -> object:
    """`register_buffer` and `register_parameter`: an array of the module."""
    made = _instance(given)
    name = given.values[1] if len(given.values) > 1 else given.keywords.get("name")
    value = given.values[2] if len(given.values) > 2 else given.keywords.get("tensor", given.keywords.get("param"))
    if isinstance(name, str):
        made.attributes[name] = _registered_late(interpreter, made, name, value, given)
    return None


def _list_of(function: Callable[[PyInstance], list[object]]) -> NativeFunction:
    return NativeFunction("modules", lambda _, given: iter(function(_instance(given))))


def _parameters(instance: PyInstance, *, learned: bool = True) -> list[tuple[str, TorchTensor]]:
    found: dict[int, tuple[str, TorchTensor]] = {}
    for path, each in modules(instance):
        for name, value in arrays(each):
            if value.learned is learned:
                found.setdefault(id(value), (".".join((*path, name)), value))
    return list(found.values())


def _state(instance: PyInstance) -> list[tuple[str, TorchTensor]]:
    return [*_parameters(instance), *_parameters(instance, learned=False)]


def _named(instance: PyInstance) -> list[object]:
    return [(".".join(path), each) for path, each in modules(instance)]


def get_submodule(interpreter: Interpreter, given: CallGiven) -> object:
    value: object = given.values[0]
    for part in str(given.values[1]).split("."):
        value = value.attributes.get(part) if isinstance(value, PyInstance) else None
    return value if value is not None else Unfollowed("get_submodule(…)", given.place)


class RegisteredModules(dict[str, object]):
    """`module._modules`: the modules inside, by their names. A change is one of the module."""

    def __init__(self, instance: PyInstance) -> None:
        super().__init__(children(instance))
        self.instance = instance

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, value)
        self.instance.attributes[name] = value

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        del self.instance.attributes[name]


def _registered(interpreter: Interpreter, given: CallGiven) -> object:
    return RegisteredModules(_instance(given))


def _tensors(learned: bool) -> Wrapped:
    """`module._parameters` or `module._buffers`."""

    def found(interpreter: Interpreter, given: CallGiven) -> object:
        return {name: value for name, value in arrays(_instance(given)) if value.learned is learned}

    return Wrapped("property", NativeFunction("arrays", found))


_SAME = (
    "train", "eval", "to", "cuda", "cpu", "float", "half", "double", "apply", "share_memory",
    "to_empty", "bfloat16", "compile",
)  # fmt: skip
_NOTHING = (
    "zero_grad", "load_state_dict", "reset_parameters", "_reset_parameters",
)  # fmt: skip

_METHODS: Mapping[str, object] = MappingProxyType({
    **{name: NativeFunction(name, _first) for name in _SAME},
    **{name: NativeFunction(name, _nothing) for name in _NOTHING}, **HOOKS,
    "__init__": NativeFunction("__init__", _ready),
    "_modules": Wrapped("property", NativeFunction("_modules", _registered)),
    "_parameters": _tensors(True), "_buffers": _tensors(False),
    "training": False, "__setattr__": NativeFunction("__setattr__", assign),
    "__call__": NativeFunction("__call__", call_module), "__delattr__": NativeFunction("__delattr__", _delete),
    "requires_grad_": NativeFunction("requires_grad_", _freeze_or_not),
    "add_module": NativeFunction("add_module", add_module),
    "register_module": NativeFunction("register_module", add_module),
    "register_buffer": NativeFunction("register_buffer", register),
    "register_parameter": NativeFunction("register_parameter", register),
    "get_submodule": NativeFunction("get_submodule", get_submodule),
    "state_dict": NativeFunction("state_dict", lambda _, given: dict(_state(_instance(given)))),
    "children": _list_of(lambda instance: [each for _, each in children(instance)]),
    "named_children": _list_of(lambda instance: list(children(instance))),
    "modules": _list_of(lambda instance: [each for _, each in modules(instance)]),
    "named_modules": _list_of(_named),
    "parameters": _list_of(lambda instance: [each for _, each in _parameters(instance)]),
    "named_parameters": _list_of(lambda instance: list(_parameters(instance))),
    "buffers": _list_of(lambda instance: [each for _, each in _parameters(instance, learned=False)]),
    "named_buffers": _list_of(lambda instance: list(_parameters(instance, learned=False))),
})  # fmt: skip

MODULE: PyClass = native_class("Module", (), dict(_METHODS))
"""The class that every module of a program descends from."""
