"""List the bundled specs, or print one to copy"""

from __future__ import annotations

import click

from cnncalc.cli._command import command, complete_bundled
from cnncalc.cli._console import emit, stdout_colored, stdout_width


@command(examples=("cnncalc zoo", "cnncalc zoo lenet5"))
@click.argument("name", required=False, shell_complete=complete_bundled)
@click.option("--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", help="Output form.")
def zoo(name: str | None, form: str) -> None:
    """List the bundled specs with parameters, MACs and source, or print the spec called NAME.

    Every listed name works wherever a SPEC is asked for: cnncalc summary resnet50. A narrow terminal leaves columns out
    that a pipe gets.
    """
    from cnncalc.spec.bundled import bundled_names, bundled_text

    if name is not None:
        text = bundled_text(name)
        if text is None:
            from cnncalc.diagnostics import did_you_mean

            hint = did_you_mean(name, bundled_names()) or "`cnncalc zoo` lists them"
            raise click.UsageError(f'there is no bundled spec "{name}": {hint}')
        emit(text)
        return
    from cnncalc.analysis.analyze import analyze
    from cnncalc.render import zoo as render

    reports = [analyze(each) for each in bundled_names()]
    if form == "json":
        emit(render.as_json(reports))
    elif form == "markdown":
        emit(render.as_markdown(reports))
    else:
        emit(render.as_text(reports, limit=stdout_width(), color=stdout_colored()))
