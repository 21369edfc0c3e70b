"""The public functions that find settings of a layer, or sizes of a model, for a desired result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from cnncalc.analysis.analyze import load
from cnncalc.graph.document import Overrides
from cnncalc.reading.limits import Limits, limits_of
from cnncalc.reading.load import Reference
from cnncalc.solving import layer
from cnncalc.solving.inverse import undone
from cnncalc.solving.model import Amount, study
from cnncalc.solving.question import AskedShapes, find_kind, find_setting, make_question, unusable
from cnncalc.solving.ranges import WrittenRange
from cnncalc.solving.solution import Solutions
from cnncalc.solving.study import Study
from cnncalc.solving.wanted import read_output, read_wanted


def solve(
    type: str, *, input: object = None, output: object = None, keep_size: bool = False, undo: Reference | None = None,
    kernel: WrittenRange | None = None, stride: WrittenRange | None = None, padding: WrittenRange | None = None,
    dilation: WrittenRange | None = None, output_padding: WrittenRange | None = None, rounding: str | None = None,
    convention: str | None = None, layout: str | None = None, limit: int = 20,
) -> Solutions:  # fmt: skip
    """Every kernel, stride, padding and dilation of a layer type that maps `input` to `output`, simplest first.

    `keep_size` requires an output with the size of the input; `undo`, a spec with one convolution, sets both shapes and
    all settings except the output padding. A range is a number, numbers, or text such as `1..11`, `1..5x3` (per axis)
    or `0..3,same`. Raises SpecError for an invalid question.

    >>> [found.item for found in solve("conv", input="32x32x3", output="14x14x20", stride=2, padding="0..1").solutions]
    ['conv 20 6x6 s2', 'conv 20 8x8 s2 p1', 'conv 20 5x5 s2', 'conv 20 7x7 s2 p1']
    """
    if limit < 1:
        raise unusable(f"limit: got {limit}, but it must be at least 1")
    fields: dict[str, WrittenRange | None] = {
        "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "output_padding": output_padding,
    }  # fmt: skip
    kind = find_kind(type)
    setting = find_setting(convention, layout)
    said: dict[str, object] = {}
    if undo is not None:
        if kind.slides_over_input or input is not None or output is not None or keep_size:
            raise unusable("undo sets both shapes, for a conv_transpose", "omit input and output")
        back = undone(load(undo, convention=convention, layout=layout))
        setting, input, output, said = back.setting, back.input, back.wanted, back.said
        fields["output_padding"] = back.output_padding if output_padding is None else output_padding
    if input is None:
        raise unusable("solving for a layer needs an input", "for example, --input 32x32x3")
    shapes = AskedShapes(input, output, keep_size)
    question = make_question(kind, setting, shapes, fields=fields, said=said, rounding=rounding)
    return layer.answer(question, limit=limit)


def solve_sizes(
    source: Reference, vary: Mapping[str, WrittenRange], *, output: str | Iterable[str] = (),
    want: str | Iterable[str] = (), input: object = None, variables: Mapping[str, object] | None = None,
    convention: str | None = None, layout: str | None = None, batch: int = 1, dtype: str | None = None,
    limits: Limits | None = None, stdin: TextIO | None = None,
) -> Study:  # fmt: skip
    """The values for which a model works, divides evenly, and meets the given conditions.

    `vary` maps `input`, `input.height`, the name of an input or of a variable to a range; `output` sets desired sizes
    (`"7x7"`, `"stage5=7x7"`), `want` conditions on metrics (`"params<=5M"`, `"conv_1.macs=752640"`). Raises SpecError
    for a spec that is invalid for all sizes.

    >>> found = solve_sizes("12x12x3 -> conv 8 3x3 -> max_pool 2", {"input": "10..16"}, output="6x6")
    >>> [trial.values for trial in found.solutions], [trial.exact for trial in found.solutions]
    ([(14,), (15,)], [True, False])
    """
    wanted = (*map(read_output, _listed(output)), *map(read_wanted, _listed(want)))
    overrides = Overrides(input, variables, convention, layout, None, limits_of("solve", limits))
    find_setting(convention, layout)
    return study(source, vary, wanted, overrides=overrides, amount=Amount(batch, dtype), stdin=stdin)


def _listed(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
