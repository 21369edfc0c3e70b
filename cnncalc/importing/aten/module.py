"""A module of PyTorch as a graph of aten operators, traced on the meta device: no number is computed.

PyTorch is imported only here, and only when a module is traced. The module is traced in evaluation mode and left as it
was: its parameters stay where they are, as the trace uses arrays without numbers in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.aten.graph import AtenGraph, AtenInput, AtenNode, AtenRef
from cnncalc.importing.tensors.tensor import TapeArray

BATCH = 211
"""The size of the batch in the trace: a prime number that axes rarely have, so that it is recognisable."""
MOST_VALUES = 4096
"""The number of values of a constant that are kept."""


class ModuleStep(NamedTuple):
    """A moment of the trace: after so many nodes a module was entered, or left."""

    nodes: int
    name: str | None
    kind: str = ""


def traced(module: Any, inputs: Mapping[str, Any], keywords: Mapping[str, Any]) -> AtenGraph:
    """The graph of a module on inputs, which are tensors of the meta device with `BATCH` samples.

    `keywords` are the arguments of the module that are not tensors. Raises whatever the module raises.
    """
    torch = import_module("torch")
    proxies = import_module("torch.fx.experimental.proxy_tensor")
    owned = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    stand_ins = [torch.empty_like(each, device="meta", requires_grad=False) for each in owned.values()]
    steps: list[ModuleStep] = []

    def run(arrays: Sequence[Any], given: Sequence[Any]) -> list[Any]:
        replaced = dict(zip(owned, arrays, strict=True))
        named = {name: each for name, each in zip(inputs, given, strict=True) if not name.isdecimal()}
        placed = tuple(each for name, each in zip(inputs, given, strict=True) if name.isdecimal())
        result = torch.func.functional_call(module, replaced, placed, {**named, **keywords})
        leaves = torch.utils._pytree.tree_leaves(result)
        return [each for each in leaves if isinstance(each, torch.Tensor)]

    def trace(arrays: Sequence[Any], given: Sequence[Any], mode: str) -> Any:
        steps.clear()
        with evaluated(module, torch), entered(module, steps, proxies), plainly(proxies), torch.no_grad():
            made = proxies.make_fx(run, pre_dispatch=True, tracing_mode=mode, _allow_non_fake_inputs=mode == "fake")
            return made(arrays, given)

    try:
        found = trace(stand_ins, list(inputs.values()), "real")
    except (RuntimeError, NotImplementedError) as error:
        if "meta" not in str(error):
            raise
        # the module holds tensors that are not buffers: PyTorch's fake tensors have their device, and no numbers either
        found = trace(list(owned.values()), [torch.empty_like(each, device="cpu") for each in inputs.values()], "fake")
    return _Reader(found, torch).graph(module, owned, inputs, steps)


@contextmanager
def evaluated(module: Any, torch: Any) -> Iterator[None]:
    """The module in evaluation mode, and attention without PyTorch's fused path, which hides its operators."""
    modes = [(each, each.training) for each in module.modules()]
    fused = torch.backends.mha.get_fastpath_enabled()
    module.eval()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
        for each, mode in modes:
            each.training = mode


@contextmanager
def plainly(proxies: Any) -> Iterator[None]:
    """A trace that keeps of each value its sizes alone, which takes a third of the time."""
    before = getattr(proxies, "set_meta", None)

    def keep_sizes(proxy: Any, value: Any) -> Any:
        proxy.node.meta["val"] = value
        return proxy

    if before is not None:
        proxies.set_meta = keep_sizes
    try:
        yield
    finally:
        if before is not None:
            proxies.set_meta = before


@contextmanager
def entered(module: Any, steps: list[ModuleStep], proxies: Any) -> Iterator[None]:
    """Note when each module is entered and left during the trace."""

    def note(name: str | None, kind: str = "") -> None:
        mode = proxies.get_proxy_mode()
        if mode is not None:
            steps.append(ModuleStep(len(mode.tracer.graph.nodes), name, kind))

    def entering(name: str, kind: str) -> Callable[..., None]:
        return lambda *_: note(name, kind)

    handles = []
    for name, each in module.named_modules():
        if name:
            handles.append(each.register_forward_pre_hook(entering(name, type(each).__name__)))
            handles.append(each.register_forward_hook(lambda *_: note(None)))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class _Reader:
    """A traced graph of torch.fx as plain data."""

    def __init__(self, found: Any, torch: Any) -> None:
        self.found = found
        self.torch = torch

    def graph(
        self, module: Any, owned: Mapping[str, Any], inputs: Mapping[str, Any], steps: Sequence[ModuleStep]
    ) -> AtenGraph:  # fmt: skip
        nodes = list(self.found.graph.nodes)
        places = _places(len(nodes), steps)
        learned = {name for name, each in owned.items() if isinstance(each, self.torch.nn.Parameter)}
        kind = type(module).__name__
        graph = AtenGraph(kind, BATCH, [], {}, [], [], kind, f"PyTorch {self.torch.__version__}")
        held = [node for node in nodes if node.op == "placeholder"]
        for node, (name, each) in zip(held, owned.items(), strict=False):
            graph.arrays[node.name] = TapeArray(tuple(each.shape), name, name in learned)
        for node, (name, each) in zip(held[len(owned) :], inputs.items(), strict=True):
            graph.inputs.append(AtenInput(f"input_{name}" if name.isdecimal() else name, tuple(each.shape)))
            graph.arrays.pop(node.name, None)
            node.name = graph.inputs[-1].name
        for number, node in enumerate(nodes):
            if node.op == "get_attr":
                graph.arrays[node.name] = self.constant(getattr(self.found, node.target))
            elif node.op == "call_function":
                graph.nodes.append(self.node(node, *places[number]))
            elif node.op == "output":
                graph.outputs = [AtenRef(each.name) for each in node.args[0] if hasattr(each, "op")]
        return graph

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
            return (tuple(map(int, value.shape)),)
        listed = value if isinstance(value, list | tuple) else ()
        return tuple(tuple(map(int, each.shape)) if hasattr(each, "shape") else None for each in listed)

    def value(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if hasattr(value, "op") and hasattr(value, "graph"):
            return AtenRef(value.name)
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return str(value)

    def constant(self, tensor: Any) -> TapeArray:
        dims = tuple(tensor.shape)
        is_known = tensor.device.type == "cpu" and tensor.numel() <= MOST_VALUES and not self.is_fake(tensor)
        return TapeArray(dims, "", False, tuple(tensor.flatten().tolist()) if is_known else None)

    def is_fake(self, tensor: Any) -> bool:
        return type(tensor).__name__ == "FakeTensor"


def _places(count: int, steps: Sequence[ModuleStep]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The modules around each node, and their classes: those that are open after the steps before it."""
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
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
        found.append(_path(stack))
    return found


def _path(stack: Sequence[ModuleStep]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Open modules by their names inside of one another; a module called from outside of its parent has its own."""
    names: list[str] = []
    kinds: list[str] = []
    before = ""
    for step in stack:
        full = step.name or ""
        own = full[len(before) + 1 :] if before and full.startswith(f"{before}.") else full
        names.append(own)
        kinds.append(step.kind)
        before = full
    return tuple(names), tuple(kinds)
