"""Where a gated recurrent unit's reset gate acts, which the frameworks do not agree on."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare

_AFTER = ("keras", "tensorflow", "pytorch")


def reset_field() -> bool | None:
    """The declaration of `reset_after`."""
    return declare.flag(
        "whether the reset gate acts behind the matrix product", default=None, aliases=("linear_before_reset",),
        default_text="true under keras, tensorflow and pytorch, else false",
    )  # fmt: skip


def acts_after(setting: Setting, written: bool | None) -> bool:
    """Whether it acts behind the product; Refusal where PyTorch is told that it does not."""
    if setting.convention.name == "pytorch" and written is False:
        raise Refusal(
            "PyTorch's GRU resets behind the matrix product only",
            hint="leave reset_after out, or choose another convention",
            field="reset_after",
            code="E304",
        )
    return setting.convention.name in _AFTER if written is None else written
