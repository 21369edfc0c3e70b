"""The classes of values: `isinstance` and `issubclass`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.source.values import (
    CallGiven,
    LibraryName,
    NativeFunction,
    Outside,
    PyClass,
    PyInstance,
    Unfollowed,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def is_instance(interpreter: Interpreter, given: CallGiven) -> object:
    """`isinstance(value, kinds)`; unknown for kinds of libraries that have no meaning here."""
    value, kinds = [*given.values, None, None][:2]
    if isinstance(value, Unfollowed):
        return value
    unknown: object = False
    for kind in _flat(kinds):
        found = _is_one(value, kind, given)
        if found is True:
            return True
        if isinstance(found, Unfollowed):
            unknown = found
    return unknown


def _flat(kinds: object) -> list[object]:
    return [one for each in kinds for one in _flat(each)] if isinstance(kinds, tuple | list) else [kinds]


def _is_one(value: object, kind: object, given: CallGiven) -> object:
    if isinstance(kind, PyClass):
        if kind.word("of_values"):
            return bool(kind.words["of_values"](value))  # type: ignore[operator]
        if isinstance(value, PyInstance):
            known = value.kind.descends(kind)
            return known or (Unfollowed("isinstance(…)", given.place) if value.kind.has_unknown_part else False)
        return False
    if isinstance(kind, NativeFunction) and kind.types:
        return isinstance(value, kind.types)
    if isinstance(kind, LibraryName) and not isinstance(value, Outside | PyInstance):
        last = kind.path.rpartition(".")[2]
        groups: dict[str, tuple[type, ...]] = {
            "Iterable": (list, tuple, dict, set, str, range), "Sequence": (list, tuple, str, range), "Callable": (),
            "Mapping": (dict,), "Sized": (list, tuple, dict, set, str), "Number": (int, float), "Integral": (int,),
            "List": (list,), "Tuple": (tuple,), "Dict": (dict,), "Real": (int, float), "Hashable": (int, str, tuple),
        }  # fmt: skip
        return isinstance(value, groups[last]) if last in groups else False
    if isinstance(kind, LibraryName) and isinstance(value, PyInstance) and not value.kind.has_unknown_part:
        return False
    return kind if isinstance(kind, Unfollowed) else Unfollowed("isinstance(…)", given.place)


def is_subclass(interpreter: Interpreter, given: CallGiven) -> object:
    value, kinds = [*given.values, None, None][:2]
    if not isinstance(value, PyClass):
        return value if isinstance(value, Unfollowed) else False
    if any(isinstance(kind, PyClass) and value.descends(kind) for kind in _flat(kinds)):
        return True
    return Unfollowed("issubclass(…)", given.place) if value.has_unknown_part else False
