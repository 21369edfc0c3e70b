"""The configuration: what it may say, where it is looked for, and what is said about mistakes in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.linting.api import lint
from cnncalc.linting.configuration import Configuration, read_configuration
from cnncalc.linting.patterns import pattern as pattern_of
from cnncalc.linting.run import run
from cnncalc.linting.settings import Settings

POOL = "input: 11x11x3\nlayers: [max_pool 2]\n"
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file below a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def codes(path: Path) -> list[str]:
    return [finding.code for finding in lint(path)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cnncalc.toml", 'ignore = ["A101"]\n'),
        ("cnncalc.toml", '[lint]\nignore = ["A1"]\n'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.cnncalc.lint]\nignore = ["unseen-border"]\n'),
        ("pyproject.toml", '[tool.cnncalc]\nlint = {select = ["N"]}\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"nets/*.yaml" = ["A101"]\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"a.yaml" = ["ALL"]\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"nets/" = ["A"]\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"nets" = ["A"]\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"./nets/*" = ["A"]\n'),
        ("cnncalc.toml", '[per-file-ignores]\n"/nets" = ["A"]\n'),
        ("cnncalc.toml", "[rules.A101]\nmost = 1\n"),
        ("cnncalc.toml", "[rules]\nunseen_border = {most = 1}\n"),
    ],
)
def test_both_files_and_all_spellings(write: Write, name: str, text: str) -> None:
    """The top of cnncalc.toml or its table `lint`, the table of pyproject.toml; codes and names."""
    write(name, text)
    assert codes(write("nets/a.yaml", POOL)) == []


def test_the_nearest_configuration_counts(write: Write) -> None:
    """It is the only one: what the outer one says is not added. A pyproject.toml without a table is passed over."""
    outer, inner = write("a.yaml", POOL), write("nets/a.yaml", POOL)
    write("cnncalc.toml", 'ignore = ["A101"]\n')
    write("nets/cnncalc.toml", 'ignore = ["N"]\n')
    deeper = write("nets/more/a.yaml", POOL)
    write("nets/more/pyproject.toml", "[tool.ruff]\nline-length = 120\n")
    assert (codes(outer), codes(inner), codes(deeper)) == ([], ["A101"], ["A101"])


def test_the_own_file_goes_before_the_projects(write: Write) -> None:
    """Where both stand in one folder, cnncalc.toml counts."""
    write("cnncalc.toml", 'select = ["N"]\n')
    write("pyproject.toml", '[tool.cnncalc.lint]\nselect = ["A"]\n')
    assert codes(write("a.yaml", POOL)) == []


def test_the_caller_goes_before_the_configuration(write: Write) -> None:
    """A selection sets aside what the file selects and ignores; `ignore` and `extend_select` are added to it."""
    write("cnncalc.toml", 'select = ["N", "A101"]\n')
    path = write("a.yaml", POOL)
    assert codes(path) == ["A101"]
    assert lint(path, ignore=["A101"]) == []
    assert [finding.code for finding in lint(path, extend_select=["A106"])] == ["A101", "A106"]
    assert [finding.code for finding in lint(path, select=["A106"])] == ["A106"]


def test_a_named_configuration_counts_everywhere(write: Write) -> None:
    """In place of the nearest."""
    write("cnncalc.toml", 'ignore = ["A101"]\n')
    other = write("strict.toml", "")
    path = write("a.yaml", POOL)
    assert (codes(path), [finding.code for finding in lint(path, configuration=other)]) == ([], ["A101"])


def test_severities(write: Write) -> None:
    """The longest word gives a rule its severity; the least that fails a run, and the warnings put up with."""
    write("cnncalc.toml", 'severity = "error"\nseverities = {A = "info", A101 = "error", N = "info"}\n')
    path = write("a.yaml", "input: 11x11x3\nlayers: [max_pool 2, relu, relu]\n")
    result = run([str(path)])
    assert [(finding.code, finding.severity) for finding in result.findings] == [("A101", "error"), ("N103", "info")]
    assert result.fails
    assert not run([str(path)], Settings(ignore=("A101",))).fails


@pytest.mark.parametrize(
    ("severity", "most", "fails"),
    [("warning", 0, True), ("warning", 1, False), ("error", 0, False), ("info", 1, False), ("info", 0, True)],
)
def test_what_fails_a_run(write: Write, severity: str, most: int, fails: bool) -> None:
    """One warning: it counts from `warning` down, unless as many are put up with."""
    write("cnncalc.toml", f'severity = "{severity}"\nmax-warnings = {most}\n')
    assert run([str(write("a.yaml", POOL))]).fails is fails


def test_budgets_by_pattern(write: Write) -> None:
    """Of the model, and of each layer: (9·3 + 1)·4 = 112 and (9·4 + 1)·8 = 296 parameters, 408 together."""
    write(
        "cnncalc.toml",
        '[budgets]\n"small/*.yaml" = {params = 400, layers = 2, output = "9x9x8", receptive_field = "3x3", '
        'peak_activation = "1KiB", layer = {params = 200}}\n"**/big.yaml" = {macs = "1k"}\n',
    )
    text = "input: 12x12x3\nlayers:\n  - conv 4 3x3 relu\n  - conv 8 3x3\n"
    found = lint(write("small/a.yaml", text))
    # 10·10·4 and 8·8·8 numbers of 4 bytes are alive together
    assert [(finding.line, finding.code, finding.message) for finding in found] == [
        (1, "E402", "the model: params 408 exceeds the budget of 400"),
        (1, "E402", "the model: receptive_field 5x5 exceeds the budget of 3x3"),
        (1, "E402", "the model: peak_activation 3,648 exceeds the budget of 1KiB (1,024)"),
        (4, "E402", "conv_2: params 296 exceeds the budget of 200"),
    ]
    assert [finding.message for finding in lint(write("big.yaml", text))] == [
        "the model: macs 29,232 exceeds the budget of 1k"  # 100·27·4 + 64·36·8
    ]


def test_budgets_are_for_variants_too(write: Write) -> None:
    """(3 + 1)·4 = 16 and (3 + 1)·8 = 32 parameters. An expectation is of the spec as it is written."""
    write("cnncalc.toml", "[budgets]\n'*' = {params = 20}\n[expectations]\n'*' = {params = 16}\n")
    text = "input: 5x5x3\nvariables: {n: 4}\nvariants: {wide: {n: 8}}\nlayers: ['conv ${n} 1x1 p0 relu']\n"
    found = lint(write("a.yaml", text), select=["E401", "E402"])
    assert [(each.code, each.message, each.variants) for each in found] == [
        ("E402", "the model: params 32 exceeds the budget of 20", ("wide",))
    ]


@pytest.mark.parametrize("pattern", ["nets/", "nets", "./nets", "nets/**", "**/deep", "deep/"])
def test_a_folder_covers_what_lies_in_it(write: Write, pattern: str) -> None:
    """A budget for a folder holds for its files, however deep, and for no others."""
    write("cnncalc.toml", f'[budgets]\n"{pattern}" = {{layers = 0}}\n')
    text = "input: 12x12x3\nlayers: [relu]\n"
    assert codes(write("nets/deep/a.yaml", text)) == ["E402"]
    assert codes(write("netsy/a.yaml", text)) == []


@pytest.mark.parametrize("pattern", ["*", "**", "??", ".."])
def test_patterns_hold_below_their_folder_alone(pattern: str) -> None:
    """The folder itself and those around it are matched by none."""
    one = pattern_of(pattern, "/a/b")
    assert not any(one.matches(folder, is_folder=True) for folder in ("/a/b", "/a", "/", "/a/c"))


def test_exclusions(write: Write) -> None:
    """Excluded files are not found in folders; by name, they are checked."""
    write("cnncalc.toml", 'exclude = ["old", "*_draft.yaml"]\n')
    for name in ("a.yaml", "old/b.yaml", "c_draft.yaml"):
        write(name, POOL)
    assert run(["."]).files == ("a.yaml",)
    assert run(["old/b.yaml"]).files == ("old/b.yaml",)
    write("cnncalc.toml", 'exclude = ["./old/", "/c_draft.yaml"]\n')
    assert run(["."]).files == ("a.yaml",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('ignroe = ["A101"]\n', 'cnncalc.toml:1:1: error[E201]: unknown key "ignroe" (did you mean "ignore"?)'),
        ('\nselect = ["A10x"]\n', 'cnncalc.toml:2:12: error[E204]: select: unknown rule "A10x" (did you mean "A1'),
        ('select = "A"\n', "select: got 'A', but it must be a list of texts"),
        ('severity = "error"\nmax_warnings=3\n', '2:1: error[E201]: unknown key "max_warnings" (did you mean "max-war'),
        (
            'severities = {A = "off"}\n',
            "1:20: error[E204]: severities: got 'off'. Allowed: info, warning, error (to disable",
        ),
        ('ignore = ["A"]\n[lint]\nselect = ["A"]\n', '1:1: error[E201]: "ignore" is outside the table "lint"'),
        (
            "[tool.cnncalc.lint]\n",
            'unknown key "tool" (in cnncalc.toml, put the keys at the top level or in a table [lint])',
        ),
        ("[rules.N111]\nratio = 0\n", "2:1: error[E204]: rules: N111: ratio: got 0, but it must be at least 1"),
        ("[rules.N115]\nmultiple = 0.5\n", "N115: multiple: got 0.5, but it must be at least 1"),
        ("[rules.A101]\nmost = -1\n", "A101: most: got -1, but it must be at least 0"),
        ("[rules.A108]\nsteps = nan\n", "A108: steps: got nan, but it must be a number"),
        ("[rules.N115]\nmultiple = inf\n", "N115: multiple: got inf, but it must be a number"),
        ('severity = "fatal"\n', "severity: got 'fatal'. Allowed: info, warning, error"),
        ("max-warnings = -1\n", "max-warnings: got -1, but it must be a whole number from 0"),
        ("[rules.A101]\nmots = 1\n", '2:1: error[E203]: rules: A101 has no option "mots" (did you mean "most"?)'),
        ('rules = {A101 = {most = "1"}}\n', "rules: A101: most: got '1', but it must be a number"),
        ("[rules.A19]\n", '1:8: error[E204]: rules: unknown rule "A19"'),
        ("[rules.A1]\n", "1:8: error[E204]: rules: A1 selects several rules (give a single rule)"),
        ('[budgets]\n"*" = {parms = 3}\n', 'unknown metric "parms" (did you mean "params"?)'),
        ('[budgets]\n"*" = {layer = {arena = 3}}\n', "arena is a figure of the whole model (move it out of `layer`)"),
        ('[budgets]\n"*" = {params = "3 k k"}\n', "budgets: params: got"),
        ('[budgets]\n"*" = {output = "x"}\n', "budgets: output: 'x' is not a shape"),
        ("severities = 3\n", "severities: got 3, but it must be a table"),
        ("lint = 3\n", "1:1: error[E204]: lint: got 3, but it must be a table"),
        ("select = [\n", "error[E101]: invalid TOML"),
        ("select = " + "[" * 100_000, "error[E103]: this TOML is nested too deeply"),
    ],
)
def test_mistakes_are_told_with_their_place(write: Write, text: str, said: str) -> None:
    """Nothing is checked with a configuration that cannot be used."""
    write("cnncalc.toml", text)
    with pytest.raises(SpecError) as caught:
        lint(write("a.yaml", POOL))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool]\ncnncalc = 3\n", "pyproject.toml:2:1: error[E204]: cnncalc: got 3, but it must be a table"),
        ("[tool.cnncalc]\nlint = []\n", "pyproject.toml:2:1: error[E204]: lint: got [], but it must be a table"),
        ('[tool.cnncalc]\nselect = ["A"]\n', '2:1: error[E201]: "select" is outside the table "lint"'),
        ('[tool.cnncalc]\nignore = []\n[tool.cnncalc.lint]\nselect = ["N"]\n', '"ignore" is outside the table'),
    ],
)
def test_mistakes_in_a_project_file(write: Write, text: str, said: str) -> None:
    """What is addressed to this tool, and would be passed over."""
    write("pyproject.toml", text)
    with pytest.raises(SpecError) as caught:
        lint(write("a.yaml", POOL))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text", ["tool = 3\n", "[tool.black]\n", "[tool.cnncalc]\n", "[tool.cnncalc.other]\nselect = 1\n"]
)
def test_project_files_of_others(write: Write, text: str) -> None:
    """They are passed over, and the next configuration outwards counts."""
    write("cnncalc.toml", 'ignore = ["A101"]\n')
    write("nets/pyproject.toml", text)
    assert codes(write("nets/a.yaml", POOL)) == []


def test_an_unreadable_configuration(tmp_path: Path) -> None:
    """Not UTF-8."""
    (tmp_path / "cnncalc.toml").write_bytes(b"\xff")
    with pytest.raises(SpecError, match="cannot be read: it is not UTF-8 text"):
        read_configuration(str(tmp_path / "cnncalc.toml"))


def test_an_empty_configuration_changes_nothing(tmp_path: Path) -> None:
    """An empty cnncalc.toml still ends the search upwards."""
    file = tmp_path / "cnncalc.toml"
    file.write_text("")
    assert read_configuration(str(file)) == Configuration(path=str(file))
