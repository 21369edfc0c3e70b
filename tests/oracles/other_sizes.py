"""Whole networks on inputs of other sizes: what torchvision and keras.applications make of them.

`python -m tests.oracles.other_sizes NAME ...` builds these networks (all that are on file, without a name) on two
other inputs each and writes tests/data/other_sizes.csv; tests/zoo/test_other_sizes.py compares the bundled specs with
it. One of the two inputs is not square, and where the library accepts any size, its sides are odd.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import NamedTuple

from tests.oracles.networks import (
    DETECTION,
    KERAS,
    TORCHVISION_OPTIONS,
    VIDEO,
    Network,
    from_detection,
    from_keras,
    from_torchvision,
    recorded,
)

FILE = Path(__file__).parent.parent / "data" / "other_sizes.csv"


class Sized(NamedTuple):
    """A network on another input. `elements` adds up the outputs of all parametrised layers; no output where boxes
    come out, whose number depends on the data."""

    name: str
    input: str
    output: str
    params: int
    elements: int
    layers: int


SIZES: dict[str, tuple[str, str]] = {
    "inception_v3": ("240x320", "321x299"),
    "inception_v3_aux": ("331x363", "316x300"),  # its auxiliary head needs a map of 17x17
    "vit_b_16": ("192x192", "256x256"), "vit_b_32": ("192x192", "256x256"), "vit_h_14": ("196x196", "252x252"),
    "vit_l_16": ("192x192", "256x256"), "vit_l_32": ("192x192", "256x256"),  # torchvision's image_size is one number
    "s3d": ("24x256x224", "17x229x251"),  # its pool is 2x7x7: no input below 16x224x224
    "ssd300_vgg16": ("332x300", "321x301"), "ssdlite320_mobilenet_v3_large": ("256x320", "321x353"),
}  # fmt: skip
"""The two inputs of a network that does not accept those of its kind."""


def sizes_of(name: str) -> tuple[str, str]:
    """Two inputs, without their channels, that the network's library accepts."""
    if name in SIZES:
        return SIZES[name]
    if name in DETECTION:
        return "320x448", "416x256"  # torchvision pads a batch of images to multiples of 32
    if name in VIDEO:
        return "8x64x96", "11x81x67"
    return "160x256", "203x171"


def on_other_input(name: str, size: str) -> Network:
    """The network of a bundled spec's name, as its library builds it for this input."""
    sides = tuple(map(int, size.split("x")))
    if name in KERAS:
        return from_keras(name, KERAS[name][0], (*sides, 3))
    if name in DETECTION:
        return _detection(name, sides)
    options = {"image_size": sides[0]} if name.startswith("vit") else {}
    return from_torchvision(name, (3, *sides), device="meta", **TORCHVISION_OPTIONS.get(name, {}), **options)


def _detection(name: str, sides: tuple[int, ...]) -> Network:
    options = DETECTION[name][1]
    if name.startswith("ssd"):
        return from_detection(name, (3, *sides), fixed=sides, **options)
    return from_detection(name, (3, *sides), min_size=min(sides), max_size=max(sides), **options)


def sized(network: Network) -> Sized:
    """What is recorded of a network."""
    elements = 0
    for shape, _ in network.layers:
        size = 1
        for side in shape:
            size *= side
        elements += size
    texts = ["x".join(map(str, shape)) for shape in (network.input, network.output)]
    return Sized(network.name, *texts, network.params, elements, len(network.layers))


def on_file() -> list[Sized]:
    """Everything that is recorded, by name and input."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Sized(
                row["name"], row["input"], row["output"], int(row["params"]), int(row["elements"]), int(row["layers"])
            )
            for row in csv.DictReader(file)
        ]


def write(rows: list[Sized]) -> None:
    """Replace the rows of these networks."""
    names = {row.name for row in rows}
    kept = [row for row in on_file() if row.name not in names] if FILE.exists() else []
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Sized._fields)
        writer.writerows(sorted([*kept, *rows]))


def main() -> None:
    for name in sys.argv[1:] or list(recorded()):
        rows = [sized(on_other_input(name, size)) for size in sizes_of(name)]
        write(rows)
        print(*rows, sep="\n", flush=True)


if __name__ == "__main__":
    main()
