"""Write a page to explore a model, or the changes between two: one HTML file"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli._command import SpecOptions, command, complete_spec, say_which_spec, spec_options
from cnncalc.cli._console import print_doubts
from cnncalc.cli._output import output_options, refuse_existing, write_output

if TYPE_CHECKING:
    from cnncalc.graph.model import Graph
    from cnncalc.page.findings import PageFinding
    from cnncalc.page.model_page import SpecText


@command(
    examples=(
        "cnncalc report resnet50 -o resnet50.html",
        'cnncalc report "32x32x3 -> conv 20 8x8 s2 p1 -> relu -> max_pool 2 -> dense 10" -o quiz.html',
    )
)
@click.argument("spec", shell_complete=complete_spec, callback=say_which_spec)
@output_options("page")
@spec_options
def report(spec: str, options: SpecOptions, output: str | None, *, force: bool) -> None:
    """Write a page about SPEC: one HTML file, which needs no network and no other file.

    It has the totals; the drawing, in which blocks fold and unfold; plots over the layers of the memory in use,
    parameters, MACs and the receptive field; the table of layers, to sort and search; for each layer the working of its
    numbers and the picture of its window; the findings of lint; and the text of the spec.
    """
    from cnncalc.analysis.analyze import examine
    from cnncalc.graph.model import stacked
    from cnncalc.page.model_page import model_page
    from cnncalc.reading.limits import DEFAULT_LIMITS

    refuse_existing(output, force=force)
    data = sys.stdin.buffer.read() if spec == "-" else None
    if data is not None:
        options["stdin"] = io.BytesIO(data)
    graph, found = examine(spec, **options)
    limits = options.get("limits") or DEFAULT_LIMITS
    limits.check_at_once("report", stacked(graph.nodes), graph.nodes[0].span)
    text = model_page(graph, found, list(_findings(spec, options, data)), _text(graph))
    print_doubts(found)
    write_output(text, output)


def _findings(spec: str, options: SpecOptions, data: bytes | None) -> Iterator[PageFinding]:
    """The findings of lint about the spec as it is written, with the input shapes that the user gives."""
    from cnncalc.linting.discovery import Target, targets
    from cnncalc.linting.engine import check
    from cnncalc.linting.settings import Settings
    from cnncalc.page.findings import PageFinding

    settings = Settings()
    for target in targets([spec], stdin=None if data is None else Target("<stdin>", data)):
        plan = settings.plan_for(target.path)
        given: Any = options.get("input")
        if given is not None:
            plan = plan._replace(inputs=tuple(given.items()) if isinstance(given, dict) else (("", given),))
        for found in check(target, plan):
            layers = tuple(name for name in (found.layer, *found.others) if name)
            yield PageFinding(
                found.code, found.severity, found.sentence, found.hint or "", found.place, found.line, layers
            )


def _text(graph: Graph) -> SpecText | None:
    """The text of the file that the model was read from; None for a binary file."""
    from cnncalc.page.model_page import SpecText

    source = graph.nodes[0].span.source
    return SpecText(os.path.basename(source.name), source.text) if source.text else None
