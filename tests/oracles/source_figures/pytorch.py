"""A PyTorch model's figures: parameters, every module's parameters and output shape, and multiply-accumulates."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from tests.oracles.source_figures.listing import CorpusModel
from tests.oracles.source_figures.running import built

OPERATORS = torch.library.Library("torchvision", "DEF")
BATCHES = (2, 3)
"""Two sizes of the batch, which find the axis of the batch in a shape."""


class Counter(TorchDispatchMode):
    """Counts the multiply-accumulates of convolutions and matrix products, as the framework performs them."""

    def __init__(self) -> None:
        super().__init__()
        self.macs = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name in ("convolution", "_convolution"):
            weight = args[1]
            moved = args[0] if args[6] else result
            self.macs += moved.numel() * weight.numel() // weight.shape[0]
        elif name in ("mm", "addmm", "bmm", "baddbmm"):
            left, right = args[:2] if name.endswith("mm") and not name.startswith(("add", "badd")) else args[1:3]
            self.macs += left.numel() * right.shape[-1]
        elif name.startswith("_scaled_dot_product"):
            query, key, value = args[:3]
            pairs = math.prod(query.shape[:-1]) * key.shape[-2]
            self.macs += pairs * (query.shape[-1] + value.shape[-1])
        return result


def prepared() -> None:
    """Let a torchvision without compiled operators be imported, and attention show its products to the counter."""
    for name in ("nms", "qnms"):
        OPERATORS.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for name in ("roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"):
        OPERATORS.define(f"{name}(Tensor x) -> Tensor")
    torch.backends.mha.set_fastpath_enabled(False)
    torch.manual_seed(0)


def arrays(model: CorpusModel, batch: int) -> list[torch.Tensor]:
    """Inputs of a model with a batch."""
    shapes = [((batch, *each.shape), each.below) for each in model.inputs]
    return [torch.rand(shape) if below is None else torch.randint(below, shape) for shape, below in shapes]


def run(net: Any, model: CorpusModel, batch: int) -> Any:
    """The output of a model in inference."""
    with torch.no_grad():
        return net(*arrays(model, batch))


def shapes_of(value: Any) -> Any:
    """The shape of a tensor, or those of all tensors in a tuple or dictionary."""
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    if isinstance(value, dict):
        value = list(value.values())
    return [shapes_of(each) for each in value] if isinstance(value, list | tuple) else None


def without_batch(first: Any, second: Any) -> Any:
    """A shape without its batch axis; null if the batch is merged with another axis or absent."""
    if not first or first[0] is None:
        return None
    if isinstance(first[0], list):
        return [without_batch(a, b) for a, b in zip(first, second, strict=True)]
    differing = [axis for axis, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(differing) != 1 or (first[differing[0]], second[differing[0]]) != BATCHES:
        return None
    return first[: differing[0]] + first[differing[0] + 1 :]


def parameters(module: Any) -> int:
    """The number of elements of a module's parameters, shared ones once."""
    return sum(each.numel() for each in module.parameters())


def figures(model: CorpusModel) -> dict[str, Any]:
    """Everything that is recorded of a model."""
    net, _ = built(model)
    net.eval()
    seen: list[dict[str, Any]] = []
    calls: dict[str, int] = {}

    def hook(name: str) -> Any:
        def record(module: Any, inputs: Any, output: Any) -> None:
            seen[-1][name] = shapes_of(output)
            calls[name] = calls.get(name, 0) + 1

        return record

    for batch in BATCHES:
        seen.append({})
        calls.clear()
        handles = [each.register_forward_hook(hook(name)) for name, each in net.named_modules()]
        output = run(net, model, batch)
        seen[-1]["output"] = shapes_of(output)
        for handle in handles:
            handle.remove()
    torch.backends.mkldnn.enabled = False  # whose recurrent kernels hide their products
    with Counter() as counter:
        run(net, model, 1)
    torch.backends.mkldnn.enabled = True
    modules = {
        name: [parameters(each), without_batch(seen[0].get(name), seen[1].get(name)), calls.get(name, 0)]
        for name, each in net.named_modules()
        if name
    }
    return {
        "params": parameters(net),
        "macs": counter.macs,
        "output": without_batch(seen[0]["output"], seen[1]["output"]),
        "modules": modules,
    }


def outcome(model: CorpusModel, text: str) -> str:
    """What becomes visible of a changed file: the error, or the output's shapes."""
    try:
        net, _ = built(model, text)
        net.eval()
        result = shapes_of(run(net, model, BATCHES[0]))
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return f"output {result}"
