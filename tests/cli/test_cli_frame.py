"""The command line's frame: commands found by file, errors as exits, colour, what a bare start imports."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

import cnncalc.cli
from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.cli import _command
from cnncalc.cli._group import errors_as_exits, group, short_help
from cnncalc.graph.document import DTYPES
from cnncalc.reading.limits import Limits
from cnncalc.version import __version__
from tests.sweeps import sampled
from tests.together import for_each

Run = Callable[..., Result]

COMMANDS = group.list_commands(click.Context(group))


def examples(command: str) -> list[str]:
    """The `$ cnncalc …` lines of a command's help."""
    loaded = group.get_command(click.Context(group), command)
    assert loaded is not None
    help = loaded.get_help(click.Context(loaded, info_name=command, max_content_width=200, terminal_width=200))
    return re.findall(r"^\s*\$ (cnncalc .*)$", help, re.MULTILINE)


def test_help_lists_every_command(run: Run) -> None:
    """`cnncalc --help` shows each file's first line beside its command, in sorted order."""
    listed = re.findall(r"^  ([a-z-]+)  ", run("--help").stdout.split("Commands:")[1], re.MULTILINE)
    assert listed == COMMANDS == sorted(COMMANDS)


@for_each("command", COMMANDS)
def test_every_command_is_documented(run: Run, command: str) -> None:
    """Every command has a line for the list, a help text, help for each option, and two examples."""
    assert short_help(command).strip()
    loaded = group.get_command(click.Context(group), command)
    assert loaded is not None
    assert loaded.help
    assert [option.name for option in loaded.params if isinstance(option, click.Option) and not option.help] == []
    assert len(examples(command)) >= 2
    assert run(command, "--help").exit_code == 0


MODEL = "[net]\nwidth=13\nheight=11\nchannels=3\n[convolutional]\nfilters=5\nsize=3\n"
"""The model file of another tool that examples name."""


