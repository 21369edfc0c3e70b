"""A traced graph of torch.fx as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.aten.contexts import ModuleStep
from cnncalc.importing.aten.graph import UNTRACED, AtenGraph, AtenInput, AtenNode, AtenRef
from cnncalc.importing.module_paths import NestedModules, OpenModule, path_of
from cnncalc.importing.tensors.tensor import TapeArray


class UntraceableError(Exception):
    """PyTorch cannot trace a module; the cause is PyTorch's error, if there is one."""


MOST_VALUES = 4096
"""The number of values of a constant that are kept."""


def tensors_of(torch: Any, result: Any) -> Iterator[Any]:
    """The tensors in a module's result, in order."""
    return (each for each in torch.utils._pytree.tree_leaves(result) if isinstance(each, torch.Tensor))


def input_name(key: str) -> str:
    """The name of an input in a graph, from the name or the position of the argument."""
    return f"input_{key}" if key.isdecimal() else key


class FxGraph:
    """A graph of torch.fx, the arrays that the module owns, and its inputs."""

    def __init__(
        self, found: Any, torch: Any, owned: Mapping[str, Any], inputs: Mapping[str, Any], steps: Sequence[ModuleStep]
    ) -> None:
        self.found = found
        self.torch = torch
        self.owned = owned
        self.inputs = inputs
        self.nodes = list(found.graph.nodes)
        self.places = _places(len(self.nodes), steps)
        self.names = {id(each): name for name, each in owned.items()}
        self.batch = next((each.shape[0] for each in inputs.values()), 1)
        self.ends: list[AtenNode] = []
        """The values so far that no operator uses: what leaves PyTorch does."""

    def graph(self, module: Any, *, placed: bool) -> AtenGraph:
        """The graph as plain data. If `placed`, the arrays are placeholders before the inputs; else constants."""
        kind = type(module).__name__
        graph = AtenGraph(kind, self.batch, [], {}, [], [], kind, f"PyTorch {self.torch.__version__}")
        learned = {name: each for name, each in self.owned.items() if isinstance(each, self.torch.nn.Parameter)}
        graph.frozen = frozenset(name for name, each in learned.items() if not each.requires_grad)
        held = [node for node in self.nodes if node.op == "placeholder"]
        arrays = held[: len(self.owned)] if placed else []
        for node, name in zip(arrays, self.owned, strict=False):
            graph.arrays[node.name] = self.owned_array(name)
        for node, (name, each) in zip(held[len(arrays) :], self.inputs.items(), strict=True):
            graph.inputs.append(AtenInput(input_name(name), tuple(each.shape)))
            node.name = graph.inputs[-1].name
        for node, place in zip(self.nodes, self.places, strict=True):
            self.add(graph, node, *place)
        if not placed:
            used = {each.name for each in graph.arrays.values()}
            graph.arrays |= {name: self.owned_array(name) for name in self.owned if name not in used}
        return graph

    def add(self, graph: AtenGraph, node: Any, scope: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        """Add a node: an array, a call, or the outputs."""
        if node.op == "get_attr":
            tensor = getattr(self.found, node.target)
            if self.is_untraced(tensor):
                graph.untraced += 1
                graph.nodes.append(self.untraced(node, tensor))
            else:
                graph.arrays[node.name] = self.constant(tensor)
        elif node.op == "call_function":
            graph.nodes.append(self.node(node, scope, kinds))
            if not node.users and graph.nodes[-1].outputs:
                self.ends.append(graph.nodes[-1])
        elif node.op == "output":
            graph.outputs = [AtenRef(each.name) for each in node.args[0] if hasattr(each, "op")]

    def is_untraced(self, tensor: Any) -> bool:
        """Whether a tensor is neither the module's nor a constant: it has a batch, and values have left PyTorch."""
        return id(tensor) not in self.names and bool(self.ends) and self.batch in getattr(tensor, "shape", ())

    def untraced(self, node: Any, tensor: Any) -> AtenNode:
        """A tensor from elsewhere, after all that left PyTorch so far, and in the modules of the last one."""
        last = self.ends[-1]
        ends = [AtenRef(each.name) for each in self.ends]
        return AtenNode(node.name, UNTRACED, "default", (ends,), {}, (_whole(tensor.shape),), last.scope, last.kinds)

    def owned_array(self, name: str) -> TapeArray:
        """A parameter or buffer."""
        each = self.owned[name]
        return TapeArray(tuple(each.shape), name, isinstance(each, self.torch.nn.Parameter))

    def node(self, node: Any, scope: tuple[str, ...], kinds: tuple[str, ...]) -> AtenNode:
        target = node.target
        operator, overload = "getitem", "default"
        if hasattr(target, "_overloadname"):
            operator, overload = str(target).rsplit(".", 1)
        elif getattr(target, "__name__", "") != "getitem":
            operator = str(getattr(target, "__name__", target))
        arguments = tuple(map(self.value, node.args))
        keywords = {key: self.value(each) for key, each in node.kwargs.items()}
        return AtenNode(node.name, operator, overload, arguments, keywords, self.sizes(node), scope, kinds)

    def sizes(self, node: Any) -> tuple[Shape | None, ...]:
        value = node.meta.get("val", node.meta.get("tensor_meta"))
        if hasattr(value, "shape"):
            return (_whole(value.shape),)
        listed = value if isinstance(value, list | tuple) else ()
        return tuple(_whole(each.shape) if hasattr(each, "shape") else None for each in listed)

    def value(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if hasattr(value, "op") and hasattr(value, "graph"):
            return AtenRef(value.name)
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return str(value)

    def constant(self, tensor: Any) -> TapeArray:
        """A tensor that is part of the graph: the module's, or numbers."""
        if id(tensor) in self.names:
            return self.owned_array(self.names[id(tensor)])
        dims = tuple(getattr(tensor, "shape", ()))
        is_plain = isinstance(tensor, self.torch.Tensor) and not self.is_wrapped(tensor)
        is_known = is_plain and tensor.device.type == "cpu" and tensor.numel() <= MOST_VALUES
        return TapeArray(dims, "", False, tuple(tensor.flatten().tolist()) if is_known else None)

    def is_wrapped(self, tensor: Any) -> bool:
        """Whether a tensor's numbers cannot be read: a fake one, or one inside of torch.vmap."""
        return type(tensor).__name__ == "FakeTensor" or self.torch._C._functorch.is_functorch_wrapped_tensor(tensor)


def _whole(sizes: Sequence[Any]) -> Shape:
    """Sizes as whole numbers. Raises UntraceableError for one that a number of a tensor decides."""
    if not all(isinstance(each, int) for each in sizes):
        raise UntraceableError("a size depends on the numbers of a tensor")
    return tuple(sizes)


def _places(count: int, steps: Sequence[ModuleStep]) -> list[NestedModules]:
    """The modules around each node, and their classes: those that are open after the steps before it."""
    found: list[NestedModules] = []
    stack: list[ModuleStep] = []
    waiting = iter(steps)
    step = next(waiting, None)
    for number in range(count):
        while step is not None and step.nodes <= number:
            if step.name is None:
                stack[-1:] = []
            else:
                stack.append(step)
            step = next(waiting, None)
        found.append(path_of([OpenModule(each.name or "", each.kind) for each in stack]))
    return found
