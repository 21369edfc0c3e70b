"""The modules of a model after something that cannot be followed: their parameters are known, and no shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.importing.python.torch.modules import ModuleSetup
from cnncalc.importing.python.torch.modules.base import arrays, modules
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import BATCH, Tracing
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.unshaped import UnshapedLayer, UnshapedRest
from cnncalc.layers.registry import find
from cnncalc.source.values import CodePlace, PyInstance, Unfollowed

_CALLED = re.compile(r"(\w+)\(…\)")


def unshaped_rest(tracing: Tracing, model: PyInstance, reason: Diagnostic) -> UnshapedRest:
    """The calls that cannot be followed, the modules after them, and those that are not reached, in this order."""
    taken = set(tracing.tape.owners)
    layers: list[UnshapedLayer] = []
    origins: set[CodePlace] = set()
    for each in tracing.reached.values():
        value = each.value
        if value.place not in origins and value.place is not each.module.place:
            layers.append(_origin(tracing, value, each.scope, each.after))
        origins.add(value.place)
        layers.append(_of_module(tracing, each.module, each.parts, each.after, taken))
    after = len(tracing.tape.layers)
    for path, module in modules(model):
        if isinstance(module.extra, ModuleSetup) and id(module) not in tracing.called:
            layers.append(_of_module(tracing, module, path, after, taken))
        else:
            layers += _of_arrays(tracing, module, path, after, taken)
    rows = [0, *accumulate(tracing.tape.parts.get(layer.name, 1) for layer in tracing.tape.layers)]
    placed = [layer._replace(after=rows[layer.after]) for layer in sorted(layers, key=lambda layer: layer.after)]
    return UnshapedRest(tuple(placed), reason, is_counted=not _has_unknown_part(model))


def last_names(tape: Tape) -> tuple[str, ...]:
    """The names of the outputs that no layer takes."""
    used = {name for layer in tape.layers for name in layer.inputs}
    return tuple(name for layer in tape.layers for name in _outputs(tape, layer.name) if name not in used)


def _outputs(tape: Tape, name: str) -> list[str]:
    """The name of a layer's output, or those of its several outputs."""
    return [f"{name}.{part}" for part in range(tape.parts[name])] if name in tape.parts else [name]


def _origin(tracing: Tracing, value: Unfollowed, scope: tuple[str, ...], after: int) -> UnshapedLayer:
    """The call that cannot be followed, as an opaque layer of its own."""
    found = _CALLED.search(value.reason)
    name = tracing.tape.unique(".".join((*scope, found[1] if found else "opaque")))
    return UnshapedLayer(name, "opaque", scope, _span(tracing, value.place), after)


def _of_module(
    tracing: Tracing, module: PyInstance, parts: tuple[str, ...], after: int, taken: set[str]
) -> UnshapedLayer:  # fmt: skip
    """A module with those of its arrays that no earlier layer has."""
    word = module.extra.word if isinstance(module.extra, ModuleSetup) else module.kind.name
    found = find(word)
    place = module.place or module.kind.place
    return _layer(
        tracing, parts, found[0].type if found else "opaque", place, after, list(_free(module, taken))
    )  # fmt: skip


def _of_arrays(
    tracing: Tracing, module: PyInstance, path: tuple[str, ...], after: int, taken: set[str]
) -> Iterator[UnshapedLayer]:  # fmt: skip
    """A module's own learned arrays that no layer has."""
    for array in _free(module, taken):
        if array.learned:
            place = module.place or module.kind.place
            yield _layer(tracing, tuple(array.name.split(".")), "parameter", place, after, [array])


def _free(module: PyInstance, taken: set[str]) -> Iterator[TorchTensor]:
    for _, array in arrays(module):
        if array.name not in taken:
            taken.add(array.name)
            yield array


def _layer(
    tracing: Tracing, parts: tuple[str, ...], type: str, place: CodePlace | None, after: int,
    own: Sequence[TorchTensor],
) -> UnshapedLayer:  # fmt: skip
    learned = [array for array in own if array.learned]
    return UnshapedLayer(
        tracing.tape.unique(".".join(parts)), type, parts[:-1], _span(tracing, place), after,
        sum(array.elements for array in learned),
        sum(array.elements for array in learned if not array.is_frozen),
        sum(array.elements for array in learned if array.is_frozen),
        sum(array.elements for array in own if not array.learned and BATCH not in array.dims),
    )  # fmt: skip


def _span(tracing: Tracing, place: CodePlace | None) -> Span:
    return Span(tracing.source, 0, 0) if place is None else place.span


def _has_unknown_part(model: PyInstance) -> bool:
    """Whether a module may be among the values that cannot be followed."""
    return any(isinstance(value, Unfollowed) for _, each in modules(model) for value in each.attributes.values())
