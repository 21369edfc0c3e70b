"""Find the kernels, strides and paddings, or the input sizes, that give a desired output"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cnncalc.cli._command import MIXED, SpecOptions, command, say_which_spec, solving_options
from cnncalc.cli._console import FINDINGS, emit, print_doubt, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._training import checkpoint_option, train_option
from cnncalc.cli._values import Whole, read_ranges

if TYPE_CHECKING:
    from cnncalc.solving.solution import Solutions
    from cnncalc.solving.study import Study

ROUNDING_WORDS = ("floor", "exact", "ceil", "caffe")

OF_A_LAYER = ("kernel", "stride", "padding", "dilation", "output_padding", "rounding", "undo", "keep_size")
OF_A_SPEC = ("vary", "want")
OF_TRAINING = ("train", "checkpoint")
NOT_OF_TRAINING = ("outputs", *OF_A_LAYER, "most")


@command(
    examples=(
        "cnncalc solve conv --input 32x32x3 --output 14x14x20",
        'cnncalc solve conv_transpose --undo "32x32x3 -> conv 20 5x5 s2 p2"',
        "cnncalc solve unet --vary input=100..600",
        'cnncalc solve vgg16 --vary input=32..512:32 --output stage5=7x7 --want "macs<=20G"',
        'cnncalc solve resnet50 --vary batch=1..4096 --want "training_memory<=24GiB" --train adamw',
    )
)
@click.argument("target", metavar="TYPE|SPEC", callback=say_which_spec)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="SHAPE",
    help="Desired output, 14x14x20 or 14x14; for a SPEC also LAYER=SHAPE.",
)
@click.option("--keep-size", is_flag=True, help="Require the output to have the size of the input.")
@click.option("--kernel", metavar="RANGE", help="Kernels to try (default: 1..11); 1..5x3 has a range per axis.")
@click.option("--stride", metavar="RANGE", help="Strides to try (default: 1..4).")
@click.option(
    "--padding",
    metavar="RANGE",
    help="Paddings to try, numbers or words: 0..5,same (default: 0..5; valid,same under keras and tensorflow).",
)
@click.option("--dilation", metavar="RANGE", help="Dilations to try (default: 1).")
@click.option("--output-padding", metavar="RANGE", help="Output paddings of a conv_transpose to try (default: none).")
@click.option("--rounding", type=click.Choice(ROUNDING_WORDS), help="How a fractional output size is rounded.")
@click.option("--undo", metavar="SPEC", help="For conv_transpose: restore the input size of this convolution.")
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME=RANGE",
    help="For a SPEC: values of input, input.height, an input's name or a variable, e.g. 32..512 or 32..512:32.",
)
@click.option(
    "--want",
    multiple=True,
    metavar="FIGURE=VALUE",
    help="For a SPEC: a condition on a metric of the model or a layer, e.g. params<=5M or conv_1.macs=752640.",
)
@click.option(
    "--limit",
    "most",
    type=Whole(1),
    default=20,
    show_default=True,
    metavar="N",
    help="Maximum number of solutions to list.",
)
@train_option
@checkpoint_option
@click.option("--format", "form", type=click.Choice(("text", "json", "csv")), default="text", help="Output format.")
@solving_options
def solve(
    target: str, options: SpecOptions, outputs: tuple[str, ...], most: int, form: str, **given: Any
) -> None:  # fmt: skip
    """Solve backwards: from a desired output to the settings of a layer, or to the input sizes of a model.

    For a layer TYPE, list every kernel, stride, padding and dilation that fits, simplest first: no dilation and no
    output padding; no window that is smaller than its stride or can lie entirely in the padding; strides that divide
    evenly; then the least padding, the smallest stride, the smallest kernel.

    For a SPEC, show for which values of --vary all strides divide evenly, which drop input positions, and which fail,
    and where; with --output or --want, show the values that meet these conditions. The condition
    "training_memory<=24GiB" gives the largest value (also of batch) with which the peak of a training step fits.

    If nothing fits, the exit code is 1, and the closest results are shown.
    """
    training = {name: given.pop(name) for name in OF_TRAINING}
    trains = any(text.strip().startswith("training_memory") for text in given["want"])
    ctx = click.get_current_context()
    written = {name: ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in ctx.params}
    _refuse(
        written,
        NOT_OF_TRAINING if trains else OF_TRAINING,
        f"is {'not' if trains else 'only'} for --want training_memory",
    )
    if trains:
        found = _largest(target, options, given, training, form)
    elif options.get("dtype") == MIXED:
        raise click.UsageError("--dtype mixed is for --want training_memory")
    elif given["vary"] or given["want"] or _is_spec(target):
        _refuse(given, OF_A_LAYER, "applies only to a layer type, such as conv")
        study = _solve_spec(target, options, outputs, given)
        print_doubts(study)
        emit(_study_text(study, form, most))
        found = study.found
    else:
        _refuse({**given, **options}, (*OF_A_SPEC, "batch", "dtype", "variables"), "applies only to a spec")
        emit(_solutions_text(solutions := _solve_layer(target, options, outputs, given, most), form))
        found = solutions.found
    if not found:
        raise click.exceptions.Exit(FINDINGS)


def _largest(
    target: str, options: SpecOptions, given: dict[str, Any], training: dict[str, Any], form: str
) -> bool:  # fmt: skip
    """Print the largest value of --vary that fits into the memory; whether there is one."""
    from cnncalc.analysis.cost.training_cost import TrainingChoice
    from cnncalc.graph.document import Overrides
    from cnncalc.reading.limits import limits_of
    from cnncalc.render import largest as render
    from cnncalc.solving.largest import largest

    ranges = read_ranges(given["vary"])
    if "batch" in options and "batch" in ranges:
        raise click.UsageError("--batch and --vary batch: give one of them")
    choice = TrainingChoice(options.get("batch", 1), dtype=options.get("dtype"), **training)
    choice.check()
    overrides = Overrides(
        options.get("input"), options.get("variables"), options.get("convention"), options.get("layout"),
        limits=limits_of("solve", options.get("limits")),
    )  # fmt: skip
    found = largest(target, ranges, given["want"], choice, overrides, options.get("stdin"))
    if form == "text":
        emit(render.as_text(found, color=stdout_colored()))
    else:
        emit(render.as_json(found) if form == "json" else render.as_csv(found))
    return found.found


def _is_spec(target: str) -> bool:
    """Whether the word is a spec: it has an arrow, or is a file, standard input or bundled, and not a layer type."""
    from os.path import lexists

    from cnncalc.layers.registry import is_canonical
    from cnncalc.reading.bundled import meant_bundled

    if "->" in target or "→" in target or target == "-":
        return True
    looks_like_path = "/" in target or target.endswith((".yaml", ".yml", ".txt"))
    return not is_canonical(target) and (looks_like_path or lexists(target) or meant_bundled(target) is not None)


def _refuse(given: Any, names: tuple[str, ...], why: str) -> None:
    for name in names:
        if given.get(name):
            option = {"variables": "set", "outputs": "output", "most": "limit"}.get(name, name).replace("_", "-")
            raise click.UsageError(f"--{option} {why}")


def _solve_layer(
    target: str, options: SpecOptions, outputs: tuple[str, ...], given: dict[str, Any], most: int
) -> Solutions:
    from cnncalc.solving.solve import solve as solve_layer

    if len(outputs) > 1:
        raise click.UsageError("a layer has one output")
    print_doubt(options.get("input"), options.get("convention"), options.get("layout"))
    return solve_layer(
        target,
        input=options.get("input"),
        output=outputs[0] if outputs else None,
        convention=options.get("convention"),
        layout=options.get("layout"),
        limit=most,
        **{name: given[name] for name in OF_A_LAYER},
    )


def _solve_spec(target: str, options: SpecOptions, outputs: tuple[str, ...], given: dict[str, Any]) -> Study:
    from cnncalc.solving.solve import solve_sizes

    rest: dict[str, Any] = dict(options)
    return solve_sizes(target, read_ranges(given["vary"]), output=outputs, want=given["want"], **rest)


def _solutions_text(found: Solutions, form: str) -> str:
    from cnncalc.render import solutions as render

    if form == "text":
        return render.as_text(found, limit=stdout_width(), color=stdout_colored())
    return render.as_json(found) if form == "json" else render.as_csv(found)


def _study_text(found: Study, form: str, most: int) -> str:
    from cnncalc.render import size_study as render

    if form == "text":
        return render.as_text(found, most, limit=stdout_width(), color=stdout_colored())
    return render.as_json(found, most) if form == "json" else render.as_csv(found, most)
