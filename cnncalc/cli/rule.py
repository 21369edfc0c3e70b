"""List the rules of `lint`, or explain one: what it finds, why, with examples"""

from __future__ import annotations

import click

from cnncalc.cli._command import command
from cnncalc.cli._console import emit, stdout_colored, stdout_width


@command(examples=("cnncalc rule A101", "cnncalc rule --format markdown"))
@click.argument("rule", metavar="[CODE|NAME]", required=False)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True,
    help="Output form; markdown and json give every rule in full.",
)  # fmt: skip
def rule(rule: str | None, form: str) -> None:
    """List every rule of `cnncalc lint` with one line, or explain one of them by its code or name."""
    from cnncalc.diagnostics import did_you_mean
    from cnncalc.linting.rule import all_rules, find_rule, known_words
    from cnncalc.render import rule_docs

    rules = list(all_rules())
    if rule is not None:
        found = find_rule(rule)
        if found is None:
            hint = did_you_mean(rule, known_words()) or "`cnncalc rule` lists them"
            raise click.UsageError(f'there is no rule "{rule}": {hint}')
        rules = [found]
    if form == "markdown":
        emit(rule_docs.as_markdown(rules) if rule is None else rule_docs.section(rules[0]))
    elif form == "json":
        emit(rule_docs.as_json(rules, single=rule is not None))
    elif rule is None:
        emit(rule_docs.as_list(rules, limit=stdout_width(), color=stdout_colored()))
    else:
        emit(rule_docs.as_text(rules[0], limit=stdout_width(), color=stdout_colored()))
