"""List the layer types, or describe one: fields, aliases, formulas, examples"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import command, complete_type
from cnncalc.cli._console import emit, stdout_colored, stdout_width

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer


@command(examples=("cnncalc layers", "cnncalc layers Conv2d", "cnncalc layers Conv2d --names"))
@click.argument("name", metavar="[TYPE]", required=False, shell_complete=complete_type)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True,
    help="Output format; markdown and json describe every type in full.",
)  # fmt: skip
@click.option(
    "--names", "by_framework", is_flag=True,
    help="Show the names of types and arguments in PyTorch, Keras, TensorFlow, ONNX, Caffe and Darknet instead.",
)  # fmt: skip
def layers(name: str | None, form: str, by_framework: bool) -> None:
    """List every layer type, one per line, or describe TYPE (or an alias, such as nn.Conv2d)."""
    kind = _found(name) if name is not None else None
    emit(_names(kind, form) if by_framework else _types(kind, form))


def _found(name: str) -> type[Layer]:
    from cnncalc.diagnostics import did_you_mean
    from cnncalc.layers.registry import find, known_names

    found = find(name)
    if found is None:
        hint = did_you_mean(name, known_names()) or "`cnncalc layers` lists them"
        raise click.UsageError(f'unknown layer type "{name}": {hint}')
    return found[0]


def _types(kind: type[Layer] | None, form: str) -> str:
    from cnncalc.layers.registry import load_all
    from cnncalc.render import layer_docs

    kinds = [kind] if kind else list(load_all().values())
    if form == "markdown":
        return layer_docs.section(kind) if kind else layer_docs.as_markdown(kinds)
    if form == "json":
        return layer_docs.as_json(kinds, single=kind is not None)
    if kind:
        return layer_docs.as_text(kind, limit=stdout_width(), color=stdout_colored())
    return layer_docs.as_list(kinds, limit=stdout_width(), color=stdout_colored())


def _names(kind: type[Layer] | None, form: str) -> str:
    from cnncalc.graph.framework_names import framework_names, names_of
    from cnncalc.render import layer_names

    names = names_of(kind) if kind else framework_names()
    if form == "markdown":
        return layer_names.tables(names) if kind else layer_names.as_markdown(names)
    if form == "json":
        return layer_names.as_json(names)
    if kind and not names:
        return f"{kind.type}: no names in other frameworks are known"
    return layer_names.as_list(names, limit=stdout_width(), color=stdout_colored())
