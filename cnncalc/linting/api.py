"""The public call `cnncalc.lint`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.importing.document import LiveModel
from cnncalc.linting.engine import check_live
from cnncalc.linting.finding import Finding
from cnncalc.linting.run import run
from cnncalc.linting.selection import unknown_word, words_of
from cnncalc.linting.settings import Settings
from cnncalc.reading.limits import Limits, limits_of

Path = str | os.PathLike[str]


def lint(
    paths: Path | LiveModel | Iterable[Path] = ".", *, select: Iterable[str] | None = None,
    extend_select: Iterable[str] = (), ignore: Iterable[str] = (), configuration: Path | None = None,
    limits: Limits | None = None, variables: Mapping[str, object] | None = None,
) -> list[Finding]:  # fmt: skip
    """Check specs, and return the findings, in the order of the files and of their text.

    `paths` is a file, folder, pattern, bundled name or text (with an arrow or several lines), or a list of them; or one
    model that `from_torch` or `from_keras` returned.
    `select`, `extend_select` and `ignore` are rule codes, code prefixes, or names. Each file uses the nearest
    configuration, unless `configuration` names one. `variables` are values for the variables of every spec, or options
    of model files, {"scale": "s"}. Raises SpecError for an invalid configuration; errors in specs are findings.

    >>> [finding.code for finding in lint("32x32x3 -> conv 20 8x8 s2 p1")]
    []
    >>> [str(finding.code) for finding in lint("32x32x3 -> cnov 20 8x8")]
    ['E202']
    """
    settings = Settings(
        None if select is None else _checked(select), _checked(extend_select), _checked(ignore),
        None if configuration is None else os.fspath(configuration), limits_of("lint", limits),
    )  # fmt: skip
    settings.variables = tuple((variables or {}).items())
    if isinstance(paths, LiveModel):
        return check_live(paths, settings.plan_for(paths.made.name))
    several: Iterable[Path] = [paths] if isinstance(paths, str | os.PathLike) else paths
    return list(run([os.fspath(path) for path in several], settings).findings)


def _checked(words: Iterable[str]) -> tuple[str, ...]:
    found = words_of(",".join([words] if isinstance(words, str) else words))
    for word in found:
        if problem := unknown_word(word):
            raise SpecError([Diagnostic("E204", problem)])
    return found
