"""What is fuzzed: every reader of what a user writes. Each takes bytes; of whatever they are, it may raise SpecError.

A diagnostic must say where it stands, findings must lie within their text and be written in every form.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.imported import imported
from cnncalc.cli._values import read_setting, read_shape, read_size
from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.shapes import read_shape as read_answer
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.students import load_answers, own_answers
from cnncalc.linting.baseline import read_baseline
from cnncalc.linting.configuration import read_configuration
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.finding import Finding
from cnncalc.linting.fixing import fix
from cnncalc.linting.rule import REGISTRY
from cnncalc.linting.run import Result
from cnncalc.linting.settings import Plan, Settings
from cnncalc.reading.limits import Limits
from cnncalc.render.diagnostics import show_all
from cnncalc.render.linting import forms, render

ROOT = Path(__file__).parents[2]
SEEN: Counter[str] = Counter()
"""How often each code has come up: what the fuzzer reaches."""


@cache
def plan() -> Plan:
    """All rules, those too that are off by default; models of at most 2,000 layers."""
    return Settings(("ALL",), limits=Limits(layers=2_000)).plan_for(str(ROOT / "fuzzed.yaml"))


def spec(data: bytes) -> None:
    """A spec, in YAML or inline, through reading, building, analyzing, all rules and all forms."""
    findings = check(Target("fuzzed.yaml", data), plan())
    for finding in findings:
        SEEN[finding.code] += 1
        _check_place(finding)
    result = Result(("fuzzed.yaml",), tuple(findings[:20]))
    for form in forms():
        render(form, result, limit=80).encode("utf-8", "surrogatepass")
    if any(finding.fix for finding in findings):
        fix(Target("fuzzed.yaml", data), plan())


def _check_place(finding: Finding) -> None:
    text = finding.span.source.text
    assert finding.code in REGISTRY
    assert 0 <= finding.span.start <= finding.span.end <= len(text), finding
    assert finding.line >= 1
    assert finding.column >= 1
    assert finding.end >= (finding.line, finding.column)
    assert finding.message


def model(data: bytes, name: str = "model") -> None:
    """A file, which may be a model of another tool, through reading, building and analyzing, and its spec."""
    path = _file(name, data)
    _told(lambda: analyze(path, limits=Limits(layers=2_000)))
    _told(lambda: imported(path, limits=Limits(layers=2_000)))


def answer(data: bytes) -> None:
    """An answer to a question, as a number and as a shape."""
    text = _text(data)
    for read in (read_number, read_answer):
        _told(lambda read=read: read(text))


def option(data: bytes) -> None:
    """A value of `--set`, `--input` or `--max-file-size`; what is wrong with one is a ValueError, which click tells."""
    for read in (read_setting, read_shape, read_size):
        try:
            read(_text(data))
        except ValueError:
            SEEN["usage"] += 1


def sheet(data: bytes) -> None:
    """A sheet of homework, and its marks."""

    def read() -> None:
        found = read_sheet(Source("sheet.yaml", _text(data)))
        own = own_answers(found)
        Marker(found).mark(own.student, own.texts)

    _told(read)


@cache
def _known_sheet() -> QuestionSheet:
    parts = "[{name: o, ask: conv_1.output}, {ask: total.params}]"
    text = f"questions:\n  - {{name: a, spec: 8x8x3 -> conv 4 3x3, parts: {parts}}}\n"
    return read_sheet(Source("sheet.yaml", text))


def answers(data: bytes) -> None:
    """A student's answers, and a class's table."""
    for name in ("answers.yaml", "class.csv"):
        path = _file(name, data)
        _told(lambda: load_answers(path, _known_sheet()))  # noqa: B023 - it is called here and now


def configuration(data: bytes) -> None:
    """`cnncalc.toml`, `pyproject.toml`, and a baseline."""
    for name in ("cnncalc.toml", "pyproject.toml"):
        path = _file(name, data)
        _told(lambda: read_configuration(path))  # noqa: B023
    _told(lambda: read_baseline(_file("baseline.json", data)))


@cache
def _folder() -> str:
    return tempfile.mkdtemp(prefix="cnncalc-fuzz-")


def _file(name: str, data: bytes) -> str:
    path = os.path.join(_folder(), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def _told(read: Callable[[], object]) -> None:
    """Read; a mistake must be located, and be written for people."""
    try:
        read()
    except SpecError as error:
        told = error.diagnostics
    else:
        return
    assert told
    SEEN.update(diagnostic.code for diagnostic in told)
    show_all(told, color=False)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


TARGETS: dict[str, Callable[..., None]] = {
    "spec": spec,
    "model": model,
    "answer": answer,
    "option": option,
    "sheet": sheet,
    "answers": answers,
    "configuration": configuration,
}
