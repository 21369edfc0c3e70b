"""The names of PyTorch that have a meaning here, by their dotted paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.einops import EINOPS
from cnncalc.importing.python.torch.feature_extraction import FUNCTIONS as EXTRACTION
from cnncalc.importing.python.torch.modules import module_class
from cnncalc.importing.python.torch.modules.base import MODULE
from cnncalc.importing.python.torch.modules.containers import CONTAINERS
from cnncalc.importing.python.torch.modules.lightning import CLASSES as LIGHTNING
from cnncalc.importing.python.torch.modules.stacks import STACKS
from cnncalc.importing.python.torch.operations import functions, native
from cnncalc.importing.python.torch.operations.fourier import TRANSFORMS
from cnncalc.importing.python.torch.reparametrizing import FUNCTIONS as REPARAMETRIZING
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.torch.timm_layers import TIMM
from cnncalc.importing.python.torch.torchvision_models import networks
from cnncalc.importing.python.tracing import TestCall, tracing_of
from cnncalc.source.library.builtins import nothing
from cnncalc.source.library.standard import STANDARD, decorator
from cnncalc.source.values import (
    CallGiven,
    LibraryName,
    NativeFunction,
    PyClass,
    PyInstance,
    Unfollowed,
    Wrapped,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_FAMILIES = ("convolution", "dense", "normalization", "plain", "recurrent", "cells", "attention", "similarity")
_FROM_TORCHVISION = ("StochasticDepth", "FrozenBatchNorm2d")


@cache
def library() -> Mapping[str, object]:
    """Python's own library and PyTorch's."""
    return MappingProxyType({
        **STANDARD, **_modules(), **LIGHTNING, **_functions(), **_others(), **EINOPS, **TIMM, **networks(),
        **EXTRACTION,
    })  # fmt: skip


def _modules() -> dict[str, object]:
    found: dict[str, object] = {"torch.nn.Module": MODULE, "torch.nn.modules.Module": MODULE}
    found["torch.jit.ScriptModule"] = MODULE
    found |= {f"torch.nn.{name}": kind for name, kind in (*CONTAINERS.items(), *STACKS.items())}
    for family in _FAMILIES:
        rows = import_module(f"{__package__}.modules.{family}").CLASSES
        found |= {f"torch.nn.{name}": module_class(name, row, MODULE) for name, row in rows.items()}
    for name in _FROM_TORCHVISION:
        found[f"torchvision.ops.{name}"] = found[f"torch.nn.{name}"]
    return found


def _functions() -> dict[str, object]:
    found: dict[str, object] = {}
    for name in functions():
        value = native(name)
        assert value is not None
        for prefix in ("torch", "torch.nn.functional", "torch.Tensor"):
            found[f"{prefix}.{name}"] = value
            found[f"{prefix}.{name}_"] = value
    found |= {f"torch.fft.{name}": native(f"fft_{name}") for name in TRANSFORMS}
    found |= {f"torch.linalg.{name}": native(f"linalg_{name}") for name in ("norm", "vector_norm")}
    return found


def parameter(interpreter: Interpreter, given: CallGiven) -> object:
    """`nn.Parameter(data)`: a learned array; one that `forward` makes is learned if a module registers it."""
    value = given.values[0] if given.values else given.keywords.get("data")
    if not isinstance(value, TorchTensor):
        return value if isinstance(value, Unfollowed) else Unfollowed("nn.Parameter(…)", given.place)
    is_frozen = given.keywords.get("requires_grad", True) is False
    is_late = tracing_of(interpreter).is_active
    made = TorchTensor(value.dims, learned=not is_late)
    made.is_frozen, made.is_late = is_frozen, is_late
    return made


def first(interpreter: Interpreter, given: CallGiven) -> object:
    return given.values[0] if given.values else None


def checkpoint(interpreter: Interpreter, given: CallGiven) -> object:
    """`checkpoint(function, *values)` computes the function."""
    keywords = {key: value for key, value in given.keywords.items() if key != "use_reentrant"}
    return interpreter.call(given.values[0], CallGiven(given.values[1:], keywords, given.place))


def noise(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.random.normal(mean, deviation, size)`."""
    size = given.values[2] if len(given.values) > 2 else given.keywords.get("size", ())
    sizes = size if isinstance(size, tuple | list) else (size,)
    if all(isinstance(each, int) for each in sizes):
        return TorchTensor(tuple(sizes))
    return Unfollowed("np.random.normal(…)", given.place)


