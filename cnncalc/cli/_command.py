"""The declaration of commands: the `command` decorator, the SPEC argument and the options of a spec.

A command is a file `cnncalc/cli/NAME.py`; the first line of its docstring is its line in `cnncalc --help`:

    @command(examples=('cnncalc show "8x8x1 -> conv 2 3x3"', "cnncalc show quiz"))
    @spec_argument
    @click.option("--deep", is_flag=True, help="Show more.")
    @spec_options
    def show(spec: str, options: SpecOptions, deep: bool) -> None:
        "The text of the command's own --help."
        from cnncalc.analysis.analyze import analyze  # heavy imports wait until the command runs

        report = analyze(spec, **options)  # a SpecError becomes located messages and exit code 2
        emit(render(report, color=stdout_colored(), limit=stdout_width()))
        exit_with_findings(report.findings)
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypedDict, cast

import click

from cnncalc.cli._console import Decorated, color_option, note
from cnncalc.cli._values import NamedShape, Whole, parsed, read_setting, read_shape, read_size

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CONVENTION_NAMES = ("formula", "keras", "tensorflow", "pytorch", "onnx", "caffe")
LAYOUT_NAMES = ("HWC", "CHW", "channels_last", "channels_first")
DTYPE_NAMES = ("float64", "float32", "float16", "bfloat16", "int8", "uint8", "int16", "int32", "int64")
MIXED = "mixed"

_SIGNED = re.compile("-[0-9].*(?:->|→)", re.DOTALL)

_LIMITS: Mapping[str, tuple[str, Whole | None, str]] = {
    "--max-file-size": ("file_bytes", None, "Maximum size of a spec, in bytes or with a unit, e.g. 20MiB."),
    "--max-model-size": ("model_bytes", None, "Maximum size of a model file with its weights, e.g. 100GiB."),
    "--max-nesting": ("nesting", Whole(1), "Maximum nesting depth of a spec."),
    "--max-layers": ("layers", Whole(1), "Maximum number of layers after expansion."),
    "--max-alias-nodes": ("alias_nodes", Whole(1), "Maximum number of values that YAML aliases expand to."),
    "--max-expression-length": ("expression_length", Whole(1), "Maximum length of a ${...} expression, in characters."),
}


OptionDecorator = Callable[[Callable[..., Any]], Callable[..., Any]]
"""A decorator that adds an option to a command."""


class SpecOptions(TypedDict, total=False):
    """The keyword arguments of `analyze` in addition to its source: those that the user gave, and stdin."""

    input: Any
    batch: int
    dtype: str
    variables: dict[str, Any]
    convention: str
    layout: str
    limits: Any
    stdin: Any


class _Command(click.Command):
    """A command whose SPEC may begin with a minus: `-1x28x28x1 -> relu` is a text, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {text}" if _SIGNED.match(text) else text for text in args])


def command(*, examples: tuple[str, ...]) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command. `examples` are complete shell commands (`cnncalc …`), shown in its help and run by a test."""
    lines = "\n".join(f"  $ {example}" for example in examples)

    def declare(function: Callable[..., Any]) -> click.Command:
        return click.command(
            cls=_Command, context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\nExamples:\n{lines}"
        )(color_option(function))

    return declare


def spec_argument(function: Decorated) -> Decorated:
    """Add the SPEC argument, passed as `spec: str`."""
    return click.argument("spec", shell_complete=complete_spec, callback=say_which_spec)(function)


def say_which_spec(ctx: click.Context, parameter: click.Parameter, given: Any) -> Any:
    """Note on stderr which references are files although a bundled spec has the same name."""
    from cnncalc.reading.bundled import hidden_bundled

    for reference in given if isinstance(given, tuple) else filter(None, (given,)):
        if name := hidden_bundled(reference):
            hint = "to use the bundled spec, rename the file or run cnncalc in a different folder"
            note(f'note: "{name}" refers to the file in this folder, not to the bundled spec: {hint}')
    return given


def spec_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a spec, passed together as `options: SpecOptions`: `analyze(spec, **options)`."""
    return _with_options(function, _SPEC_OPTIONS)


def import_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a spec that a model file needs to be read, passed like those of `spec_options`."""
    return _with_options(function, (_input_option, set_option))


def solving_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a spec that is inferred or trained: those of `spec_options`, with mixed precision."""
    return _with_options(function, (*_SHAPE_OPTIONS, _solving_dtype_option, *_CONVENTION_OPTIONS))


def _with_options(function: Callable[..., Any], options: Sequence[OptionDecorator]) -> Callable[..., Any]:
    @wraps(function)
    def called(*args: Any, **given: Any) -> Any:
        return function(*args, options=_gather(given), **given)

    gathered: Callable[..., Any] = called
    for option, (name, kind, text) in reversed([*_LIMITS.items()]):
        callback = parsed(read_size) if kind is None else None
        gathered = click.option(option, f"limit_{name}", type=kind, callback=callback, help=text, metavar="N")(gathered)
    for declare in reversed(options):
        gathered = declare(gathered)
    return gathered


