"""`weight_norm`, `spectral_norm` and their relatives: arrays that a module has beside its weight.

The module computes its weight from them, so that they have no layer of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.binding import BoundArguments, bind, parameters_of
from cnncalc.importing.python.torch.modules import ModuleSetup
from cnncalc.importing.python.torch.modules.base import is_module
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_Arrays = Mapping[str, TorchTensor]
_Maker = Callable[[PyInstance, TorchTensor, BoundArguments], _Arrays]


def _magnitude(module: PyInstance, weight: TorchTensor, bound: BoundArguments) -> _Arrays:
    """One length for each index of an axis of the weight, or one for all of it."""
    dim, rank = bound.values.get("dim", 0), len(weight.dims)
    sizes = () if dim is None else tuple(weight.dims[axis] if axis == dim % rank else 1 for axis in range(rank))
    return {"g": TorchTensor(sizes, learned=True)}


def _singular_vectors(module: PyInstance, weight: TorchTensor, bound: BoundArguments) -> _Arrays:
    """The vectors of the largest singular value of the weight as a matrix, both fixed."""
    word = module.extra.word if isinstance(module.extra, ModuleSetup) else ""
    dim = bound.get("dim", 1 if word.startswith("ConvTranspose") else 0)
    rows = weight.dims[dim]
    return {"u": TorchTensor((rows,)), "v": TorchTensor((prod(weight.dims) // rows,))}


def _registered_vectors(module: PyInstance, weight: TorchTensor, bound: BoundArguments) -> _Arrays:
    """The vectors of `parametrizations.spectral_norm`, which a vector does not need."""
    return _singular_vectors(module, weight, bound) if len(weight.dims) > 1 else {}


def _base(module: PyInstance, weight: TorchTensor, bound: BoundArguments) -> _Arrays:
    """The fixed matrix that the learned one is relative to."""
    return {"base": TorchTensor(weight.dims)} if bound.values.get("use_trivialization", True) else {}


def _with(signature: str, make: _Maker) -> NativeFunction:
    """A function that gives a module further arrays and returns it."""
    parameters = parameters_of(signature)

    def called(interpreter: Interpreter, given: CallGiven) -> object:
        bound = bind("reparametrization", parameters, given)
        module, name = bound.get("module"), bound.get("name", "weight")
        if unknown := bound.unfollowed():
            return unknown
        weight = module.attributes.get(name) if isinstance(module, PyInstance) and is_module(module) else None
        if not isinstance(weight, TorchTensor) or not isinstance(bound.values.get("dim", 0), int | None):
            return Unfollowed("a norm of the weights of this module", given.place)
        for suffix, array in make(module, weight, bound).items():
            array.has_no_layer = True
            module.attributes[f"{name}_{suffix}"] = array
        return module

    return NativeFunction("reparametrization", called)


def _without(*suffixes: str) -> NativeFunction:
    def called(interpreter: Interpreter, given: CallGiven) -> object:
        module, name = [*given.values, *given.keywords.values(), "weight"][:2]
        if isinstance(module, PyInstance):
            for suffix in suffixes:
                module.attributes.pop(f"{name}_{suffix}", None)
        return module

    return NativeFunction("reparametrization", called)


FUNCTIONS: Mapping[str, NativeFunction] = MappingProxyType({
    "weight_norm": _with("module! name dim", _magnitude),
    "spectral_norm": _with("module! name n_power_iterations eps dim", _singular_vectors),
    "parametrizations.weight_norm": _with("module! name dim", _magnitude),
    "parametrizations.spectral_norm": _with("module! name n_power_iterations eps dim", _registered_vectors),
    "parametrizations.orthogonal": _with("module! name orthogonal_map use_trivialization", _base),
    "remove_weight_norm": _without("g"), "remove_spectral_norm": _without("u", "v"),
    "parametrize.remove_parametrizations": _without("g", "u", "v", "base"),
})  # fmt: skip
"""Functions of `torch.nn.utils`."""
