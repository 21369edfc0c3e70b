"""Mistakes in receptive fields and effective strides.

The formula is r ← r + (F′ − 1)·j, then j ← j·S, from the input to the layer; each mistake changes one part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cnncalc.arithmetic.window import AxisWindow
from cnncalc.graph.model import Node
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, spatial_names
from cnncalc.homework.mistakes.catalogue import misread
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

FieldSoFar = tuple[int, int]
FieldStep = Callable[[Layer, AxisWindow, int, FieldSoFar], FieldSoFar]
"""The field and jump after a window, from the layer, the window, the number of its taps, and those before it."""


def _walk(about: AskedModel, asked: Asked, step: FieldStep, start: FieldSoFar) -> tuple[FieldSoFar, ...] | None:
    """The field and jump of each axis of a node by a wrong formula; None where they have no closed form."""
    nodes = about.graph.nodes if asked.place is None else about.graph.nodes[: asked.place + 1]
    found: list[tuple[FieldSoFar, ...] | None] = []
    for node in nodes:
        if node.layer is None:
            found.append((start,) * (len(node.shape or ()) - 1))
            continue
        known = [found[place] for place in node.inputs]
        found.append(_after(about, node, node.layer, known, step))
    return found[-1]


def _after(
    about: AskedModel, node: Node, layer: Layer, known: list[tuple[FieldSoFar, ...] | None], step: FieldStep
) -> tuple[FieldSoFar, ...] | None:  # fmt: skip
    states = [state for state in known if state is not None]
    if len(states) < len(known) or len({len(state) for state in states}) != 1:
        return None
    widest = tuple(max(each) for each in zip(*states, strict=True))
    sight = layer.windows(*about.graph.inputs_of(node))
    if sight == "pointwise":
        return widest
    if isinstance(sight, str) or len(sight) != len(widest) or any(window.upsample != 1 for window in sight):
        return None
    taps = [int(window.extent) for window in sight]
    if isinstance(layer, WindowLayer):
        taps = [int(size) for size in layer.kernels(*about.graph.inputs_of(node))]
    rows = zip(sight, taps, widest, strict=True)
    return tuple(step(layer, window, count, state) for window, count, state in rows)


def _answers(
    about: AskedModel, asked: Asked, step: FieldStep, what: str, start: FieldSoFar = (1, 1)
) -> Iterable[tuple[FigureValue, str]]:  # fmt: skip
    """The requested field or stride by a wrong formula, from those of the input."""
    if asked.figure not in ("receptive_field", "effective_stride"):
        return
    found = _walk(about, asked, step, start)
    if found is None:
        return
    values = tuple(state[asked.figure == "effective_stride"] for state in found)
    if values == asked.value:
        return
    if asked.part in spatial_names(len(values)):
        yield values[spatial_names(len(values)).index(asked.part)], what
    elif not asked.part:
        yield values, what


def _grown(window: AxisWindow, state: FieldSoFar) -> FieldSoFar:
    """The right formula."""
    field, jump = state
    return field + (window.extent - 1) * jump, jump * window.stride


@misread("strides left out of the receptive field", "r = 1 + Σ (F − 1)", likely=1)
def strides_not_accumulated(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """After a stride, one step of the window is several pixels of the input: each kernel adds (F − 1)·j."""
    yield from _answers(
        about, asked, lambda _, window, __, state: (state[0] + window.extent - 1, 1), "the sum of all F − 1"
    )


@misread("kernels added up for the receptive field", "r = Σ F", likely=2)
def kernels_added_up(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Windows overlap: a kernel adds F − 1 steps to the receptive field, not F."""
    yield from _field_only(
        about, asked, lambda _, window, __, state: (state[0] + window.extent, state[1]), "the sum of the kernels", 0
    )


