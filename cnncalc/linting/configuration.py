"""The configuration: `cnncalc.toml`, or `[tool.cnncalc.lint]` in `pyproject.toml`; each file uses the nearest one.

Errors in it are located diagnostics, raised as SpecError: nothing is checked with an invalid configuration.
"""

import os
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Literal, NamedTuple

from cnncalc.diagnostics import Diagnostic, Refusal, Source, Span, SpecError, did_you_mean
from cnncalc.graph.read_claims import COUNTS, OF_MODEL, SHAPES, SHORT, quantity
from cnncalc.layers.shapes import as_shape
from cnncalc.linting.finding import SEVERITIES
from cnncalc.linting.linted_spec import Budget
from cnncalc.linting.patterns import Pattern, folders_above, pattern
from cnncalc.linting.rule import OptionValue, find_rule
from cnncalc.linting.selection import normal_word, unknown_word
from cnncalc.reading.files import read_file

OWN_FILE = "cnncalc.toml"
PROJECT_FILE = "pyproject.toml"
KEYS = (
    "select", "extend-select", "ignore", "severity", "max-warnings", "severities", "exclude", "baseline",
    "per-file-ignores", "budgets", "expectations", "inputs", "rules",
)  # fmt: skip

InputShapes = tuple[tuple[str, tuple[int, ...]], ...]
"""Names of inputs, and their shapes."""
RuleOptions = tuple[tuple[str, tuple[tuple[str, OptionValue], ...]], ...]
"""Codes of rules, and their options."""


