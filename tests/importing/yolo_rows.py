"""The numbers of each row of a model file, as cnncalc computes them, beside those of the library."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import cnncalc

Row = tuple[str, int, list[list[int]]]


def differences(path: Path, scale: str, library: dict[str, Any], size: tuple[int, int]) -> list[str]:
    """What differs between a file's report and the numbers of the library."""
    channels = library.get("channels", 3)
    prompts = any("World" in module or "YOLOE" in module or module == "C2fAttn" for module, *_ in library["rows"])
    shape: Any = (channels, *size)
    variables = {"scale": scale} if scale else None
    report = cnncalc.analyze(path, input={"input": shape} if prompts else shape, variables=variables)
    layers: dict[int, list[Any]] = {}
    for layer in report.layers:
        layers.setdefault(int(layer.name.split(".")[0].rpartition("_")[2]), []).append(layer)
    found = []
    for index, (module, params, shapes) in enumerate(library["rows"]):
        ours = layers.get(index, [])
        if (count := sum(layer.params for layer in ours)) != params:
            found.append(f"row {index} {module}: {count} parameters, {params} in the library")
        given = [[channels, *size], *[list(layer.output_shape) for layer in ours]]
        found += [
            f"row {index} {module}: no {each} among {given[-3:]}" for each in shapes if ours and each not in given
        ]
        is_chain = len(shapes) == 1 and index < len(library["rows"]) - 1
        if ours and is_chain and given[-1] != shapes[0]:
            found.append(f"row {index} {module}: {given[-1]}, {shapes[0]} in the library")
    macs = library["macs"] - sum(_table_of_sines(shapes) for module, _, shapes in library["rows"] if module == "AIFI")
    if (report.totals.params, report.totals.macs) != (library["params"], macs):
        found.append(f"totals {report.totals.params}, {report.totals.macs}: {library['params']}, {macs} in the library")
    return found + [str(each) for each in report.findings]


def _table_of_sines(shapes: list[list[int]]) -> int:
    """Multiply-accumulates of AIFI's fixed table, which the library computes anew by two outer products."""
    return prod(shapes[0]) // 2
