"""`torchvision.models.feature_extraction`: a network that gives the outputs of some of its modules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.modules.base import MODULE, children, is_module, modules
from cnncalc.importing.python.tracing import tracing_of
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


@dataclass
class _Extraction:
    """The network and its wanted modules: each with the number of its call and the name of its output."""

    model: PyInstance
    wanted: dict[tuple[int, int], str]


class _AllFoundError(Exception):
    """The last wanted output is there: the rest of the network does not run."""


@dataclass
class _Watch:
    """The calls of one run of a network."""

    wanted: dict[tuple[int, int], str]
    found: dict[str, object] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)
    entered: set[int] = field(default_factory=set)

    def enters(self, module: PyInstance) -> None:
        self.entered.add(id(module))

    def leaves(self, module: PyInstance, result: object) -> None:
        number = self.calls[id(module)] = self.calls.get(id(module), -1) + 1
        name = self.wanted.get((id(module), number))
        if name is not None:
            self.found[name] = result
        if len(self.found) == len(self.wanted):
            raise _AllFoundError


def create(interpreter: Interpreter, given: CallGiven) -> object:
    """`create_feature_extractor(model, return_nodes)`: the nodes are modules, by their names or by their calls'."""
    words = dict(zip(("model", "return_nodes", "train_return_nodes", "eval_return_nodes"), given.values, strict=False))
    words |= given.keywords
    model, nodes = words.get("model"), words.get("eval_return_nodes") or words.get("return_nodes")
    if isinstance(nodes, list | tuple):
        nodes = dict(zip(nodes, nodes, strict=True))
    if not isinstance(model, PyInstance) or not is_module(model) or not isinstance(nodes, dict):
        return model if isinstance(model, Unfollowed) else Unfollowed("create_feature_extractor(…)", given.place)
    wanted = {}
    for node, name in nodes.items():
        key = _module_of(model, str(node))
        if key is None:
            return Unfollowed(f'create_feature_extractor(…) for the node "{node}", which is not a module', given.place)
        wanted[key] = str(name)
    made = PyInstance(_EXTRACTOR, dict(model.attributes), given.place, _Extraction(model, wanted))
    tracing = tracing_of(interpreter)
    if id(model) in tracing.networks:
        tracing.networks.add(id(made))
    return made


def _module_of(model: PyInstance, node: str) -> tuple[int, int] | None:
    """The module of a node, and the number of its call: `layer1.0.relu_1` is the second call of a module."""
    named = {".".join(path): each for path, each in modules(model)}
    if node in named and node:
        return id(named[node]), 0
    again = re.fullmatch(r"(.+)_(\d+)", node)
    if again is not None and again[1] in named:
        return id(named[again[1]]), int(again[2])
    return None


def _forward(interpreter: Interpreter, given: CallGiven) -> object:
    """The wanted outputs by their names; it leaves out the modules that they do not need."""
    made, *values = given.values
    assert isinstance(made, PyInstance)
    assert isinstance(made.extra, _Extraction)
    model, wanted = made.extra.model, made.extra.wanted
    forward = model.kind.find("forward")
    if forward is None:
        return Unfollowed(f"{model.kind.name} without forward", given.place)
    watch, tracing = _Watch(wanted), tracing_of(interpreter)
    tracing.watches.append(watch)
    try:
        result = interpreter.call(forward[1], CallGiven([model, *values], given.keywords, given.place))
        lost = result if isinstance(result, Unfollowed) else Unfollowed("a node that is not called", given.place)
    except _AllFoundError:
        tracing.dropped |= {id(each) for _, each in modules(made)} - watch.entered - {id(made)}
        return watch.found
    finally:
        tracing.watches.remove(watch)
    return watch.found | {name: lost for name in wanted.values() if name not in watch.found}


_EXTRACTOR = native_class("GraphModule", (MODULE,), {"forward": NativeFunction("forward", _forward)})

FUNCTIONS: Mapping[str, object] = MappingProxyType({
    "torchvision.models.feature_extraction.create_feature_extractor": NativeFunction("create_feature_extractor", create)
})  # fmt: skip
"""The functions by their dotted paths."""


def kept_modules(model: PyInstance, dropped: set[int]) -> set[int]:
    """Dropped modules that are also registered outside of an extraction."""
    found: set[int] = set()
    waiting = [model]
    while waiting:
        each = waiting.pop()
        if id(each) not in found and not isinstance(each.extra, _Extraction):
            found.add(id(each))
            waiting += [child for _, child in children(each)]
    return found & dropped
