"""The check of a convolution's groups."""

from __future__ import annotations

from cnncalc.diagnostics import Refusal


def check_groups(filters: int, channels: int, groups: int) -> None:
    """Reject groups that do not divide the filters or the input channels."""
    for what, count in (("filters", filters), ("input channels", channels)):
        if count % groups:
            raise Refusal(
                f"{int(count)} {what} cannot be divided into {int(groups)} groups",
                hint=f"both the filters and the input channels must be multiples of {int(groups)}",
                field="groups",
                code="E305",
            )
