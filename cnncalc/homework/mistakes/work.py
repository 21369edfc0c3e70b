"""Mistakes in counting operations."""

from __future__ import annotations

from cnncalc.homework.hand import Worksheet
from cnncalc.homework.mistakes.catalogue import miscalculated

WORK = ("macs", "flops")


@miscalculated("MACs of one position", "F·F·C·K", likely=2, figures=WORK)
def one_position(worked: Worksheet) -> Worksheet | None:
    """The kernel is applied at each of the {positions} positions of the output."""
    return worked.but(at=1) if worked.area and worked.axes else None


@miscalculated("biases counted as multiply–accumulates", "(F·F·C + 1)·K·O·O", likely=3, figures=WORK)
def biases_as_macs(worked: Worksheet) -> Worksheet | None:
    """A bias is only added: multiply–accumulates count the products of the kernel."""
    return worked.but(bias_work=True) if worked.area and worked.biases else None


@miscalculated("one operation for a multiply–accumulate", "FLOPs = MACs + O·O·K", likely=3, figures=WORK)
def macs_as_one_operation(worked: Worksheet) -> Worksheet | None:
    """A multiply–accumulate is two operations: a product and an addition."""
    return worked.but(per_mac=1) if worked.area else None
