"""The public call `cnncalc.from_torch`: a module of PyTorch in memory as a model of this tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from math import prod
from typing import Any

from cnncalc.diagnostics import Diagnostic, PartedSource, Span, SpecError
from cnncalc.importing.aten.conversion import AtenConversion
from cnncalc.importing.aten.module import BATCH, traced
from cnncalc.importing.aten.operators import find
from cnncalc.importing.document import LiveModel
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import fail
from cnncalc.layers.shapes import as_shape
from cnncalc.number_text import thousands

_MOST_NAMED = 3


def from_torch(
    module: Any, input: Any, *, dtype: str | Mapping[str, str] = "float32", name: str | None = None, **arguments: Any
) -> LiveModel:  # fmt: skip
    """A module of PyTorch as a model that every function of this package takes in place of a spec.

    `input` is the shape of one sample, `(3, 224, 224)` or `"3x224x224"`; a list of shapes for several inputs; a mapping
    if they are named arguments of `forward`; tensors, with a batch axis, give their shape and type. `dtype` is the
    type of their numbers, `int64` for indices, or a mapping of names (or positions) to types. `arguments` are further
    arguments of `forward`. The module is traced in evaluation mode on PyTorch's meta device, so that nothing is
    computed, and left as it was. Raises SpecError if the module cannot be traced.

        model = cnncalc.from_torch(torchvision.models.resnet18(), (3, 224, 224))
        print(cnncalc.analyze(model).totals.params, cnncalc.spec_of(model))
    """
    kind = type(module).__name__
    if not callable(getattr(module, "named_parameters", None)):
        fail(kind, f"from_torch needs a torch.nn.Module, got {kind}", code="E204")
    shapes = _shapes_of(kind, input)
    torch = import_module("torch")
    given = {key: _stand_in(torch, kind, key, each, dtype) for key, each in shapes.items()}
    try:
        graph = traced(module, given, arguments)
    except Exception as error:
        message = f"the module cannot be traced: {type(error).__name__}: {_first_line(error)}"
        hint = f"check the shapes and the types of the inputs; the trace has a batch of {BATCH} and no values"
        raise SpecError([Diagnostic("E111", message, Span(PartedSource(kind), 0, 0), hint=hint)]) from error
    conversion = AtenConversion(graph, find)
    draft = conversion.draft()
    draft.name = name or kind
    draft.doubts += _unused(module, conversion, draft)
    return LiveModel(draft)


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n", 1)[0]
    return text if len(text) <= 200 else f"{text[:200]}…"


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
    """A tensor of the meta device for an input."""
    if _is_tensor(given):
        return torch.empty((BATCH, *given.shape[1:]), dtype=given.dtype, device="meta")
    shape = as_shape(given)
    if shape is None:
        fail(kind, f"input {key}: got {given!r}, which is not a shape", "write (3, 224, 224)", code="E204")
    word = dtype if isinstance(dtype, str) else dtype.get(key, "float32")
    found = getattr(torch, word, None)
    if not isinstance(found, torch.dtype):
        fail(kind, f'dtype: PyTorch has no "{word}"', "write float32 or int64", code="E204")
    return torch.empty((BATCH, *shape), dtype=found, device="meta")


def _unused(module: Any, conversion: AtenConversion, draft: Draft) -> list[Diagnostic]:
    """A warning about parameters that no layer uses: they do not count, although the module has them."""
    used = set(conversion.tape.owners)
    sizes = {name: prod(each.shape) for name, each in module.named_parameters()}
    unused = [name for name in sizes if name not in used]
    if not unused:
        return []
    names = ", ".join(unused[:_MOST_NAMED]) + (" …" if len(unused) > _MOST_NAMED else "")
    total, count = thousands(sum(sizes[name] for name in unused)), len(unused)
    several = f"{count} parameters, {total} numbers in total," if count > 1 else f"1 parameter of {total} numbers"
    message = f"{several} affect no output, and are not counted: {names}"
    return [Diagnostic("E112", message, Span(draft.source, 0, 0), severity="warning")]