@pytest.mark.parametrize(
    "example",
    sampled((example for command in COMMANDS for example in examples(command)), every=3),
)
def test_examples_of_the_help_run(run: Run, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example runs; one that shows findings may exit with 1, none is unusable."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.cfg").write_text(MODEL, encoding="utf-8")
    if not re.search(r"[|>;&]", re.sub(r'"[^"]*"', "", example)):
        assert run(*shlex.split(example)[1:]).exit_code in (0, 1)
        return
    root = Path(cnncalc.cli.__file__).parents[2]
    line = example.replace("cnncalc ", f"{shlex.quote(sys.executable)} -m cnncalc ", 1)
    done = subprocess.run(line, shell=True, capture_output=True, text=True, env={"PYTHONPATH": str(root)}, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


def test_version(run: Run) -> None:
    """`--version` prints the name and the version."""
    assert run("--version").stdout == f"cnncalc {__version__}\n"


@for_each(
    ("arguments", "said"),
    [
        (["sumary", "x"], 'unknown command "sumary": did you mean "summary"?'),
        (["zzz"], "the commands are"),
        (["summary", "8x8x1 -> conv 2 3x3", "--formt", "csv"], "--format"),
        (["summary"], "Missing argument 'SPEC'"),
        (["summary", "8x8x1 -> conv 2 3x3", "--format", "xml"], "'xml'"),
        (["summary", "8x8x1 -> conv 2 3x3", "--columns", "kernle"], 'did you mean "kernel"?'),
        (["summary", "8x8x1 -> conv 2 3x3", "--input", "8xx"], 'not a shape'),
        (["summary", "8x8x1 -> conv 2 3x3", "--input", "8x8x1", "--input", "9x9x1"], "need names"),
        (["summary", "8x8x1 -> conv 2 3x3", "--batch", "0"], "--batch"),
        (["summary", "8x8x1 -> conv 2 3x3", "--set", "width"], "NAME=VALUE"),
        (["summary", "no-such-file.yaml"], "E106"),
        (["summary", "8x8x1 -> conv 2 9x9"], "error[E"),
        (["layers", "cnov"], 'did you mean "conv"?'),
    ],
)  # fmt: skip
def test_unusable_input_exits_with_2(run: Run, arguments: list[str], said: str) -> None:
    """What cannot be used is said on stderr, with what was meant; stdout stays empty; the code is 2."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_spec_error_shows_the_source_and_a_caret(run: Run) -> None:
    """An inline spec's mistake is underlined."""
    stderr = run("summary", "8x8x1 -> cnv 2 3x3").stderr
    assert "<inline>:1:10: error[E202]" in stderr
    assert "\n  1 | 8x8x1 -> cnv 2 3x3\n    |          ^^^\n" in stderr


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (PermissionError(13, "Permission denied", "a.npy"), 2, "error: a.npy: Permission denied"),
        (OSError("disk trouble"), 2, "error: disk trouble"),
        (click.FileError("a.txt", "gone"), 2, "gone"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_errors_become_exits(capsys: pytest.CaptureFixture[str], raised: BaseException, code: int, said: str) -> None:
    """Trouble with files is a message and 2; an interrupt is 130."""
    with pytest.raises(click.exceptions.Exit) as caught, errors_as_exits():
        raise raised
    assert caught.value.exit_code == code
    assert said in capsys.readouterr().err


def test_a_closed_pipe_is_no_error() -> None:
    """`cnncalc summary … | head -1` prints one line and nothing on stderr."""
    items = " -> ".join(["conv 3 3x3 same"] * 3000)
    command = [sys.executable, "-m", "cnncalc", "summary", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(f"8x8x3 -> {items}".encode())
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {}, False),
        ([], {}, False),
        ([], {"NO_COLOR": "1"}, False),
    ],
)
def test_color(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], colored: bool
) -> None:
    """Colour comes only where it is asked for, before or after the command; a pipe is plain."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    spec = "8x8x1 -> conv 2 3x3"
    assert ("\x1b[" in run("summary", spec, *arguments).stdout) is colored
    assert ("\x1b[" in run(*arguments, "summary", spec).stdout) is colored
    assert ("\x1b[" in run("summary", "8x8x1 -> cnv", *arguments).stderr) is colored


def imported_by(*arguments: str) -> set[str]:
    """The modules that a run of the command line imports."""
    code = f"import sys; sys.argv = ['cnncalc', *{list(arguments)!r}]\nfrom cnncalc.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["summary", "--help"]])
def test_a_bare_start_imports_little(arguments: list[str]) -> None:
    """Neither NumPy nor rich nor yaml, no layers, no metadata of packages."""
    heavy = {"numpy", "rich", "yaml", "importlib.metadata", "cnncalc.layers", "cnncalc.graph", "cnncalc.analysis"}
    assert imported_by(*arguments) & heavy == set()


def test_an_inline_summary_in_a_pipe_imports_neither_numpy_nor_rich_nor_yaml() -> None:
    """Only a terminal needs rich, only a file needs yaml, only arrays need NumPy."""
    assert imported_by("summary", "8x8x1 -> conv 2 3x3") & {"numpy", "rich", "yaml"} == set()


def test_option_words_are_the_cores() -> None:
    """The words that options offer, written out to keep the start short, are those that the core knows.

    A command's share of the layers follows from the command.
    """
    assert list(_command.CONVENTION_NAMES) == list(CONVENTIONS)
    assert list(_command.DTYPE_NAMES) == list(DTYPES)
    assert sorted(name for name, _, _ in _command._LIMITS.values()) == sorted(set(Limits._fields) - {"share"})


def test_completion_offers_names_where_they_are_asked_for() -> None:
    """The zoo's NAME is a bundled spec, never a file; the layers' TYPE is a layer type."""
    context = click.Context(group)

    def offered(command: str, incomplete: str) -> list[str]:
        found = group.get_command(context, command)
        assert found is not None
        (name,) = (parameter for parameter in found.params if parameter.name == "name")
        return [item.value for item in name.shell_complete(context, incomplete)]

    assert offered("zoo", "alexn") == ["alexnet", "alexnet_2012"]
    assert offered("zoo", "./x") == []
    assert offered("layers", "depthw") == ["depthwise_conv"]


def test_completion_offers_commands_and_bundled_specs() -> None:
    """The shell completes commands, and SPEC by the bundled names."""
    offered = _command.complete_spec(click.Context(group), click.Argument(["spec"]), "qui")
    assert [item.value for item in offered] == ["quiz"]
    offered = _command.complete_spec(click.Context(group), click.Argument(["spec"]), "./x")
    assert [item.type for item in offered] == ["file"]


@pytest.mark.parametrize(
    ("line", "code"),
    [("summary quiz >&-", 0), ("summary nofile 2>&-", 2), ("summary - <&-", 2), ("explain quiz >&-", 0)],
)
def test_streams_that_the_caller_has_closed(line: str, code: int) -> None:
    """What would stand there is lost, and the exit code tells; an empty input is an empty spec. No traceback."""
    done = subprocess.run(
        f"{sys.executable} -m cnncalc {line}", shell=True, capture_output=True, text=True,
        env={"PYTHONPATH": str(Path(cnncalc.cli.__file__).parents[2])}, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_explanations_are_written_as_they_are_made() -> None:
    """Reading one line of the explanations of 5,000 layers does not wait for the others."""
    command = [sys.executable, "-m", "cnncalc", "explain", "16x16x3 -> (conv 8 3x3 same)*5000", "--max-layers", "5000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "conv_1: conv, 16×16×3 → 16×16×8\n"
        assert process.poll() is None
        process.stdout.close()
