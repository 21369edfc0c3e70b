"""The settings of PyTorch and of a module that hold during a trace, and are put back after it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple


class ModuleStep(NamedTuple):
    """A moment of the trace: after so many nodes a module was entered, or left."""

    nodes: int
    name: str | None
    kind: str = ""


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
    """A trace that keeps of values without numbers their sizes alone, which takes a third of the time."""
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


_ASKING = frozenset({
    "item", "tolist", "numpy", "__bool__", "__float__", "__int__", "__index__", "__complex__", "__array__",
})  # fmt: skip
"""The functions of a tensor that return its numbers."""


@contextmanager
def valueless(torch: Any) -> Iterator[None]:
    """Refuse at once to give the numbers of a tensor that has none, which PyTorch may try to do one by one."""

    class Refusing(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            name = getattr(function, "__name__", "")
            if name in _ASKING and args and _is_without_numbers(args[0]):
                raise ValueError(f"the code depends on the numbers of a tensor, by {name}")
            return function(*args, **(kwargs or {}))

    with Refusing():
        yield


def _is_without_numbers(tensor: Any) -> bool:
    """Whether a tensor is on the meta device, or one of PyTorch's fake tensors, and not a constant."""
    is_fake = type(tensor).__name__ == "FakeTensor"
    return (is_fake and tensor.constant is None) or (not is_fake and tensor.device.type == "meta")


@contextmanager
def uncompiled() -> Iterator[None]:
    """Let modules inside of torch.compile run as they are written."""
    dynamo = sys.modules.get("torch._dynamo")
    with ExitStack() as held:
        if dynamo is not None and hasattr(dynamo.config, "error_on_nested_fx_trace"):
            held.enter_context(dynamo.config.patch(error_on_nested_fx_trace=False))
        yield


@contextmanager
def kept_buffers(module: Any, torch: Any) -> Iterator[None]:
    """Give the buffers that a run changes their numbers back."""
    before = [(each, each._version, each.clone()) for each in module.buffers()]
    try:
        yield
    finally:
        for each, version, numbers in before:
            if each._version != version:
                with torch.no_grad():
                    each.copy_(numbers)


@contextmanager
def kept_arrays(module: Any) -> Iterator[None]:
    """Give all modules their parameters and buffers back.

    `functional_call` leaves its replacements in a module that has several names.
    """
    holders = [
        held for each in module.modules() for key in ("_parameters", "_buffers")
        if isinstance(held := vars(each).get(key), dict)
    ]  # fmt: skip
    before = [dict(held) for held in holders]
    try:
        yield
    finally:
        for held, own in zip(holders, before, strict=True):
            held.update(own)


@contextmanager
def entered(module: Any, steps: list[ModuleStep], proxies: Any, torch: Any) -> Iterator[None]:
    """Note when each module is entered and left during the trace; the modules of TorchScript take no hooks."""

    def note(name: str | None, kind: str = "") -> None:
        mode = proxies.get_proxy_mode()
        if mode is not None:
            steps.append(ModuleStep(len(mode.tracer.graph.nodes), name, kind))

    def entering(name: str, kind: str) -> Callable[..., None]:
        return lambda *_: note(name, kind)

    handles = []
    for name, each in module.named_modules():
        if name and not isinstance(each, torch.jit.ScriptModule):
            handles.append(each.register_forward_pre_hook(entering(name, type(each).__name__)))
            handles.append(each.register_forward_hook(lambda *_: note(None)))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
