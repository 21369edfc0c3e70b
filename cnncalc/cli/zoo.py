"""List the bundled specs, or print one to copy"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import CONVENTION_NAMES, command, complete_bundled
from cnncalc.cli._console import emit, stdout_colored, stdout_width
from cnncalc.cli._values import parsed

if TYPE_CHECKING:
    from cnncalc.analysis.zoo import ZooEntry


def _read_years(text: str) -> tuple[int, int]:
    """`2015` or `2012..2016`. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{4})(?:\.\.([0-9]{4}))?", text.strip())
    if not found:
        raise ValueError(f'"{text}" is not a year; write 2015, or 2012..2016')
    return int(found[1]), int(found[2] or found[1])


@command(examples=("cnncalc zoo", "cnncalc zoo lenet5", "cnncalc zoo resnet --year 2015..2017"))
@click.argument("name", required=False, shell_complete=complete_bundled)
@click.option("--family", metavar="NAME", help="A file's spec with its variants, such as resnet50.")
@click.option("--framework", type=click.Choice(CONVENTION_NAMES), metavar="NAME", help="Specs of this convention.")
@click.option(
    "--year",
    "years",
    callback=parsed(_read_years),
    metavar="YEARS",
    help="Specs of a year or a range of years: 2015, 2012..2016.",
)
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json")), default="text", help="Output format."
)
def zoo(
    name: str | None, family: str | None, framework: str | None, years: tuple[int, int] | None, form: str
) -> None:  # fmt: skip
    """List the bundled specs with parameters, MACs and source, or print the spec called NAME.

    If NAME is only part of a name, or with --family, --framework or --year, the matching specs are listed. Every name
    can be used as a SPEC: cnncalc summary resnet50. Some columns are hidden on a narrow terminal; piped output has them
    all.
    """
    from cnncalc.reading.bundled import bundled_text

    filtered = bool(family or framework or years)
    text = bundled_text(name) if name and not filtered else None
    if text is not None:
        emit(text)
        return
    from cnncalc.analysis.zoo import Filters, entries

    found = list(entries(Filters(name or "", family or "", framework or "", years)))
    if not found:
        raise click.UsageError(_nothing(name, filtered=filtered))
    emit(_rendered(found, form))


def _nothing(name: str | None, *, filtered: bool) -> str:
    """The message if no spec matches."""
    from cnncalc.diagnostics import did_you_mean
    from cnncalc.reading.bundled import bundled_names

    hint = (did_you_mean(name, bundled_names()) if name else "") or "`cnncalc zoo` lists them"
    return f"no bundled spec matches: {hint}" if filtered else f'unknown bundled spec "{name}": {hint}'


def _rendered(found: Sequence[ZooEntry], form: str) -> str:
    from cnncalc.render import zoo as render

    if form == "json":
        return render.as_json(found)
    if form == "markdown":
        return render.as_markdown(found)
    return render.as_text(found, limit=stdout_width(), color=stdout_colored())
