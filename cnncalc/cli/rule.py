"""List the rules of `lint`, or explain one: what it reports, why, with examples"""

from __future__ import annotations

import click

from cnncalc.cli._command import command
from cnncalc.cli._console import emit, stdout_colored, stdout_width


@command(examples=("cnncalc rule A101", "cnncalc rule --format markdown"))
@click.argument("rule", metavar="[CODE|NAME]", required=False)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", show_default=True,
    help="Output format; markdown and json describe every rule in full.",
)  # fmt: skip
def rule(rule: str | None, form: str) -> None:
    """List every rule of `cnncalc lint`, one per line, or explain one by its code or name.

    A code prefix, such as A or E4, lists the rules with that prefix.
    """
    from cnncalc.linting.rule import all_rules
    from cnncalc.linting.selection import fits, normal_word, unknown_word
    from cnncalc.render import rule_docs

    rules = list(all_rules())
    if rule is not None:
        word = normal_word(rule.strip())
        if problem := unknown_word(word):
            raise click.UsageError(problem)
        rules = [each for each in rules if fits(word, each)]
    is_one = len(rules) == 1
    if form == "markdown":
        emit(rule_docs.as_markdown(rules) if rule is None else "\n".join(map(rule_docs.section, rules)))
    elif form == "json":
        emit(rule_docs.as_json(rules, single=is_one))
    elif not is_one:
        emit(rule_docs.as_list(rules, limit=stdout_width(), color=stdout_colored()))
    else:
        emit(rule_docs.as_text(rules[0], limit=stdout_width(), color=stdout_colored()))
