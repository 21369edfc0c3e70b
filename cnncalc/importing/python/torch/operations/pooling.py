"""Functions that slide over images: pools, resizing, patches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.binding import parameters_of, words_of
from cnncalc.importing.python.fields import fields_of, layer_type
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import windows
from cnncalc.importing.tensors.movement import squeeze, unsqueeze
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand
from cnncalc.number_text import plural
from cnncalc.reading.signatures.functional import FUNCTIONS as SIGNATURES

_NAMES = (
    "max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "adaptive_avg_pool1d",
    "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d",
    "adaptive_max_pool3d", "lp_pool1d", "lp_pool2d", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle",
    "local_response_norm", "fold", "unfold",
)  # fmt: skip


def said(row: str) -> Callable[[TorchCall], object]:
    """A layer without weights on images."""
    parameters = parameters_of(row)

    def function(call: TorchCall) -> object:
        kind = layer_type(call.word)
        fields = fields_of(kind, words_of(call.bound, parameters))
        made = slide(call, kind.type, fields, call.tensor(), spatial_axes(call.word))
        return [made, None] if call.get("return_indices") is True else made

    return function


_FRACTIONAL = "-input kernel_size! output_size output_ratio return_indices _random_samples"


def max_unpool(call: TorchCall) -> object:
    """`F.max_unpool2d`: its size follows from the window or is given; where the maxima were does not matter to it."""
    words = {name: call.get(name) for name in ("kernel_size", "stride", "padding")}
    return unpooled(call, words, call.get("output_size"))


def unpooled(call: TorchCall, words: dict[str, object], size: object) -> object:
    """Unpooling to a size, of which the spatial axes are the last, or to the size that the window gives."""
    axes = spatial_axes(call.word[-2:])
    if isinstance(size, list | tuple):
        words["output_size"] = list(size)[-axes:]
    return slide(call, "max_unpool", fields_of(layer_type("max_unpool"), words), call.tensor(), axes)


def spatial_axes(word: str) -> int:
    """The number of spatial axes that a name states, `max_pool2d`; 0 without one."""
    return next((int(digit) for digit in word if digit in "123"), 0)


def slide(call: TorchCall, type: str, fields: dict[str, object], x: Operand, axes: int) -> object:
    """A layer on images; one image without a batch is what PyTorch takes, too."""
    if axes and len(x.dims) == axes + 1 and not _has_batch_in_front(call, x):
        wide = unsqueeze(call.tape, x, 0)
        return squeeze(call.tape, windows.slide(call.tape, type, fields, wide), [0])
    if axes and len(x.dims) != axes + 2:
        from cnncalc.importing.python.torch.problems import wrong_rank

        wrong_rank(call, x, axes)
        raise NotSaid("an input with other axes")
    return windows.slide(call.tape, type, fields, x)


def _has_batch_in_front(call: TorchCall, x: Operand) -> bool:
    batch = call.tape.tensor(x).batch
    return batch is not None and isinstance(batch, BatchAxis) and batch.axis == 0


def _row(name: str) -> str:
    key = name if name in SIGNATURES else name.replace(name[-2:], "#d")
    return SIGNATURES[key].replace("*input", "-input")


def interpolate(call: TorchCall) -> object:
    """Images resized by a scale or to a size."""
    words = {name: call.get(name) for name in ("size", "scale_factor", "mode", "align_corners")}
    if words["size"] is not None:
        words["scale_factor"] = None
        if isinstance(words["size"], int):
            words["size"] = [words["size"]] * (len(call.tensor().dims) - 2)
    check_mode(call.tensor(), words["mode"])
    fields = fields_of(layer_type("upsample"), words)
    return windows.slide(call.tape, "upsample", fields, call.tensor())


_AXES_OF_MODES: Mapping[object, int] = MappingProxyType({"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3})


def check_mode(x: Operand, mode: object) -> None:
    """Raise Refusal for a mode that is for another number of spatial axes."""
    wanted, axes = _AXES_OF_MODES.get(mode), len(x.dims) - 2
    if wanted is not None and axes > 0 and wanted != axes:
        hint = next((str(name) for name, count in _AXES_OF_MODES.items() if count == axes), "nearest")
        message = f'mode "{mode}" is for {plural(wanted, "spatial axis", "spatial axes")}, and the input has {axes}'
        raise Refusal(message, hint=f'write "{hint}"', code="E303")


def sampled(call: TorchCall) -> object:
    """`F.grid_sample`: an image at the positions of a grid."""
    x, grid = call.tape.tensor(call.tensor()), call.tape.tensor(call.tensor("grid"))
    words = {name: call.get(name) for name in ("mode", "padding_mode", "align_corners")}
    fields = fields_of(layer_type("grid_sample"), words)
    dims = (*x.dims[:2], *grid.dims[1:-1])
    return call.tape.append("grid_sample", fields, [x, grid], dims, x.batch)


def affine(call: TorchCall) -> object:
    """`F.affine_grid`: a grid from a matrix for each sample."""
    theta, size = call.tape.tensor(call.tensor("theta")), call.integers("size")
    fields = fields_of(layer_type("affine_grid"), {"size": size[2:], "align_corners": call.get("align_corners")})
    return call.tape.append("affine_grid", fields, [theta], (theta.dims[0], *size[2:], len(size) - 2), theta.batch)


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **{name: (_row(name), said(_row(name))) for name in _NAMES},
    **{f"fractional_max_pool{axes}d": (_FRACTIONAL, said(_FRACTIONAL)) for axes in (2, 3)},
    **{f"max_unpool{axes}d": ("input! indices! kernel_size! stride padding output_size", max_unpool)
       for axes in (1, 2, 3)},
    "interpolate": (SIGNATURES["interpolate"].replace("*input", "input!"), interpolate),
    "grid_sample": ("input! grid! mode padding_mode align_corners", sampled),
    "affine_grid": ("theta! size! align_corners", affine),
    "upsample": ("input! size scale_factor mode align_corners", interpolate),
})  # fmt: skip
