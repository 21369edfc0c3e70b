"""Run one layer on a small array and print the output"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import CONVENTION_NAMES, command, layout_option
from cnncalc.cli._console import emit, print_doubt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.forward.apply import Applied


@command(
    examples=(
        'cnncalc apply "max_pool 2" --data "[[1,0],[4,6]]"',
        'cnncalc apply "conv 1 2x2" --data "[[1,2,0],[0,1,3],[2,1,1]]" --weights "[[1,0],[0,1]]" --trace',
    )
)
@click.argument("item")
@click.option(
    "--data",
    multiple=True,
    required=True,
    metavar="ARRAY",
    help="Input array: [[1,0],[4,6]], or a .npy or .csv file; repeat for each input of a merge.",
)
@click.option("--weights", metavar="ARRAY", help='Kernel, or all weights by name: {"kernel": [...]}.')
@click.option("--bias", metavar="ARRAY", help="Bias, one number per filter (default: 0).")
@click.option(
    "--trace", is_flag=True, help="Show the working of every output; for transposed layers, the inputs that it gathers."
)
@click.option(
    "--convention", type=click.Choice(CONVENTION_NAMES), metavar="NAME", help="Framework whose defaults to use."
)
@layout_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="Output format.")
def apply(item: str, data: tuple[str, ...], trace: bool, form: str, **given: str | None) -> None:
    """Run ITEM, one layer such as "max_pool 2", on a literal array.

    For layers with windows, a list is a single-channel sequence and a table is a single-channel image; arrays with
    more axes have their channels where the convention or --layout puts them. Kernels may be given as height x width,
    as height x width x input channels x filters, or in PyTorch's order.
    """
    found = _applied(item, data, given, traced=trace)
    from cnncalc.render import apply_result as render

    emit(render.as_json(found) if form == "json" else render.as_text(found))


def _applied(item: str, data: tuple[str, ...], given: Mapping[str, str | None], *, traced: bool) -> Applied:
    """`given` are the options `weights`, `bias`, `convention` and `layout`."""
    from cnncalc.forward.apply import GivenWeights, SettingNames
    from cnncalc.forward.apply import apply as run
    from cnncalc.forward.literal import ArrayError, read_array, read_arrays

    names = SettingNames(given["convention"], given["layout"])
    weights, bias = given["weights"], given["bias"]
    try:
        arrays = [read_array(text, "--data") for text in data]
        shift = None if bias is None else read_array(bias, "--bias")
        for array in arrays:
            print_doubt(array.shape, *names, "--data")
        kernels = GivenWeights(None if weights is None else read_arrays(weights), shift)
        return run(item, arrays, kernels, names, traced=traced)
    except ArrayError as error:
        raise click.UsageError(str(error)) from None
