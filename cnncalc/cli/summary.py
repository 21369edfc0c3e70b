"""Print the layers with shapes, parameters and MACs, and the totals"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, spec_argument, spec_options
from cnncalc.cli._console import emit, exit_with_findings, print_diagnostics, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._values import Whole

if TYPE_CHECKING:
    from cnncalc.analysis.formulas import ModelFormulas
    from cnncalc.analysis.report import Report
    from cnncalc.render.summary.columns import Column

BARS = ("params", "macs", "memory")
FORMATS = ("table", "tree", "json", "csv", "markdown", "latex")


@command(
    examples=(
        "cnncalc summary resnet50 --depth 1",
        'cnncalc summary "32x32x3 -> conv 20 8x8 s2 p1" --columns kernel,unshared --format markdown',
        "cnncalc summary lenet5 --input HxWx1 --format latex",
    )
)
@spec_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="Output format.")
@click.option(
    "--columns",
    metavar="LIST",
    default="",
    help="Comma-separated columns to add to the default ones, or all; and of training: weights, gradients, kept (the "
    "activations that backward needs), and the name of an optimizer for its states.",
)
@click.option(
    "--bars", type=click.Choice(BARS), help="Add a bar for each layer, its share of the metric, to a table or tree."
)
@click.option(
    "--depth",
    type=Whole(1),
    metavar="N",
    help="Fold blocks below level N; 1 shows each block as one row.",
)
@spec_options
def summary(spec: str, options: SpecOptions, form: str, columns: str, bars: str | None, depth: int | None) -> None:
    """Print a table of the model's layers: output shapes, parameters, multiply-accumulates, and the totals.

    If an `expect` or `budget` of the spec is not met, it is listed on standard error, and the exit code is 1. The same
    holds for model code that cannot be followed to its end; the layers after that place have a `?` for their shapes.

    With capital letters for sizes, such as --input HxWx3 or "HxWx3 -> conv 8 3x3", all figures are formulas in them,
    followed by the sizes for which they hold.
    """
    from cnncalc.analysis.partial import analyze_part

    if has_letters(options.get("input")) or (not options.get("input") and _begins_with_letters(spec)):
        found = _formulas(spec, options, form, {"--columns": columns, "--bars": bars, "--depth": depth})
        emit(_written_formulas(found, form))
        exit_with_findings(found.findings)
        return
    from cnncalc.render.summary.columns import UnknownColumnError, chosen_columns

    training: list[str] = []
    if columns:
        from cnncalc.analysis.cost.optimizers import OPTIMIZERS
        from cnncalc.render.summary.training import apart

        columns, training = apart(columns, OPTIMIZERS)
    if bars and form not in ("table", "tree"):
        raise click.UsageError("--bars is for --format table and tree")
    try:
        chosen = chosen_columns(columns)
    except UnknownColumnError as error:
        raise click.BadParameter(str(error), param_hint="--columns") from None
    if bars:
        from cnncalc.render.summary.bars import bar_column

        chosen.append(bar_column(bars))
    report = _with_training(spec, options, chosen, training) if training else analyze_part(spec, **options)
    emit(_rendered(report, form, chosen, depth))
    print_doubts(report)
    exit_with_findings([*report.findings, *([report.rest.reason] if report.rest else [])])


def _with_training(spec: str, options: SpecOptions, columns: list[Column], keys: list[str]) -> Report:
    """The report, with further columns of the memory of training."""
    from cnncalc.analysis.cost.training_cost import TrainingChoice, cost_of
    from cnncalc.analysis.partial import examine_part
    from cnncalc.render.summary.training import training_column

    choice = TrainingChoice(options.get("batch", 1), dtype=options.get("dtype"))
    choice.check()
    graph, report = examine_part(spec, **options)
    columns += [
        training_column(key, lambda train: cost_of(graph, choice._replace(train=train or "sgd"))) for key in keys
    ]
    return report


def has_letters(given: Any) -> bool:
    """Whether the shape, or one of several, has a letter."""
    shapes = given.values() if isinstance(given, dict) else [given or ()]
    return any(isinstance(size, str) for shape in shapes for size in shape)


def _begins_with_letters(spec: str) -> bool:
    from cnncalc.reading.load import is_inline

    if not is_inline(spec):
        return False
    from cnncalc.analysis.lettered_source import lettered_input

    return lettered_input(spec) is not None


def _formulas(spec: str, options: SpecOptions, form: str, others: dict[str, Any]) -> ModelFormulas:
    """The formulas for an input with letters."""
    from cnncalc.analysis.formulas import formulas

    if form in ("tree", "csv"):
        raise click.UsageError(f"formulas have no format {form}: use table, json, markdown or latex")
    for option, value in others.items():
        if value:
            raise click.UsageError(f"{option} does not apply to formulas, which letters in --input ask for")
    found = formulas(spec, **options)
    if found.remarks:
        print_diagnostics(found.remarks)
    return found


def _written_formulas(found: ModelFormulas, form: str) -> str:
    from cnncalc.render import formulas as render

    if form == "table":
        return render.as_text(found, limit=stdout_width(), color=stdout_colored())
    return {"json": render.as_json, "markdown": render.as_markdown, "latex": render.as_latex}[form](found)


def _rendered(report: Report, form: str, columns: list[Column], depth: int | None) -> str:
    """The report in one of the formats, each a module of `cnncalc.render`."""
    renderer: Any = import_module(f"cnncalc.render.summary.{form}")
    if form == "json":
        return str(renderer.render(report))
    if form in ("table", "tree"):
        return str(renderer.render(report, columns, depth, limit=stdout_width(), color=stdout_colored()))
    return str(renderer.render(report, columns, depth))
