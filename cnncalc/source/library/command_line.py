"""`argparse`: a program runs with the defaults of its options."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_NAMESPACE = native_class("Namespace", (), {})


def _options(given: CallGiven) -> dict[str, object]:
    made = given.values[0]
    assert isinstance(made, PyInstance)
    options = made.attributes.setdefault("options", {})
    assert isinstance(options, dict)
    return options


def add_argument(interpreter: Interpreter, given: CallGiven) -> object:
    """An option with its default: that of `default=`, False for a switch, else None. A needed argument is unknown."""
    names = [each for each in given.values[1:] if isinstance(each, str)]
    name = next((each for each in names if each.startswith("--")), names[0] if names else "")
    own = given.keywords.get("dest", name.lstrip("-").replace("-", "_"))
    action = given.keywords.get("action")
    default: object = {"store_true": False, "store_false": True}.get(str(action))
    if not name.startswith("-") or given.keywords.get("required") is True:
        default = Unfollowed(f"the argument {name} of the command line", given.place)
    _options(given)[str(own)] = given.keywords.get("default", default)
    return None


def set_defaults(interpreter: Interpreter, given: CallGiven) -> object:
    _options(given).update(given.keywords)
    return None


def parse(interpreter: Interpreter, given: CallGiven) -> object:
    return PyInstance(_NAMESPACE, dict(_options(given)))


def parse_known(interpreter: Interpreter, given: CallGiven) -> object:
    return (parse(interpreter, given), [])


def itself(interpreter: Interpreter, given: CallGiven) -> object:
    """A group of options belongs to its parser."""
    return given.values[0]


def nothing(interpreter: Interpreter, given: CallGiven) -> object:
    return None


_PARSER: PyClass = native_class("ArgumentParser", (), {
    name: NativeFunction(name, function)
    for name, function in (
        ("__init__", nothing), ("add_argument", add_argument), ("set_defaults", set_defaults), ("parse_args", parse),
        ("parse_known_args", parse_known), ("add_argument_group", itself),
        ("add_mutually_exclusive_group", itself), ("print_help", nothing),
    )
})  # fmt: skip

COMMAND_LINE: Mapping[str, object] = MappingProxyType({"argparse.ArgumentParser": _PARSER})
