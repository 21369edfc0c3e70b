"""Where a gated recurrent unit's reset gate acts, which the frameworks do not agree on."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal

_AFTER = ("keras", "tensorflow", "pytorch")


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