def _applied(interpreter: Interpreter, given: CallGiven) -> object:
    """`Function.apply(x)`: the class's own `forward`, whose first argument keeps what the gradient needs."""
    kind, *values = given.values
    found = kind.find("forward") if isinstance(kind, PyClass) else None
    if found is None:
        return Unfollowed("Function.apply(…)", given.place)
    kept = PyInstance(_KEPT)
    return interpreter.call(found[1], CallGiven([kept, *values], given.keywords, given.place))


_KEPT = native_class("FunctionCtx", (), {
    name: NativeFunction(name, nothing) for name in ("save_for_backward", "mark_dirty", "set_materialize_grads")
})  # fmt: skip
_OWN_FUNCTION = native_class("Function", (), {"apply": Wrapped("classmethod", NativeFunction("apply", _applied))})
_LIMITS = native_class("finfo", (), {"max": 3.4028234663852886e38, "min": -3.4028234663852886e38, "eps": 2.0**-23})


def float_limits(interpreter: Interpreter, given: CallGiven) -> object:
    """`torch.finfo(dtype)`: the limits of 32 bits, whatever the type."""
    return PyInstance(_LIMITS)


def product(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.prod` of sizes, or `torch.prod` of a tensor."""
    from cnncalc.source.evaluation import operators

    total: object = 1
    for each in operators.iterate(interpreter, given.values[0], given.place):
        if not isinstance(each, int | float) or not isinstance(total, int | float):
            return each if isinstance(each, Unfollowed) else Unfollowed("prod(…)", given.place)
        total = total * each
    return total


def stated_summary(interpreter: Interpreter, given: CallGiven) -> object:
    """`torchinfo.summary(model, (1, 3, 32, 32))` states the input of a model, with the batch in front.

    The batch is left out with `batch_dim=0`, and `input_data=` are the inputs themselves.
    """
    words = dict(zip(("model", "input_size", "input_data", "batch_dim"), given.values, strict=False)) | given.keywords
    size, data = words.get("input_size"), words.get("input_data")
    if data is not None:
        tensors = data if isinstance(data, list | tuple) else [data]
        size = [each.dims if isinstance(each, TorchTensor) else None for each in tensors]
    is_sample = data is None and words.get("batch_dim") is not None
    _note_sizes(interpreter, words.get("model"), size, batch=(1,) if is_sample else ())
    return None


def stated_summary_of_sample(interpreter: Interpreter, given: CallGiven) -> object:
    """`torchsummary.summary(model, (3, 32, 32))` states the input of a model, without the batch."""
    model, size = [*given.values, None, None][:2]
    _note_sizes(interpreter, model, given.keywords.get("input_size", size), batch=(1,))
    return None


def _note_sizes(interpreter: Interpreter, model: object, size: object, batch: tuple[int, ...]) -> None:
    sizes = size if isinstance(size, list | tuple) and size and isinstance(size[0], list | tuple) else [size]
    plain = [tuple(each) for each in sizes if isinstance(each, list | tuple) and all(map(_is_size, each))]
    if isinstance(model, PyInstance) and plain and len(plain) == len(sizes):
        tracing_of(interpreter).calls.append(TestCall(model, tuple((*batch, *each) for each in plain)))


def _is_size(value: object) -> bool:
    return isinstance(value, int)


def _false(interpreter: Interpreter, given: CallGiven) -> object:
    return False


_FALSE = (
    "torch.jit.is_scripting", "torch.jit.is_tracing", "torch._C._get_tracing_state", "torch.is_grad_enabled",
    "torch.onnx.is_in_onnx_export", "torch.cuda.is_available", "torch.backends.mps.is_available",
    "torch.compiler.is_compiling", "torch.is_autocast_enabled",
)  # fmt: skip
_UNCHANGED = (
    "torch.jit.script", "torch.jit.script_method",
    "torch.jit.ignore", "torch.jit.unused", "torch.jit.export", "torch.compile", "torch.no_grad",
    "torch.nn.DataParallel", "torch.jit._overload_method",
    "torch.utils.checkpoint.detach",
)  # fmt: skip


def _others() -> dict[str, object]:
    tensor = native_class("Tensor", (), {}, of_values=lambda value: isinstance(value, TorchTensor))
    make = native("Tensor")
    tensor.namespace["__new__"] = NativeFunction(
        "Tensor", lambda interpreter, given: make.function(interpreter, given.without_first()) if make else None
    )
    learned = native_class(
        "Parameter", (), {}, of_values=lambda value: isinstance(value, TorchTensor) and value.learned
    )
    learned.namespace["__new__"] = NativeFunction("Parameter", lambda one, given: parameter(one, given.without_first()))
    module_names: dict[str, object] = {f"torch.nn.init.{name}": NativeFunction(name, nothing) for name in _INITIALIZERS}
    for name in ("*", *_WITHOUT_MEANING):
        module_names[f"torch.nn.{name}"] = LibraryName(f"torch.nn.{name}")
    return {
        **module_names,
        "torch.Tensor": tensor, "torch.nn.Parameter": learned, "torch.nn.parameter.Parameter": learned,
        "torch.nn.functional.pad": native("pad"), "torch.Size": NativeFunction("Size", first),
        "torch.finfo": NativeFunction("finfo", float_limits),
        "torch.autograd.Function": _OWN_FUNCTION, "torch.autograd.function.Function": _OWN_FUNCTION,
        "torch.autograd.Variable": NativeFunction("Variable", first),
        **{name: NativeFunction(name, _false) for name in _FALSE},
        **{name: NativeFunction(name, decorator) for name in _UNCHANGED},
        "torch.utils.checkpoint.checkpoint": NativeFunction("checkpoint", checkpoint),
        "torch.cuda": LibraryName("torch.cuda"),
        **{f"torch.cuda.{name}": native(name) for name in ("FloatTensor", "LongTensor", "HalfTensor", "DoubleTensor")},
        "numpy.random.normal": NativeFunction("normal", noise), "numpy.random.randn": native("randn"),
        "numpy.linspace": native("linspace"), "numpy.arange": native("arange"), "numpy.eye": native("eye"),
        "numpy.identity": native("eye"), "numpy.array": native("tensor"), "numpy.asarray": native("tensor"),
        **{f"numpy.{name}": native("full") for name in ("zeros", "ones", "empty", "full")},
        **{f"numpy.{name}": LibraryName(f"numpy.{name}") for name in ("float32", "float64", "int64", "int32", "bool_")},
        "numpy.prod": NativeFunction("prod", product),
        **{f"torch.nn.utils.{name}": function for name, function in REPARAMETRIZING.items()},
        "numpy.sqrt": STANDARD["math.sqrt"], "numpy.log2": STANDARD["math.log2"], "numpy.ceil": STANDARD["math.ceil"],
        "numpy.floor": STANDARD["math.floor"], "numpy.log": STANDARD["math.log"],
        "torch.device": NativeFunction("device", lambda _interpreter, _given: LibraryName("torch.device")),
        "torchinfo.summary": NativeFunction("summary", stated_summary),
        "torchsummary.summary": NativeFunction("summary", stated_summary_of_sample),
        "torch.manual_seed": NativeFunction("manual_seed", nothing),
    }  # fmt: skip


_WITHOUT_MEANING = (
    "AdaptiveLogSoftmaxWithLoss", "BCELoss", "BCEWithLogitsLoss", "Buffer", "CTCLoss", "Container",
    "CosineEmbeddingLoss", "CrossEntropyLoss", "CrossMapLRN2d", "GaussianNLLLoss", "HingeEmbeddingLoss", "HuberLoss",
    "KLDivLoss", "L1Loss", "LinearCrossEntropyLoss", "LinearCrossEntropyOptions", "MSELoss", "MarginRankingLoss",
    "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss", "NLLLoss2d", "PoissonNLLLoss",
    "RNNBase", "RNNCellBase", "SmoothL1Loss", "SoftMarginLoss", "TripletMarginLoss", "TripletMarginWithDistanceLoss",
    "UninitializedBuffer", "UninitializedParameter",
)  # fmt: skip
"""The other classes of `torch.nn`, so that any further name is a mistake."""
_INITIALIZERS = (
    "kaiming_normal_", "kaiming_uniform_", "xavier_normal_", "xavier_uniform_", "normal_", "uniform_", "constant_",
    "zeros_", "ones_", "trunc_normal_", "orthogonal_", "eye_", "dirac_", "sparse_", "kaiming_normal", "xavier_uniform",
)  # fmt: skip
