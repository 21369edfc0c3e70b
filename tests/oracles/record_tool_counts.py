"""Records the counts of operations that other tools print: `tests/data/tool_counts_*.json`.

    python -m tests.oracles.record_tool_counts torch     # thop, fvcore, ptflops, calflops, torchinfo, onnx-tool
    KERAS_BACKEND=tensorflow python -m tests.oracles.record_tool_counts keras

Entries that the file already has stay: delete those that are to be recorded again.

The tools run in an environment of their own, because they patch the frameworks. The models are in evaluation mode, with
one sample. A tool that fails on a layer has no entry there.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from cnncalc.render.json_text import json_lines
from tests.oracles.tool_cases import KERAS_APPLICATIONS, KERAS_LAYERS, TORCH_LAYERS, TORCHVISION

DATA = Path(__file__).parent.parent / "data"
ABSENT = ("transformers", "accelerate", "accelerate.utils", "huggingface_hub", "huggingface_hub.utils")
"""What calflops imports for models on a hub, which are not counted here."""


Counts = Iterator[tuple[str, str, Callable[[], dict[str, int]]]]
"""Layers and networks: the part of the record, the name, and what counts."""


def thop(module: Any, x: Any) -> int:
    from thop import profile

    return int(profile(module, inputs=(x,), verbose=False)[0])


def fvcore(module: Any, x: Any) -> int:
    from fvcore.nn import FlopCountAnalysis

    counted = FlopCountAnalysis(module, x)
    counted.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return int(counted.total())


def ptflops(module: Any, x: Any) -> int | None:
    from ptflops import get_model_complexity_info

    given = {"as_strings": False, "print_per_layer_stat": False, "input_constructor": lambda shape: x}
    found = get_model_complexity_info(module, tuple(x.shape[1:]), **given)[0]
    return None if found is None else int(found)


def calflops(module: Any, x: Any) -> int:
    from calflops import calculate_flops

    return int(calculate_flops(module, args=[x], print_results=False, output_as_string=False)[0])


def torchinfo(module: Any, x: Any) -> int:
    import torchinfo as library

    return int(library.summary(module, input_data=x, verbose=0).total_mult_adds)


def flop_counter(module: Any, x: Any) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(x)
    return int(counter.get_total_flops())


def onnx_tool(module: Any, x: Any) -> int:
    import onnx
    import onnx_tool as library
    import torch

    file = io.BytesIO()
    options = {"dynamo": False, "training": torch.onnx.TrainingMode.PRESERVE, "opset_version": 17}
    torch.onnx.export(module, (x,), file, **options)
    model = library.Model(onnx.load_from_string(file.getvalue()), {"verbose": False})
    model.graph.shape_infer(None)
    model.graph.profile()
    return int(model.graph.macs[0])


TORCH_TOOLS: tuple[Callable[[Any, Any], int | None], ...] = (
    thop, fvcore, ptflops, calflops, torchinfo, flop_counter, onnx_tool,
)  # fmt: skip


def on_torch(module: Any, x: Any) -> dict[str, int]:
    """The count of each tool for a module."""
    found = {}
    for tool in TORCH_TOOLS:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                count = tool(copy.deepcopy(module).eval(), x)
        except Exception as error:  # the tools fail in their own ways
            print(f"  {tool.__name__}: {type(error).__name__}: {str(error)[:120]}")
            continue
        if count is not None:
            found[tool.__name__] = count
    return found


def torch_modules() -> Callable[[Any], Any]:
    """What makes a module with one output from its code, or from a module."""
    import torch
    import torchvision
    from torch import nn

    class Single(nn.Module):
        """A module with one output and one parameter more: calflops needs a parameter."""

        def __init__(self, module: nn.Module) -> None:
            super().__init__()
            self.module = module
            self.unused = nn.Parameter(torch.zeros(1))

        def forward(self, x: Any) -> Any:
            found = self.module(x)
            return found[0] if isinstance(found, tuple) else found["out"] if isinstance(found, dict) else found

    class Merge(nn.Module):
        def __init__(self, function: Callable[[Any], Any]) -> None:
            super().__init__()
            self.function = function

        def forward(self, x: Any) -> Any:
            return self.function(x)

    class Attention(nn.Module):
        def __init__(self, features: int, heads: int, *, bias: bool = True) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(features, heads, bias=bias, batch_first=True)

        def forward(self, x: Any) -> Any:
            return self.attention(x, x, x, need_weights=False)[0]

    class Cross(nn.Module):
        """Attention of the input to a part of it: the first 5 positions, with as many features as keys have."""

        def __init__(self, features: int, heads: int, **options: Any) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(features, heads, batch_first=True, **options)

        def forward(self, x: Any) -> Any:
            memory = x[:, :5, : self.attention.kdim]
            return self.attention(x, memory, memory, need_weights=False)[0]

    class Beside(nn.Module):
        """A module of the input and its first 5 positions."""

        def __init__(self, module: nn.Module) -> None:
            super().__init__()
            self.beside = module

        def forward(self, x: Any) -> Any:
            return self.beside(x, x[:, :5])

    class Pair(nn.Module):
        """A module of two inputs, which are equal."""

        def __init__(self, module: nn.Module) -> None:
            super().__init__()
            self.pair = module

        def forward(self, x: Any) -> Any:
            return self.pair(x, x)

    made = {each.__name__: each for each in (Merge, Pair, Beside, Attention, Cross)}
    names = {"nn": nn, "torch": torch, "tv": torchvision, **made}
    return lambda code: Single(eval(code, names) if isinstance(code, str) else code)


def torch_counts() -> Counts:
    from tests.oracles.networks import torchvision_models

    models = torchvision_models()
    import torch

    made = torch_modules()

    def layer(spec: str, code: str) -> dict[str, int]:
        shape = tuple(int(size) for size in spec.split(" -> ")[0].split("x"))
        x = torch.ones(1, *shape, dtype=torch.int64) if "Embedding" in code else torch.randn(1, *shape)
        return on_torch(made(code), x)

    def network(name: str, shape: tuple[int, ...]) -> dict[str, int]:
        options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        if hasattr(models.segmentation, name):
            options = {"weights_backbone": None}
        family = next(each for each in (models.segmentation, models.video, models) if hasattr(each, name))
        return on_torch(made(getattr(family, name)(weights=None, **options)), torch.randn(1, *shape))

    for name, (spec, code) in TORCH_LAYERS.items():
        yield "layers", name, partial(layer, spec, code)
    for name, shape in TORCHVISION.items():
        yield "networks", name, partial(network, name, shape)


def keras_count(model: Any) -> int:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph

    given = tf.TensorSpec((1, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    concrete = tf.function(lambda x: model(x, training=False)).get_concrete_function(given)
    frozen, _ = convert_variables_to_constants_v2_as_graph(concrete)
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    found = tf.compat.v1.profiler.profile(graph=frozen.graph, cmd="scope", options=options)
    return int(found.total_float_ops)


def keras_counts() -> Counts:
    import keras

    def layer(spec: str, code: str) -> dict[str, int]:
        x = keras.Input(tuple(int(size) for size in spec.split(" -> ")[0].split("x")))
        return {"tf_profiler": keras_count(keras.Model(x, eval(code, {"L": keras.layers})(x)))}

    def network(function: str, shape: tuple[int, ...]) -> dict[str, int]:
        return {"tf_profiler": keras_count(getattr(keras.applications, function)(weights=None, input_shape=shape))}

    for name, given in KERAS_LAYERS.items():
        yield "layers", name, partial(layer, *given)
    for name, (function, shape) in KERAS_APPLICATIONS.items():
        yield "networks", name, partial(network, function, shape)


def main(which: str) -> None:
    """Write what one framework's tools print."""
    warnings.simplefilter("ignore")
    sys.modules.update({name: MagicMock() for name in ABSENT})
    path = DATA / f"tool_counts_{which}.json"
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"layers": {}, "networks": {}}
    for part, name, count in (torch_counts if which == "torch" else keras_counts)():
        if name not in record[part]:
            print(name, flush=True)
            record[part][name] = count()
            path.write_text(json_lines(record) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