@misread("F for F − 1 in the receptive field", "r ← r + F·j", likely=3)
def field_without_minus_one(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A window of F positions spans F − 1 steps: it adds (F − 1)·j."""
    for start in (0, 1):
        step: FieldStep = lambda _, window, __, state: (state[0] + window.extent * state[1], state[1] * window.stride)  # noqa: E731
        yield from _field_only(about, asked, step, "the sum of all F·j", start)


def _field_only(
    about: AskedModel, asked: Asked, step: FieldStep, what: str, start: int = 1
) -> Iterable[tuple[FigureValue, str]]:  # fmt: skip
    if asked.figure == "receptive_field":
        yield from _answers(about, asked, step, what, (start, 1))


@misread("kernels multiplied for the receptive field", "r = Π F", likely=2)
def kernels_multiplied(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Windows overlap: a kernel adds (F − 1)·j to the receptive field."""
    yield from _field_only(
        about, asked, lambda _, window, __, state: (state[0] * window.extent, state[1]), "the product of the kernels"
    )


@misread("the receptive field begun at 0", "r = Σ (F − 1)·j", likely=2)
def field_starts_at_zero(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A position of the input sees itself: the receptive field begins with r = 1."""
    yield from _field_only(about, asked, lambda _, window, __, state: _grown(window, state), "1 too few", 0)


@misread("the last kernel for the receptive field", "r = F", likely=2)
def last_kernel_only(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """This is the window on the layer's own input; each of those values sees several pixels of the model's input."""
    yield from _field_only(
        about, asked, lambda _, window, __, state: (window.extent if window.extent > 1 else state[0], state[1]),
        "this layer's own window",
    )  # fmt: skip
    largest: FieldStep = lambda _, window, __, state: (max(window.extent, state[0]), state[1])  # noqa: E731
    yield from _field_only(about, asked, largest, "the largest of the windows")


@misread("this layer's stride counted too early", "j one layer too early", likely=2)
def own_stride_counted(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A layer's stride affects the *next* kernel; its own kernel is counted with the strides before it."""

    def step(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        jump = state[1] * window.stride
        return state[0] + (window.extent - 1) * jump, jump

    yield from _field_only(about, asked, step, "the field with each stride counted one layer too early")


@misread("strides added instead of multiplied", "j = Σ S", likely=2)
def strides_added(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A step after two strides is a step of steps: the jump is the product of the strides."""

    def step(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        field, _ = _grown(window, state)
        if window.stride == 1:
            return field, state[1]
        return field, window.stride if state[1] == 1 else state[1] + window.stride

    yield from _answers(about, asked, step, "the strides added up")
    if asked.figure == "effective_stride":
        each: FieldStep = lambda _, window, __, state: (state[0], state[1] + window.stride)  # noqa: E731
        yield from _answers(about, asked, each, "the strides of all windows added up", (1, 0))


@misread("only the last stride counted", "j = S", likely=2)
def last_stride_only(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The jump is the product of all strides so far, not only the last one."""
    yield from _answers(
        about, asked, lambda _, window, __, state: (_grown(window, state)[0], window.stride), "only the last stride"
    )
    yield from _answers(
        about,
        asked,
        lambda _, window, __, state: (_grown(window, state)[0], window.stride if window.stride > 1 else state[1]),
        "only the last stride above 1",
    )


@misread("the pools left out of the receptive field", "r without pools", likely=2)
def pool_left_out_of_the_field(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A pool has a window and a stride like a convolution."""

    def without(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        return state if layer.family == "pooling" else _grown(window, state)

    def only_stride(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        field, jump = _grown(window, state)
        return (state[0] if layer.family == "pooling" else field), jump

    def only_window(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        field, jump = _grown(window, state)
        return field, (state[1] if layer.family == "pooling" else jump)

    yield from _answers(about, asked, without, "the field without the pools")
    yield from _answers(about, asked, only_stride, "the field with only the strides of the pools")
    yield from _answers(about, asked, only_window, "the field with only the windows of the pools")


@misread("dilation left out of the receptive field", "r ← r + (F − 1)·j", likely=1)
def dilation_left_out_of_the_field(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A dilated kernel spans F′ = D·(F − 1) + 1 positions."""

    def step(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        return _grown(window._replace(extent=taps), state)

    yield from _field_only(about, asked, step, "the field without dilation")


@misread("a dilated kernel too long in the receptive field", "F′ = D·F", likely=3)
def dilation_too_long_in_the_field(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """There are F − 1 gaps between F taps: F′ = D·(F − 1) + 1, not D·F."""

    def step(layer: Layer, window: AxisWindow, taps: int, state: FieldSoFar) -> FieldSoFar:
        spread = (window.extent - 1) // (taps - 1) if taps > 1 else 1
        return _grown(window._replace(extent=spread * taps), state)

    yield from _field_only(about, asked, step, "the field with kernels of D·F")
