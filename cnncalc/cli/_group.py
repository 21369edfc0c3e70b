"""The `cnncalc` group: commands are found by file name and load when they run; only here errors become exit codes.

A file `cnncalc/cli/NAME.py` is the command NAME (`_` becomes `-`; `import_.py` is `import`, which Python reserves).
Its click command is the attribute of the same name as the file; the first line of its docstring is its line in
`cnncalc --help`, read without importing the file.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from keyword import iskeyword

import click

from cnncalc.cli._console import color_option, note, print_diagnostics, print_error
from cnncalc.version import __version__

UNUSABLE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

_FOLDER = os.path.dirname(__file__)


class CommandGroup(click.Group):
    """A click group over the files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        files = sorted(os.listdir(_FOLDER))
        modules = [file[:-3] for file in files if file.endswith(".py") and not file.startswith("_")]
        return [module.rstrip("_").replace("_", "-") for module in modules]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = module_of(cmd_name)
        command = getattr(importlib.import_module(f"cnncalc.cli.{module}"), module)
        assert isinstance(command, click.Command), f"cnncalc/cli/{module}.py must define the command {module}"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing and not name.startswith("-"):
            from cnncalc.diagnostics import did_you_mean

            known = self.list_commands(ctx)
            hint = did_you_mean(name, known) or f"the commands are {', '.join(known)}"
            raise click.UsageError(f'unknown command "{name}": {hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short_help(name)) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        with errors_as_exits():
            return super().invoke(ctx)


def module_of(name: str) -> str:
    """The module of a command."""
    module = name.replace("-", "_")
    return f"{module}_" if iskeyword(module) else module


def short_help(name: str) -> str:
    """The first line of the docstring of a command's file, read without importing it."""
    with open(os.path.join(_FOLDER, module_of(name) + ".py"), encoding="utf-8") as file:
        return file.readline().strip().strip('"').rstrip(".")


@contextmanager
def errors_as_exits() -> Iterator[None]:
    """Turn every error that a user can cause into a message on stderr and an exit code."""
    from cnncalc.diagnostics import PluginError, SpecError

    try:
        yield
    except SpecError as error:
        print_diagnostics(error.diagnostics)
        raise click.exceptions.Exit(UNUSABLE) from None
    except PluginError as error:
        print_error(str(error))
        raise click.exceptions.Exit(UNUSABLE) from None
    except click.ClickException as error:
        shown = StringIO()
        error.show(file=shown)
        note(shown.getvalue().rstrip("\n"))
        raise click.exceptions.Exit(UNUSABLE) from None
    except BrokenPipeError:  # the reader is gone (`| head`): discard the rest, including the flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(BROKEN_PIPE) from None
    except OSError as error:
        print_error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        raise click.exceptions.Exit(UNUSABLE) from None
    except MemoryError as error:
        print_error(f"not enough memory{f': {error}' if str(error) else ''}")
        raise click.exceptions.Exit(UNUSABLE) from None
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
SPEC is a path, - for standard input, an inline text, or the name of a bundled spec:
  cnncalc summary model.yaml
  cnncalc summary "32x32x3 -> conv 20 8x8 s2 p1"
  cnncalc summary resnet50""",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@color_option
def group() -> None:
    """Compute shapes, parameters and multiply-accumulates of convolutional networks, and show the working."""
