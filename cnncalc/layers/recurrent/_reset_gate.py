"""The position of a gated recurrent unit's reset gate, which differs between frameworks."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal

_AFTER = ("keras", "tensorflow", "pytorch")


def acts_after(setting: Setting, written: bool | None) -> bool:
    """Whether it acts after the matrix product. Raises Refusal if it is before the product under pytorch."""
    if setting.convention.name == "pytorch" and written is False:
        raise Refusal(
            "PyTorch's GRU resets only after the matrix product",
            hint="remove reset_after, or choose another convention",
            field="reset_after",
            code="E304",
        )
    return setting.convention.name in _AFTER if written is None else written
