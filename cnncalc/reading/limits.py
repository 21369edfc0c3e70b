"""How large a spec may be before the tool refuses it, so that no text can exhaust the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.number_text import thousands

_WORDING: Mapping[str, tuple[str, str, str]] = {
    "file_bytes": ("the text is too large: {} bytes", "file_bytes", "--max-file-size"),
    "model_bytes": ("the model file is too large: {} bytes", "model_bytes", "--max-model-size"),
    "nesting": ("lists and mappings are nested too deeply: {} levels", "nesting", "--max-nesting"),
    "layers": ("the model has too many layers after expansion: {}", "layers", "--max-layers"),
    "turns": ("blocks and repeats expand to too many items: {}", "layers", "--max-layers"),
    "connections": ("the layers have too many inputs together: {}", "layers", "--max-layers"),
    "name_characters": ("the names are too long together: {} characters", "layers", "--max-layers"),
    "evaluated": ("the expressions are too long together: {} characters", "layers", "--max-layers"),
    "alias_nodes": ("aliases expand to too many values: {}", "alias_nodes", "--max-alias-nodes"),
    "list_values": ("expressions expand to too many values: {}", "alias_nodes", "--max-alias-nodes"),
    "expression_length": (
        "the expression is too long: {} characters", "expression_length", "--max-expression-length",
    ),
    "text_length": (
        "the text is too long once its expressions are put in: {} characters", "expression_length",
        "--max-expression-length",
    ),
}  # fmt: skip
"""Of each limit, or amount that follows from one: the message, the limit, and the option that raises it."""

_SHARE, _SHARES = 10, {"verify": 20}
"""What part of the layers blocks and repeats may make, by default and in a command that does more for each of them."""
_AT_ONCE: Mapping[str, tuple[int, int]] = {"explain": (500, 20), "compare": (1_000, 10)}
"""The number of layers a command may show at once, which can show one of them; and characters of a text for each."""
_WRITTEN = 8
"""Characters of the shortest line that writes a layer: a text may have as many layers as it writes out."""

_LEAST = 10_000
"""The least of a limit that follows from the number of layers: a few layers may be long ones."""

MOST_ELEMENTS = 2**128
"""The number of values that a volume may hold; every figure can then be written out."""
TOO_MANY = "more than 2**128 elements, the largest number allowed here"
TOO_MANY_HINT = "look for a size or a repetition that is too large"
MOST_AXES = 32
"""The number of axes a volume may have, as many as an array."""
LONGEST_NAME = 500
"""The number of characters a layer's full name may have: a table is as wide as its longest name."""


class Limits(NamedTuple):
    """Upper bounds, each raised by a command-line option or by `limits=Limits(nesting=200)` in Python.

    What passes them is answered within seconds. Other amounts are counted as well, which follow from these.
    """

    file_bytes: int = 10 * 1024 * 1024
    nesting: int = 100
    layers: int = 100_000
    alias_nodes: int = 100_000
    expression_length: int = 1000
    share: int = 1
    """What part of `layers` may be made by repeats and blocks; as many as the text writes out always may."""
    model_bytes: int = 64 * 1024**3
    """The size of a model file with its weights, which are not read."""

    @property
    def turns(self) -> int:
        """The number of items that may be looked at, whether they make a layer or not, and turns of repeats."""
        return max(_LEAST, 4 * self.layers)

    @property
    def connections(self) -> int:
        """The number of inputs the layers may have together; one that is named counts twice."""
        return max(_LEAST, 4 * self.layers)

    @property
    def name_characters(self) -> int:
        """The number of characters the full names of the layers may have together."""
        return max(_LEAST, 100 * self.layers)

    @property
    def evaluated(self) -> int:
        """The number of characters of expressions that may be evaluated, each as often as it is."""
        return max(_LEAST, 40 * self.layers)

    @property
    def list_values(self) -> int:
        """The number of values the variables may hold together."""
        return self.alias_nodes

    @property
    def text_length(self) -> int:
        """The number of characters a text may have once its expressions are put in."""
        return self.expression_length

    def expanded(self, characters: int) -> Limits:
        """The limits of a model that a text of so many characters describes, for the command's share."""
        written = min(self.layers, characters // _WRITTEN)
        return self if self.share == 1 else self._replace(layers=max(self.layers // self.share, written), share=1)

    def exceeded(self, name: str, figure: int, span: Span | None = None) -> Diagnostic:
        """The E103 diagnostic for the limit called `name`, which met `figure`."""
        message, field, option = _WORDING[name]
        limit: int = getattr(self, name)
        return Diagnostic(
            "E103",
            f"{message.format(thousands(figure))}; the limit is {thousands(limit)}",
            span,
            hint=f"raise it with {option} N, or limits=Limits({field}=N) in Python",
        )

    def check_at_once(self, command: str, layers: int, span: Span) -> None:
        """Raise SpecError for more layers than a command shows at once, if the limit of layers is the default."""
        least, characters = _AT_ONCE[command]
        most = max(least, span.source.extent // characters)
        if layers <= most or self.layers != Limits().layers:
            return
        message = f"{thousands(layers)} layers are too many to {command} at once; the limit is {thousands(most)}"
        raise SpecError([Diagnostic("E103", message, span, hint="name a layer or a block, or give --max-layers N")])


DEFAULT_LIMITS = Limits()


def limits_of(command: str = "", given: Limits | None = None) -> Limits:
    """The limits of a command, or of the function of its name: those that the caller gives, or its share of them."""
    return given or Limits(share=share_of(command))


def share_of(command: str) -> int:
    """By how much the default number of layers is divided for a command."""
    return _SHARES.get(command, _SHARE)


def too_many_elements(name: str, span: Span | None) -> Diagnostic:
    """The E103 diagnostic for a volume of more than MOST_ELEMENTS."""
    return Diagnostic("E103", f"{name}: {TOO_MANY}", span, hint=TOO_MANY_HINT)
