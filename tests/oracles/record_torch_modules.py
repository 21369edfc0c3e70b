"""Records the graphs and programs of `torch_modules`, and PyTorch's counts of them, for tests that run without PyTorch.

    python -m tests.oracles.record_torch_modules

Parameters are `sum(p.numel())`; multiply-accumulates are half of what `torch.utils.flop_counter` counts for a batch of
one, which knows convolutions and matrix products. The sizes of every value are in the graph.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnncalc.importing.aten.module import BATCH, traced
from tests.importing.aten_graphs import GRAPHS, PROGRAMS, as_plain
from tests.oracles.torch_modules import MODULES, stand_in


def counted_macs(module: nn.Module, shape: tuple[int, ...], dtype: str) -> int:
    """The multiply-accumulates of one sample, by PyTorch's own counter."""
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            module.to("meta").eval()(stand_in(shape, dtype, 1))
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
    return int(counter.get_total_flops()) // 2


def record(name: str) -> dict[str, Any]:
    """One module: its graph and its counts."""
    made, shape, dtype = MODULES[name]
    module = made()
    graph = traced(module, {"0": stand_in(shape, dtype, BATCH)}, {})
    params = sum(each.numel() for each in module.parameters())
    return {"graph": as_plain(graph), "params": params, "macs": counted_macs(module, shape, dtype)}


def program(name: str, batch: int, *, dynamic: bool) -> dict[str, Any]:
    """The JSON that torch.export saves of a module, without the places in its code."""
    made, shape, dtype = MODULES[name]
    given = torch.zeros((batch, *shape), dtype=getattr(torch, dtype))
    shapes = ({0: torch.export.Dim("batch")},) if dynamic else None
    exported = torch.export.export(made().eval(), (given,), dynamic_shapes=shapes)
    buffer = io.BytesIO()
    torch.export.save(exported, buffer)
    with zipfile.ZipFile(buffer) as archive:
        (path,) = [each for each in archive.namelist() if "/models/" in each]
        found: dict[str, Any] = json.loads(archive.read(path))
    for node in found["graph_module"]["graph"]["nodes"]:
        node["metadata"] = {"nn_module_stack": node["metadata"].get("nn_module_stack", "")}
    for key in ("module_call_graph", "metadata"):
        found["graph_module"].pop(key, None)
    return found


def write(path: Path, found: dict[str, Any]) -> None:
    """Write JSON, compressed."""
    path.write_bytes(gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0))
    print(f"{path}: {len(found)} graphs")


def main() -> None:
    write(GRAPHS, {name: record(name) for name in MODULES})
    dynamic = {name: program(name, 4, dynamic=True) for name in MODULES}
    static = {f"{name}, one sample": program(name, 1, dynamic=False) for name in MODULES}
    write(PROGRAMS, {**dynamic, **static})


if __name__ == "__main__":
    main()
