"""Write a page to explore a model, or the changes between two: one HTML file"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, complete_spec, say_which_spec, spec_label, spec_options
from cnncalc.cli._console import print_doubts
from cnncalc.cli._output import output_options, refuse_existing, write_output

if TYPE_CHECKING:
    from cnncalc.analysis.report import Report
    from cnncalc.graph.model import Graph
    from cnncalc.page.findings import PageFinding
    from cnncalc.page.model_page import SpecText


@command(
    examples=(
        "cnncalc report resnet50 -o resnet50.html",
        "cnncalc report resnet18 resnet34 -o diff.html",
        'cnncalc report "32x32x3 -> conv 20 8x8 s2 p1 -> relu -> max_pool 2 -> dense 10" -o quiz.html',
    )
)
@click.argument("spec", shell_complete=complete_spec, callback=say_which_spec)
@click.argument("other", required=False, shell_complete=complete_spec, callback=say_which_spec)
@output_options("page")
@spec_options
def report(spec: str, other: str | None, options: SpecOptions, output: str | None, *, force: bool) -> None:
    """Write a page about SPEC: one HTML file that needs no network and no other file.

    It has the totals; the drawing, in which blocks fold and unfold; plots over the layers of the memory in use,
    parameters, MACs and the receptive field; the table of layers, to sort and search; for each layer the working of its
    numbers and the picture of its window; the findings of lint; and the text of the spec.

    With OTHER, the page shows the changes from SPEC to OTHER, as `cnncalc diff` has them: the totals side by side, one
    drawing in which added, removed and changed layers are marked, and the table of changes.
    """
    ending = os.path.splitext(output or "")[1].lower()
    if ending not in ("", ".html", ".htm"):
        raise click.UsageError(f'a report is a page of HTML, and "{ending}" is not: give -o FILE.html')
    refuse_existing(output, force=force)
    write_output(_one(spec, options) if other is None else _two(spec, other, options), output)


def _examined(spec: str, options: SpecOptions) -> tuple[Graph, Report]:
    """A model of at most as many layers as a page shows."""
    from cnncalc.analysis.analyze import examine
    from cnncalc.graph.model import stacked
    from cnncalc.reading.limits import DEFAULT_LIMITS

    graph, report = examine(spec, **options)
    limits = options.get("limits") or DEFAULT_LIMITS
    limits.check_at_once("report", stacked(graph.nodes), graph.nodes[0].span)
    print_doubts(report)
    return graph, report


def _two(old: str, new: str, options: SpecOptions) -> str:
    from cnncalc.page.difference_page import AnalyzedModel, difference_page

    if old == new == "-":
        raise click.UsageError("only one of SPEC and OTHER can be standard input")
    sides = [
        AnalyzedModel(*_examined(spec, options), spec_label(spec, word)) for spec, word in ((old, "old"), (new, "new"))
    ]
    return difference_page(*sides)


def _one(spec: str, options: SpecOptions) -> str:
    from cnncalc.page.model_page import model_page

    data = sys.stdin.buffer.read() if spec == "-" else None
    if data is not None:
        options["stdin"] = io.BytesIO(data)
    graph, report = _examined(spec, options)
    text = _written(graph) or _imported(spec, options, data)
    return model_page(graph, report, list(_findings(spec, options, data)), text)


def _findings(spec: str, options: SpecOptions, data: bytes | None) -> Iterator[PageFinding]:
    """The findings of lint about the spec as it is written, with the input shapes that the user gives."""
    from cnncalc.linting.discovery import Target, targets
    from cnncalc.linting.engine import AS_WRITTEN, check
    from cnncalc.linting.settings import LINT_LIMITS, Settings
    from cnncalc.page.findings import PageFinding

    settings = Settings(limits=options.get("limits") or LINT_LIMITS)
    for target in targets([spec], stdin=None if data is None else Target("<stdin>", data)):
        plan = settings.plan_for(target.path)
        given: Any = options.get("input")
        if given is not None:
            plan = plan._replace(inputs=tuple(given.items()) if isinstance(given, dict) else (("", given),))
        for found in check(target, plan):
            if found.variants and AS_WRITTEN not in found.variants:
                continue
            layers = tuple(name for name in (found.layer, *found.others) if name)
            yield PageFinding(
                found.code, found.severity, found.sentence, found.hint or "", found.place, found.line, layers
            )


def _written(graph: Graph) -> SpecText | None:
    """The text of the file that the model was read from; None for a binary file."""
    from cnncalc.page.model_page import SpecText

    source = graph.nodes[0].span.source
    return SpecText(os.path.basename(source.name), source.text) if source.text else None


def _imported(spec: str, options: SpecOptions, data: bytes | None) -> SpecText | None:
    """The spec of a binary model file, as `cnncalc import` writes it; None if it cannot be written."""
    from cnncalc.analysis.imported import imported
    from cnncalc.diagnostics import SpecError
    from cnncalc.importing.document import Choices
    from cnncalc.page.model_page import SpecText

    choices = Choices(options.get("input"), options.get("variables"))
    stdin = None if data is None else io.BytesIO(data)
    try:
        return SpecText("<imported>", imported(spec, choices, limits=options.get("limits"), stdin=stdin).text)
    except SpecError:
        return None
