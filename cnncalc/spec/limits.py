"""How large a spec may be before the tool refuses it, so that no text can exhaust the machine."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span

_WORDING = {
    "file_bytes": ("the text is too large: {} bytes", "--max-file-size"),
    "nesting": ("lists and mappings are nested too deeply: {} levels", "--max-nesting"),
    "layers": ("the model has too many layers after expansion: {}", "--max-layers"),
    "alias_nodes": ("aliases expand to too many values: {}", "--max-alias-nodes"),
    "expression_length": ("the expression is too long: {} characters", "--max-expression-length"),
}

MOST_ELEMENTS = 2**128
"""How many numbers a volume may hold; every figure can then be written out."""
TOO_MANY = "more than 2**128 elements, the largest number allowed here"
TOO_MANY_HINT = "look for a size or a repetition that is too large"


class Limits(NamedTuple):
    """Upper bounds, each raised by a command-line option or by `limits=Limits(nesting=200)` in Python."""

    file_bytes: int = 10 * 1024 * 1024
    nesting: int = 100
    layers: int = 1_000_000
    alias_nodes: int = 100_000
    expression_length: int = 1000

    def exceeded(self, name: str, figure: int, span: Span | None = None) -> Diagnostic:
        """The E103 diagnostic for the limit called `name`, which met `figure`."""
        message, option = _WORDING[name]
        limit: int = getattr(self, name)
        return Diagnostic(
            "E103",
            f"{message.format(f'{figure:,}')}; the limit is {limit:,}",
            span,
            hint=f"raise it with {option} N, or limits=Limits({name}=N) in Python",
        )


DEFAULT_LIMITS = Limits()


def too_many_elements(name: str, span: Span | None) -> Diagnostic:
    """The E103 diagnostic for a volume of more than MOST_ELEMENTS."""
    return Diagnostic("E103", f"{name}: {TOO_MANY}", span, hint=TOO_MANY_HINT)
