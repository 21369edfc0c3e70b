"""List the layer types, or describe one: fields, aliases, formulas, examples"""

from __future__ import annotations

import click

from cnncalc.cli._command import command, complete_type
from cnncalc.cli._console import emit, stdout_colored, stdout_width


@command(examples=("cnncalc layers", "cnncalc layers Conv2d"))
@click.argument("name", metavar="[TYPE]", required=False, shell_complete=complete_type)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True,
    help="Output format; markdown and json describe every type in full.",
)  # fmt: skip
def layers(name: str | None, form: str) -> None:
    """List every layer type, one per line, or describe TYPE (or an alias, such as nn.Conv2d)."""
    from cnncalc.diagnostics import did_you_mean
    from cnncalc.layers.registry import find, known_names, load_all
    from cnncalc.render import layer_docs

    kinds = list(load_all().values())
    if name is not None:
        found = find(name)
        if found is None:
            hint = did_you_mean(name, known_names()) or "`cnncalc layers` lists them"
            raise click.UsageError(f'unknown layer type "{name}": {hint}')
        kinds = [found[0]]
    if form == "markdown":
        emit(layer_docs.as_markdown(kinds) if name is None else layer_docs.section(kinds[0]))
    elif form == "json":
        emit(layer_docs.as_json(kinds, single=name is not None))
    elif name is None:
        emit(layer_docs.as_list(kinds, limit=stdout_width(), color=stdout_colored()))
    else:
        emit(layer_docs.as_text(kinds[0], limit=stdout_width(), color=stdout_colored()))