layout_option = click.option(
    "--layout", type=click.Choice(LAYOUT_NAMES, case_sensitive=False), metavar="NAME",
    help="Layout of shapes, overriding the spec's: HWC (channels_last) or CHW (channels_first).",
)  # fmt: skip

_input_option = click.option(
    "--input", "inputs", callback=parsed(read_shape), multiple=True, metavar="SHAPE",
    help="Input shape, overriding the spec's: 224x224x3, or NAME=SHAPE for each of several inputs.",
)  # fmt: skip
set_option = click.option(
    "--set", "variables", callback=parsed(read_setting), multiple=True, metavar="NAME=VALUE",
    help="Set a variable of the spec.",
)  # fmt: skip

_dtype_option = click.option(
    "--dtype", type=click.Choice(DTYPE_NAMES), metavar="TYPE",
    help="Data type, for memory sizes: float32 (default), float16, int8, ...",
)  # fmt: skip
_solving_dtype_option = click.option(
    "--dtype", type=click.Choice((*DTYPE_NAMES, MIXED)), metavar="TYPE",
    help="Data type, for memory sizes: float32 (default), float16, int8, ...; mixed for the memory of training.",
)  # fmt: skip

_SHAPE_OPTIONS = (
    _input_option,
    click.option("--batch", type=Whole(1), metavar="N", help="Batch size (default: 1)."),
)
_CONVENTION_OPTIONS = (
    set_option,
    click.option(
        "--convention", type=click.Choice(CONVENTION_NAMES), metavar="NAME",
        help="Framework whose defaults to use: formula, keras, tensorflow, pytorch, onnx, caffe.",
    ),
    layout_option,
)  # fmt: skip
_SPEC_OPTIONS = (*_SHAPE_OPTIONS, _dtype_option, *_CONVENTION_OPTIONS)


def _gather(given: dict[str, Any]) -> SpecOptions:
    """Take the shared options out of `given`, and return those that were used."""
    limits = {name: given.pop(f"limit_{name}") for name, _, _ in _LIMITS.values()}
    options = {
        "input": _input(given.pop("inputs")),
        "batch": given.pop("batch", None),
        "dtype": given.pop("dtype", None),
        "variables": dict(given.pop("variables")) or None,
        "convention": given.pop("convention", None),
        "layout": given.pop("layout", None),
        "limits": _limits({name: value for name, value in limits.items() if value is not None}),
        "stdin": sys.stdin,
    }
    return cast(SpecOptions, {name: value for name, value in options.items() if value is not None})


def spec_label(reference: str, word: str) -> str:
    """A name for a spec: its reference, or a word for an inline text."""
    is_text = "->" in reference or "→" in reference or "\n" in reference
    return word if is_text else reference


def graph_options(options: SpecOptions) -> dict[str, Any]:
    """The options that `load` takes: a graph has neither batch nor dtype."""
    return {name: value for name, value in options.items() if name not in ("batch", "dtype")}


def _input(shapes: tuple[NamedShape, ...]) -> Any:
    """One shape as a tuple, several as a mapping of name to shape."""
    if any(isinstance(size, str) for _, shape in shapes for size in shape) and not _takes_letters():
        raise click.UsageError("letters in --input are for cnncalc summary, which then prints formulas")
    unnamed = [shape for name, shape in shapes if not name]
    if not unnamed:
        return dict(shapes) or None
    if len(shapes) > 1:
        raise click.UsageError("several --input need names: --input image=224x224x3 --input mask=224x224x1")
    return unnamed[0]


def _takes_letters() -> bool:
    return click.get_current_context().info_name == "summary"


def _limits(raised: dict[str, int]) -> Any:
    """The limits of the running command: its fraction of the layer limit, unless the user sets a limit."""
    from cnncalc.reading.limits import Limits, share_of

    command = click.get_current_context().info_name or ""
    limits = Limits(**raised, share=1 if "layers" in raised else share_of(command))
    make_room(limits.nesting)
    return limits


def make_room(nesting: int) -> None:
    """Raise this process's recursion limit if specs may be nested deeper than the default limit allows."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 1000 + 16 * nesting))


def complete_spec(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The bundled specs that begin with `incomplete`, or files."""
    from click.shell_completion import CompletionItem

    return complete_bundled(ctx, parameter, incomplete) or [CompletionItem(incomplete, type="file")]


def complete_file(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Files that begin with `incomplete`."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_bundled(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The bundled specs that begin with `incomplete`."""
    from cnncalc.reading.bundled import bundled_names

    return _beginning(bundled_names(), incomplete)


def complete_type(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The layer types that begin with `incomplete`."""
    from cnncalc.layers.registry import load_all

    return _beginning(load_all(), incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