class Configuration(NamedTuple):
    """The contents of a configuration file. Patterns are relative to its folder."""

    path: str = ""
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str | None = None
    """The minimum severity that fails a run."""
    max_warnings: int | None = None
    severities: tuple[tuple[str, str], ...] = ()
    """Selectors of rules, and the severity of their findings."""
    exclude: tuple[Pattern, ...] = ()
    baseline: str | None = None
    """The file of known findings, absolute."""
    per_file_ignores: tuple[tuple[Pattern, tuple[str, ...]], ...] = ()
    budgets: tuple[tuple[Pattern, tuple[Budget, ...]], ...] = ()
    expectations: tuple[tuple[Pattern, tuple[Budget, ...]], ...] = ()
    inputs: tuple[tuple[Pattern, InputShapes], ...] = ()
    """The input shapes of model files that leave them open."""
    options: RuleOptions = ()

    def budgets_for(self, path: str) -> tuple[Budget, ...]:
        """The budgets and expectations of a file: those of every pattern that matches it."""
        both = (*self.budgets, *self.expectations)
        return tuple(budget for each, budgets in both if each.covers(path) for budget in budgets)

    def inputs_for(self, path: str) -> InputShapes:
        """The input shapes of a file, by name (`""`: of the only input); a later pattern takes precedence."""
        found = dict(shape for each, shapes in self.inputs if each.covers(path) for shape in shapes)
        return tuple(found.items())

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors of rules that are ignored in a file."""
        return tuple(word for each, words in self.per_file_ignores if each.covers(path) for word in words)


class Configurations:
    """The configurations that a run finds; each folder is read once.

    The keys are absolute folders. A run uses each file as it is when it is first read; every run has its own instance.
    """

    def __init__(self) -> None:
        self._known: dict[str, Configuration | None] = {}

    def nearest(self, folder: str) -> Configuration:
        """The configuration of an absolute folder: the first one found from it upwards. Raises SpecError."""
        for each in folders_above(folder):
            if each not in self._known:
                self._known[each] = _in_folder(each)
            found = self._known[each]
            if found is not None:
                return found
        return Configuration()


def _in_folder(folder: str) -> Configuration | None:
    for name in (OWN_FILE, PROJECT_FILE):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            found = read_configuration(path)
            if found is not None:
                return found
    return None


def read_configuration(path: str) -> Configuration | None:
    """The configuration in a file, or None if a `pyproject.toml` has none. Raises SpecError."""
    source, around = _parsed(path)
    is_project = os.path.basename(path) == PROJECT_FILE
    if is_project:
        tool = around.get("tool")
        around = tool.get("cnncalc", {}) if isinstance(tool, dict) else {}
    reader = _TableReader(source, os.path.dirname(os.path.abspath(path)))
    found: object = {"cnncalc": around}
    if isinstance(around, dict):
        found = around.get("lint", {} if is_project else around)
        if found is not around:
            reader.refuse_outside(around)
        if is_project and "lint" not in around and not reader.diagnostics:
            return None
    configuration = reader.read(found)
    if reader.diagnostics:
        raise SpecError(reader.diagnostics)
    return configuration._replace(path=path)


def _parsed(path: str) -> tuple[Source, dict[str, Any]]:
    import tomllib

    try:
        source = Source(os.path.relpath(path), read_file(path).decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SpecError([Diagnostic("E106", f'the configuration "{path}" cannot be read: {reason}')]) from None
    try:
        return source, tomllib.loads(source.text)
    except RecursionError:
        raise SpecError([Diagnostic("E103", "this TOML is nested too deeply", Span(source, 0, 1))]) from None
    except ValueError as error:  # a TOMLDecodeError, or a number with thousands of digits
        place = re.search(r"\(at line ([0-9]+), column ([0-9]+)\)$", str(error))
        start = _offset(source.text, int(place[1]), int(place[2])) if place else len(source.text)
        message = f"invalid TOML: {str(error).partition(' (at ')[0]}"
        raise SpecError([Diagnostic("E101", message, Span(source, start, start + 1))]) from None


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


class _WrongSetting(Exception):  # noqa: N818 - not an error of ours: it carries the user's
    """An invalid setting; `word` is the responsible word, if it is not the top-level key."""

    def __init__(self, message: str, hint: str = "", code: str = "E204", word: str = "") -> None:
        super().__init__(message)
        self.word = word
        self.message = message
        self.hint = hint
        self.code = code


class _TableReader:
    """A reader for the tables of one file, which collects errors in `diagnostics`."""

    def __init__(self, source: Source, folder: str) -> None:
        self.source = source
        self.folder = folder
        self.diagnostics: list[Diagnostic] = []

    def read(self, tables: object) -> Configuration:
        found: dict[str, Any] = {}
        for key, value in tables.items() if isinstance(tables, dict) else [("lint", tables)]:
            try:
                if key in ("cnncalc", "lint") and not isinstance(value, dict):
                    _table(key, value)
                if key not in KEYS:
                    hint = did_you_mean(key, KEYS) or f"known: {', '.join(KEYS)}"
                    if key == "tool":
                        hint = f"in {OWN_FILE}, put the keys at the top level or in a table [lint]"
                    raise _WrongSetting(f'unknown key "{key}"', hint, "E201")
                found[_ATTRIBUTES.get(key, key.replace("-", "_"))] = getattr(self, f"_{key.replace('-', '_')}")(value)
            except _WrongSetting as mistake:
                place = self._place(key, mistake.word)
                self.diagnostics.append(Diagnostic(mistake.code, mistake.message, place, hint=mistake.hint))
        return Configuration(**found)

    def refuse_outside(self, tables: dict[str, Any]) -> None:
        """Report keys outside the table `lint` that are valid only inside it."""
        for key in tables:
            if key in KEYS:
                message = f'"{key}" is outside the table "lint", where it has no effect'
                self.diagnostics.append(Diagnostic("E201", message, self._place(key, ""), hint="put it into the table"))

    def _place(self, key: str, word: str) -> Span:
        """The position of a key, or of a word after it, which tomllib does not give."""
        text = self.source.text
        start = _find(re.escape(key) + r"""(?=["']?\s*[=\].])""", text, 0)
        start = start if word == "" else max(_find(re.escape(word), text, max(start, 0)), start)
        return Span(self.source, max(start, 0), max(start, 0) + len(word or key))

    # --- keys ------------------------------------------------------------------------------------------------------

    def _select(self, value: object) -> tuple[str, ...]:
        return _words("select", value)

    def _extend_select(self, value: object) -> tuple[str, ...]:
        return _words("extend-select", value)

    def _ignore(self, value: object) -> tuple[str, ...]:
        return _words("ignore", value)

    def _severity(self, value: object) -> str:
        return _severity("severity", value)

    def _max_warnings(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise _WrongSetting(f"max-warnings: got {value!r}, but it must be a whole number from 0")
        return value

    def _severities(self, value: object) -> tuple[tuple[str, str], ...]:
        levels = _table("severities", value)
        words = _words("severities", list(levels))
        return tuple((word, _severity("severities", level)) for word, level in zip(words, levels.values(), strict=True))

    def _exclude(self, value: object) -> tuple[Pattern, ...]:
        return tuple(map(self._pattern, _texts("exclude", value)))

    def _baseline(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise _WrongSetting(f"baseline: got {value!r}, but it must be the name of a file")
        return os.path.join(self.folder, value)

    def _per_file_ignores(self, value: object) -> tuple[tuple[Pattern, tuple[str, ...]], ...]:
        items = _table("per-file-ignores", value).items()
        return tuple((self._pattern(text), _words("per-file-ignores", words)) for text, words in items)

    def _budgets(self, value: object) -> tuple[tuple[Pattern, tuple[Budget, ...]], ...]:
        items = _table("budgets", value).items()
        return tuple((self._pattern(text), tuple(_budgets(figures))) for text, figures in items)

    def _expectations(self, value: object) -> tuple[tuple[Pattern, tuple[Budget, ...]], ...]:
        items = _table("expectations", value).items()
        return tuple((self._pattern(text), tuple(_budgets(figures, kind="expect"))) for text, figures in items)

    def _inputs(self, value: object) -> tuple[tuple[Pattern, InputShapes], ...]:
        items = _table("inputs", value).items()
        return tuple((self._pattern(text), tuple(_shapes(shapes))) for text, shapes in items)

    def _pattern(self, text: str) -> Pattern:
        """A pattern relative to the configuration's folder, with or without a leading `./`."""
        return pattern(text.removeprefix("."), self.folder) if text.startswith("./") else pattern(text, self.folder)

    def _rules(self, value: object) -> tuple[tuple[str, tuple[tuple[str, OptionValue], ...]], ...]:
        return tuple(_options(word, options) for word, options in _table("rules", value).items())


def _find(expression: str, text: str, start: int) -> int:
    """The first position, from `start`, of an expression as separate words; -1 if there is none."""
    found = re.compile(rf"(?<![\w-]){expression}(?![\w-])").search(text, start)
    return found.start() if found else -1


_ATTRIBUTES: Mapping[str, str] = {"rules": "options"}


def _table(key: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongSetting(f"{key}: got {value!r}, but it must be a table")
    return value


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _WrongSetting(f"{key}: got {value!r}, but it must be a list of texts", f'for example, {key} = ["..."]')
    return tuple(value)


def _words(key: str, value: object) -> tuple[str, ...]:
    words = _texts(key, value)
    for word in words:
        if problem := unknown_word(normal_word(word)):
            message, _, hint = problem.partition(": ")
            raise _WrongSetting(f"{key}: {message}", hint, word=word)
    return tuple(map(normal_word, words))


def _severity(key: str, value: object) -> str:
    if value not in SEVERITIES:
        hint = did_you_mean(str(value), SEVERITIES) or "to disable a rule, use `ignore`"
        raise _WrongSetting(f"{key}: got {value!r}. Allowed: {', '.join(SEVERITIES)}", hint, word=str(value))
    return str(value)


def _budgets(figures: object, *, each: bool = False, kind: Literal["budget", "expect"] = "budget") -> list[Budget]:
    table = "budgets" if kind == "budget" else "expectations"
    found = []
    for name, value in _table(table, figures).items():
        if name == "layer" and not each and kind == "budget":
            found += _budgets(value, each=True)
            continue
        figure = SHORT.get(name, name)
        if figure not in COUNTS and figure not in SHAPES:
            known = [*COUNTS, *SHAPES, *SHORT, *(["layer"] if kind == "budget" else [])]
            hint = did_you_mean(name, known) or f"known: {', '.join((*COUNTS, *SHAPES))}"
            raise _WrongSetting(f'{table}: unknown metric "{name}"', hint, "E203", name)
        if each and figure in OF_MODEL:
            raise _WrongSetting(
                f"{table}: {name} is a figure of the whole model", "move it out of `layer`", "E203", name
            )
        written = value if isinstance(value, str) else ""
        found.append(Budget(figure, _limit(f"{table}: {name}", figure, value), each, name, written, kind))
    return found


def _limit(name: str, figure: str, value: object) -> object:
    """The value of a metric: a count, or the sizes of axes."""
    if figure in COUNTS:
        try:
            return quantity(value)
        except Refusal as refusal:
            raise _WrongSetting(f"{name}: {refusal.message}", refusal.hint, word=name.partition(": ")[2]) from None
    return _shape(name, value)


def _shapes(shapes: object) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The shapes of inputs by name; one shape is that of the only input."""
    named = shapes if isinstance(shapes, dict) else {"": shapes}
    for name, value in named.items():
        yield str(name), _shape("inputs" if name == "" else f"inputs: {name}", value)


def _shape(name: str, value: object) -> tuple[int, ...]:
    if value == "scalar":
        return ()
    is_one = isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) is not None
    sizes = as_shape(int(str(value)) if is_one else value)
    if sizes is None:
        word = name.partition(": ")[2]
        raise _WrongSetting(f"{name}: {value!r} is not a shape", 'for example, "14x14x20"', word=word)
    return sizes


def _options(word: str, options: object) -> tuple[str, tuple[tuple[str, OptionValue], ...]]:
    rule = find_rule(word)
    if rule is None:
        message, _, hint = (unknown_word(normal_word(word)) or f"{word} selects several rules").partition(": ")
        raise _WrongSetting(f"rules: {message}", hint or "give a single rule", word=word)
    known = {option.name: option.least for option in rule.options}
    for name, value in _table(f"rules: {word}", options).items():
        if name not in known:
            hint = did_you_mean(name, known) or f"it has {', '.join(known) or 'none'}"
            raise _WrongSetting(f'rules: {rule.code} has no option "{name}"', hint, "E203", name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise _WrongSetting(f"rules: {rule.code}: {name}: got {value!r}, but it must be a number", word=name)
        if value < known[name]:
            raise _WrongSetting(
                f"rules: {rule.code}: {name}: got {value}, but it must be at least {known[name]}", word=name
            )
    return rule.code, tuple(_table(word, options).items())
