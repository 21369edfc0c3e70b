"""Records how torchvision's and timm's models are converted: a table, `tests/data/torch_models.csv`.

    python -m tests.oracles.record_torch_models trace FOLDER torchvision|timm [MODEL ...]
    python -m tests.oracles.record_torch_models count FOLDER

The first command writes the graph of each model, traced on the meta device, to a folder; it takes minutes to hours. The
second one converts the graphs and compares shapes, parameters and multiply-accumulates with what the graph states.
"""

from __future__ import annotations

import csv
import pickle
import sys
import time
from pathlib import Path
from typing import Any

from cnncalc.analysis.figures import report_on
from cnncalc.diagnostics import SpecError
from cnncalc.graph.document import Overrides, build
from cnncalc.importing.aten.conversion import draft_of
from cnncalc.importing.aten.graph import AtenGraph
from cnncalc.importing.aten.operators import find
from cnncalc.importing.spec.nodes import flat_spec
from tests.oracles.aten_counts import multiply_accumulates, used_parameters

TABLE = Path(__file__).parent.parent / "data" / "torch_models.csv"
COLUMNS = ("library", "model", "input", "layers", "opaque", "params", "unused", "macs", "shapes", "counts", "seconds")
OUTSIDE = ("fasterrcnn", "maskrcnn", "keypointrcnn", "retinanet", "fcos", "ssd", "raft", "quantized")
"""Models whose outputs depend on numbers, or that take pairs of images; and those with quantized numbers."""


def trace(folder: Path, library: str, names: list[str]) -> None:
    """Write the graph of each model that the folder does not have."""
    import torch

    from cnncalc.importing.aten.module import BATCH, traced

    for name in names or _names(library):
        path = folder / f"{library}__{name}.pkl"
        if path.exists():
            continue
        start = time.time()
        try:
            with torch.device("meta"):
                module, shape = _made(library, name)
        except NotImplementedError:  # RegNet computes its widths with tensors
            module, shape = _made(library, name)
        graph = traced(module, {"0": torch.empty(BATCH, *shape, device="meta")}, {})
        sizes = [sum(each.numel() for each in arrays) for arrays in (module.parameters(), module.buffers())]
        path.write_bytes(pickle.dumps((name, shape, *sizes, time.time() - start, graph)))
        print(name, sizes[0], len(graph.nodes), flush=True)


def _names(library: str) -> list[str]:
    """All models of torchvision; of timm the first small one of each family: module and first word of the name."""
    if library == "torchvision":
        from torchvision.models import list_models

        return [name for name in list_models() if not any(word in name for word in OUTSIDE)]
    import timm

    families: dict[tuple[str, str], str] = {}
    for name in timm.list_models():
        key = (timm.models.model_entrypoint(name).__module__, name.split("_")[0].rstrip("0123456789"))
        families.setdefault(key, name)
    return list(families.values())


def _made(library: str, name: str) -> tuple[Any, tuple[int, ...]]:
    """A model and the shape of its input."""
    if library == "timm":
        import timm

        module = timm.create_model(name, pretrained=False)
        return module, tuple(module.pretrained_cfg["input_size"])
    from torchvision.models import get_model

    options: dict[str, Any] = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    if name.startswith(("deeplab", "fcn", "lraspp")):
        options = {"weights_backbone": None}
    shapes = {"inception_v3": (3, 299, 299), "mc3": (3, 16, 112, 112), "r2plus": (3, 16, 112, 112)}
    shapes |= {"r3d": (3, 16, 112, 112), **dict.fromkeys(("mvit", "swin3d", "s3d"), (3, 16, 224, 224))}
    shape = next((shape for start, shape in shapes.items() if name.startswith(start)), (3, 224, 224))
    return get_model(name, weights=None, **options), shape


def count(folder: Path) -> None:
    """Write the table."""
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for path in sorted(folder.glob("*.pkl")):
            name, shape, params, _, _, graph = pickle.loads(path.read_bytes())
            library = path.name.split("__")[0]
            table.writerow((library, name, "x".join(map(str, shape)), *row(graph, params)))


def row(graph: AtenGraph, params: int) -> tuple[object, ...]:
    """The layers of a model, and whether shapes and counts are those of the graph."""
    used, macs = used_parameters(graph), multiply_accumulates(graph)
    start = time.process_time()
    try:
        draft = draft_of(graph, find)
        built, _ = build(flat_spec(draft).root, Overrides())
    except SpecError:
        built = None
    if built is None:
        return (0, 0, params, params - used, macs, "no", "no", "")
    report = report_on(built, seen=[None] * len(built.nodes))
    seconds = time.process_time() - start
    opaque = sum(layer.type == "opaque" for layer in draft.layers)
    shapes = "equal" if not report.findings and not opaque else "no"
    counts = "equal" if (report.totals.params, report.totals.macs) == (used, macs) else "no"
    return (len(draft.layers), opaque, params, params - used, macs, shapes, counts, f"{seconds:.2f}")


if __name__ == "__main__":
    command, place, *rest = sys.argv[1:]
    if command == "trace":
        trace(Path(place), rest[0], rest[1:])
    else:
        count(Path(place))
