"""Limits on the size of a spec, so that no text can exhaust the machine."""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.number_text import thousands

_WORDING: Mapping[str, tuple[str, str, str]] = {
    "file_bytes": ("the text is too large: {} bytes", "file_bytes", "--max-file-size"),
    "model_bytes": ("the model file is too large: {} bytes", "model_bytes", "--max-model-size"),
    "nesting": ("lists and mappings are nested too deeply: {} levels", "nesting", "--max-nesting"),
    "layers": ("the model has too many layers after expansion: {}", "layers", "--max-layers"),
    "model_layers": ("the model file has too many layers: {}", "layers", "--max-layers"),
    "turns": ("blocks and repeats expand to too many items: {}", "layers", "--max-layers"),
    "connections": ("the layers have too many inputs in total: {}", "layers", "--max-layers"),
    "name_characters": ("the names are too long in total: {} characters", "layers", "--max-layers"),
    "evaluated": ("the expressions are too long in total: {} characters", "layers", "--max-layers"),
    "alias_nodes": ("aliases expand to too many values: {}", "alias_nodes", "--max-alias-nodes"),
    "list_values": ("expressions expand to too many values: {}", "alias_nodes", "--max-alias-nodes"),
    "expression_length": (
        "the expression is too long: {} characters", "expression_length", "--max-expression-length",
    ),
    "text_length": (
        "the text is too long after its expressions are evaluated: {} characters", "expression_length",
        "--max-expression-length",
    ),
}  # fmt: skip
"""For each limit or derived limit: the message, the limit that it follows from, and the option that raises it."""

_SHARE, _SHARES = 10, {"verify": 20}
"""The divisors of the layer limit for blocks and repeats: the default, and those of more expensive commands."""
_AT_ONCE: Mapping[str, tuple[int, int]] = {"explain": (500, 20), "compare": (1_000, 10), "report": (3_000, 20),
    "write as formulas": (2_000, 20),
}  # fmt: skip
"""The number of layers that a command shows at once, and the characters of text that allow one more layer each."""
_MODEL_SHARE = 4
"""The divisor of the default layer limit for model files."""
_WRITTEN = 8
"""The length of the shortest line with a layer: a text may always have as many layers as it writes out."""

_LEAST = 10_000
"""The minimum of a derived limit, since a few layers may be long."""

MOST_ELEMENTS = 2**128
"""The maximum number of elements of a volume, so that every count can be written out."""
TOO_MANY = "more than 2**128 elements, the largest number allowed here"
TOO_MANY_HINT = "look for a size or a repetition that is too large"
MOST_AXES = 32
"""The maximum number of axes of a volume, equal to that of an array."""
LONGEST_NAME = 500
"""The maximum length of a layer's full name, since a table is as wide as its longest name."""


class Limits(NamedTuple):
    """Upper bounds, each raised by a command-line option or by `limits=Limits(nesting=200)` in Python.

    Every text within them is processed within seconds. Further limits are derived from these.
    """

    file_bytes: int = 10 * 1024 * 1024
    nesting: int = 100
    layers: int = 100_000
    alias_nodes: int = 100_000
    expression_length: int = 1000
    share: int = 1
    """The divisor of `layers` for repeats and blocks; a text may always have as many layers as it writes out."""
    model_bytes: int = 64 * 1024**3
    """The size of a model file with its weights, which are not read."""

    @property
    def turns(self) -> int:
        """The maximum number of items, whether or not they create a layer, plus repetitions."""
        return max(_LEAST, 4 * self.layers)

    @property
    def connections(self) -> int:
        """The maximum number of inputs of all layers together; named inputs count twice."""
        return max(_LEAST, 4 * self.layers)

    @property
    def name_characters(self) -> int:
        """The maximum number of characters in the full names of all layers."""
        return max(_LEAST, 100 * self.layers)

    @property
    def evaluated(self) -> int:
        """The maximum number of characters of evaluated expressions, counting repeated evaluations."""
        return max(_LEAST, 40 * self.layers)

    @property
    def model_layers(self) -> int:
        """The maximum number of layers in a model file, each of which costs more than one of a spec."""
        return self.layers // _MODEL_SHARE if self.layers == Limits().layers else self.layers

    @property
    def computed(self) -> int:
        """The maximum number of numbers that the constants of a model file are computed from."""
        return max(_LEAST, 20 * self.layers)

    @property
    def fields(self) -> int:
        """The maximum number of fields and numbers that are read of a binary model file: an operation has 10 to 30."""
        return max(_LEAST, 20 * self.layers)

    @property
    def list_values(self) -> int:
        """The maximum number of values in all variables."""
        return self.alias_nodes

    @property
    def text_length(self) -> int:
        """The maximum length of a text after its expressions are evaluated."""
        return self.expression_length

    def expanded(self, characters: int) -> "Limits":
        """The limits of a model whose text has this number of characters, for the command's fraction of the layers."""
        written = min(self.layers, characters // _WRITTEN)
        return self._replace(layers=max(self.layers // self.share, written), share=1)

    def exceeded(self, name: str, figure: int, span: Span | None = None) -> Diagnostic:
        """The E103 diagnostic for the limit called `name`, exceeded by `figure`."""
        message, field, option = _WORDING[name]
        limit: int = getattr(self, name)
        return Diagnostic(
            "E103",
            f"{message.format(thousands(figure))}; the limit is {thousands(limit)}",
            span,
            hint=f"raise it with {option} N, or limits=Limits({field}=N) in Python",
        )

    def check_at_once(self, command: str, layers: int, span: Span) -> None:
        """Raise SpecError if there are more layers than a command shows at once and the layer limit is the default."""
        least, characters = _AT_ONCE[command]
        most = max(least, span.source.extent // characters)
        if layers <= most or self.layers != Limits().layers:
            return
        message = f"{thousands(layers)} layers are too many to {command} at once; the limit is {thousands(most)}"
        raise SpecError([Diagnostic("E103", message, span, hint=_hint_at_once(command))])


_OF_LAYERS = ("explain", "compare")
"""The commands that also show a layer or a block alone."""


def _hint_at_once(command: str) -> str:
    return "name a layer or a block, or give --max-layers N" if command in _OF_LAYERS else "give --max-layers N"


DEFAULT_LIMITS = Limits()


def limits_of(command: str = "", given: Limits | None = None) -> "Limits":
    """The limits of a command or of the function with its name: those given, or the command's defaults."""
    return given or Limits(share=share_of(command))


def share_of(command: str) -> int:
    """The divisor of the default layer limit for a command."""
    return _SHARES.get(command, _SHARE)


def too_many_elements(name: str, span: Span | None) -> Diagnostic:
    """The E103 diagnostic for a volume of more than MOST_ELEMENTS."""
    return Diagnostic("E103", f"{name}: {TOO_MANY}", span, hint=TOO_MANY_HINT)
