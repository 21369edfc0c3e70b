"""The public call `cnncalc.from_torch`: a module of PyTorch in memory as a model of this tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, PartedSource, Span, SpecError
from cnncalc.importing.aten.conversion import draft_of
from cnncalc.importing.aten.fx_graph import UntraceableError, input_name
from cnncalc.importing.aten.module import traced
from cnncalc.importing.aten.operators import find
from cnncalc.importing.document import LiveModel
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import fail
from cnncalc.layers.shapes import as_shape


def from_torch(
    module: Any, input: Any, *, dtype: str | Mapping[str, str] = "float32", name: str | None = None, **arguments: Any
) -> LiveModel:  # fmt: skip
    """A module of PyTorch as a model that every function of this package takes in place of a spec.

    `input` is the shape of one sample, `(3, 224, 224)` or `"3x224x224"`; a list of shapes for several inputs; a mapping
    if they are named arguments of `forward`; tensors, with a batch axis, give their shape and type. `dtype` is the
    type of their numbers, `int64` for indices, or a mapping of names (or positions) to types. `arguments` are further
    arguments of `forward`. The module is traced in evaluation mode on PyTorch's meta device, so that nothing is
    computed; if its code depends on the values, it is run on random numbers, or on those of a tensor. It is left as it
    was. Raises SpecError if the module cannot be traced.

        model = cnncalc.from_torch(torchvision.models.resnet18(), (3, 224, 224))
        print(cnncalc.analyze(model).totals.params, cnncalc.spec_of(model))
    """
    kind = type(module).__name__
    if not callable(getattr(module, "named_parameters", None)):
        fail(kind, f"from_torch needs a torch.nn.Module, got {kind}", code="E204")
    call = _ModuleCall(getattr(module, "_orig_mod", module), _shapes_of(kind, input), dtype, arguments, name or "")
    return LiveModel(call.draft({}), call.draft)


@dataclass(frozen=True)
class _ModuleCall:
    """A module, and what it is called with."""

    module: Any
    given: Mapping[str, Any]
    dtype: str | Mapping[str, str]
    arguments: Mapping[str, Any]
    name: str

    def draft(self, shapes: Mapping[str, Shape]) -> Draft:
        """The draft of the module, with other shapes for the inputs of these names (`""`: the only one)."""
        kind, torch = type(self.module).__name__, import_module("torch")
        inputs = {key: _stand_in(torch, kind, key, self.shape(key, shapes), self.dtype) for key in self.given}
        try:
            graph = traced(self.module, inputs, self.arguments)
        except UntraceableError as error:
            hint = "check the shapes and the types of the inputs: the first axis of a tensor is the batch"
            message = f"the module cannot be traced: {error}"
            raise SpecError([Diagnostic("E111", message, Span(PartedSource(kind), 0, 0), hint=hint)]) from error
        draft = draft_of(graph, find)
        draft.name = self.name or kind
        return draft

    def shape(self, key: str, shapes: Mapping[str, Shape]) -> Any:
        """The shape of an input: the new one, or the one that the caller gave first."""
        only = shapes.get("") if len(self.given) == 1 else None
        return shapes.get(input_name(key), only) or self.given[key]


def _shapes_of(kind: str, given: Any) -> dict[str, Any]:
    """The inputs by the name of the argument, or by its position: shapes, or tensors."""
    if isinstance(given, Mapping):
        return {str(key): each for key, each in given.items()}
    if _is_tensor(given) or as_shape(given) is not None:
        return {"0": given}
    if not isinstance(given, Sequence) or isinstance(given, str):
        fail(
            kind, f"input: got {given!r}, which is not a shape", "write (3, 224, 224), or a list of shapes", code="E204"
        )
    return {str(place): each for place, each in enumerate(given)}


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def _stand_in(torch: Any, kind: str, key: str, given: Any, dtype: str | Mapping[str, str]) -> Any:
    """A tensor for an input: the caller's, or one of the meta device, which has no numbers."""
    if _is_tensor(given):
        return torch.as_tensor(given)
    shape = as_shape(given)
    if shape is None:
        fail(kind, f"input {key}: got {given!r}, which is not a shape", "write (3, 224, 224)", code="E204")
    word = dtype if isinstance(dtype, str) else dtype.get(key, "float32")
    found = getattr(torch, word, None)
    if not isinstance(found, torch.dtype):
        fail(kind, f'dtype: PyTorch has no "{word}"', "write float32 or int64", code="E204")
    return torch.empty((1, *shape), dtype=found, device="meta")
