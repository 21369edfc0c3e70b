"""Record networks of torchvision as both of PyTorch's exporters write them, without weights.

    python -m tests.oracles.record_onnx_networks export FOLDER old|new [MODEL ...]
    python -m tests.oracles.record_onnx_networks count FOLDER

The first command writes the graphs that the folder does not have, with the shapes that ONNX Runtime infers when it
loads them, or ONNX where those are open. The second one writes tests/data/onnx_networks.csv, a row for each graph of
the folder, and tests/data/onnx_networks.zip, with one graph of each family. The parameters are the elements of the
initializers, without moving statistics and single numbers; the MACs are PyTorch's count (record_torch_models).
"""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

from tests.oracles import record_torch_models

DATA = Path(__file__).parent.parent / "data"
FILE, TABLE = DATA / "onnx_networks.zip", DATA / "onnx_networks.csv"
COLUMNS = ("model", "exporter", "params", "macs", "nodes", "shapes", "digest", "verdict")
KEPT = {
    "resnet18": "old new", "mobilenet_v3_small": "new", "shufflenet_v2_x1_0": "old", "densenet121": "new",
    "vit_b_16": "old new", "convnext_tiny": "new", "maxvit_t": "new", "swin_t": "old", "mvit_v1_b": "old",
    "lraspp_mobilenet_v3_large": "old", "r2plus1d_18": "new", "swin_v2_t": "old", "googlenet": "new",
    "efficientnet_b0": "new", "regnet_y_400mf": "old", "s3d": "old", "squeezenet1_1": "old", "inception_v3": "old",
    "resnet50": "old new", "mobilenet_v2": "old new",
}  # fmt: skip
"""The networks whose graphs are kept, and the exporters: `old` traces the module, `new` exports a program."""

OUTSIDE = {"old": ("mvit_v2", "swin3d"), "new": ()}
"""Models whose export takes more than 16 GB of memory."""

_REAL = (1, 10, 11, 16)
_MOST_NUMBERS = 64
_DATA = ("raw_data", "float_data", "double_data", "external_data", "data_location")


def recorded() -> tuple[dict[str, Any], zipfile.ZipFile]:
    """The rows of the kept graphs by the file's name, and the files."""
    files = zipfile.ZipFile(FILE)
    return json.loads(files.read("table.json")), files


def rows() -> list[dict[str, str]]:
    """The rows of the table of all graphs."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted() -> dict[str, dict[str, str]]:
    """The row of each model of torchvision in the table of PyTorch's counts."""
    with record_torch_models.TABLE.open(encoding="utf-8", newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file) if row["library"] == "torchvision"}


# --- export ---------------------------------------------------------------------------------------------------------


def export(folder: Path, exporter: str, names: list[str]) -> None:
    """Write the graph of each model that the folder does not have."""
    for name, row in counted().items():
        file = folder / f"{name}_{exporter}.onnx"
        if file.exists() or name.startswith(OUTSIDE[exporter]) or (names and name not in names):
            continue
        sizes = (1, *map(int, row["input"].split("x")))
        model = _traced(name, sizes) if exporter == "old" else _programmed(name, sizes)
        file.write_bytes(_with_shapes(model).SerializeToString())
        print(file.name, flush=True)
        gc.collect()


def _module(name: str) -> Any:
    """A network with random numbers, which exporters do not merge."""
    import torch

    module, _ = record_torch_models._made("torchvision", name)
    with torch.no_grad():
        for array in module.parameters():
            array.uniform_(-0.1, 0.1)
        for array in module.buffers():
            if array.dtype.is_floating_point:
                array.uniform_(0.5, 1.5)
    return module.eval()


def _traced(name: str, sizes: tuple[int, ...]) -> Any:
    """The graph of the older exporter, whose parameters are inputs first: so they are not written."""
    import onnx
    import torch

    module, buffer = _module(name), io.BytesIO()
    torch.onnx.export(
        module, (torch.zeros(sizes),), buffer, dynamo=False, do_constant_folding=False, export_params=False,
        training=torch.onnx.TrainingMode.PRESERVE,
    )  # fmt: skip
    model = onnx.load_from_string(buffer.getvalue())
    arrays = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    inputs = list(model.graph.input)
    del model.graph.input[:]
    for each in inputs:
        if each.name not in arrays:
            model.graph.input.append(each)
            continue
        array = arrays[each.name].detach().contiguous().numpy()
        stored = onnx.numpy_helper.from_array(array, each.name)
        if array.size > _MOST_NUMBERS and stored.data_type in _REAL:
            stored.ClearField("raw_data")
        model.graph.initializer.append(stored)
    return model


def _programmed(name: str, sizes: tuple[int, ...]) -> Any:
    """The graph of the newer exporter, with two entries of the nodes' metadata."""
    import onnx_ir
    import torch

    program = torch.onnx.export(_module(name), (torch.zeros(sizes),), dynamo=True, verbose=False)
    assert program is not None
    for value in program.model.graph.initializers.values():
        array = value.const_value
        if array is not None and array.size > _MOST_NUMBERS and int(array.dtype) in _REAL:
            value.const_value = onnx_ir.ExternalTensor(
                "x", 0, array.nbytes, array.dtype, shape=array.shape, name=str(array.name), base_dir=""
            )
    model = onnx_ir.to_proto(program.model)
    for each in model.graph.initializer:
        if prod(each.dims) > _MOST_NUMBERS and each.data_type in _REAL:
            for field in _DATA:
                each.ClearField(field)
    for node in model.graph.node:
        kept = [each for each in node.metadata_props if each.key.endswith(("name_scopes", "class_hierarchy"))]
        entries = [(each.key, each.value) for each in kept]
        del node.metadata_props[:]
        for key, value in entries:
            node.metadata_props.add(key=key, value=value)
    return model


def _with_shapes(model: Any) -> Any:
    """A graph that states the shape of every value that ONNX Runtime or ONNX infers."""
    import onnx

    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph.value_info
    shapes = {each.name: found for each in inferred if (found := _sizes(each)) is not None} | _loaded_shapes(model)
    arrays = {each.name for each in model.graph.initializer}
    stated = [each for each in inferred if each.name in arrays]
    outputs = {each.name for each in model.graph.output}
    del model.graph.value_info[:]
    model.graph.value_info.extend(stated)
    for node in model.graph.node:
        for name in node.output:
            if name in shapes and name not in outputs:
                model.graph.value_info.append(onnx.helper.make_tensor_value_info(name, 1, shapes[name]))
    return model


def _sizes(info: Any) -> tuple[int, ...] | None:
    """The sizes of a value; None where one is open."""
    given = info.type.tensor_type
    if not given.HasField("shape") or not all(each.HasField("dim_value") for each in given.shape.dim):
        return None
    return tuple(each.dim_value for each in given.shape.dim)


def _loaded_shapes(model: Any) -> dict[str, tuple[int, ...]]:
    """The shapes that ONNX Runtime infers when it loads a graph whose weights are inputs, and every value an output."""
    import onnx
    import onnxruntime

    copy = onnx.ModelProto.FromString(model.SerializeToString())
    graph = copy.graph
    hollow = [each for each in graph.initializer if not each.ByteSize() or not _is_stored(each)]
    stored = [each for each in graph.initializer if _is_stored(each)]
    del graph.initializer[:], graph.value_info[:]
    graph.initializer.extend(stored)
    graph.input.extend(onnx.helper.make_tensor_value_info(each.name, each.data_type, each.dims) for each in hollow)
    known = {each.name for each in (*graph.output, *graph.input)}
    names = [name for node in graph.node for name in node.output if name and name not in known]
    graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(copy.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return {
        each.name: tuple(each.shape) for each in session.get_outputs() if all(isinstance(n, int) for n in each.shape)
    }


def _is_stored(array: Any) -> bool:
    return bool(array.raw_data or array.float_data or array.int64_data or array.int32_data or not prod(array.dims))


# --- count ----------------------------------------------------------------------------------------------------------


def count(folder: Path) -> None:
    """Write the table, and the archive of the kept graphs."""
    macs = {name: int(row["macs"]) for name, row in counted().items()}
    kept: dict[str, Any] = {}
    with TABLE.open("w", newline="", encoding="utf-8") as file, zipfile.ZipFile(FILE, "w", zipfile.ZIP_LZMA) as packed:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for path in sorted(folder.glob("*.onnx")):
            name, _, exporter = path.stem.rpartition("_")
            row = _row(path, macs[name])
            table.writerow({"model": name, "exporter": exporter, **row})
            if exporter in KEPT.get(name, "").split():
                kept[path.name] = {key: row[key] for key in ("params", "macs")}
                packed.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_LZMA)
        packed.writestr(zipfile.ZipInfo("table.json"), json.dumps(kept), zipfile.ZIP_LZMA)


def _row(path: Path, macs: int) -> dict[str, Any]:
    """The figures of a graph, and whether cnncalc's are the same."""
    import onnx

    model = onnx.load(path)
    stated = sorted(_stated(model))
    params = _params(model)
    return {
        "params": params, "macs": macs, "nodes": len(model.graph.node), "shapes": len(stated),
        "digest": hashlib.sha256("\n".join(stated).encode()).hexdigest()[:12],
        "verdict": _verdict(path, params, macs),
    }  # fmt: skip


def _verdict(path: Path, params: int, macs: int) -> str:
    """Whether cnncalc's figures of a graph are these, and every layer has a type and its stated shape."""
    import cnncalc

    try:
        report = cnncalc.analyze(path)
    except cnncalc.SpecError as error:
        return f"error {error.diagnostics[0].code}"
    if report.totals.macs != macs:
        return f"{macs - report.totals.macs} fewer MACs"
    if opaque := sum(layer.type == "opaque" for layer in report.layers):
        return f"{opaque} opaque"
    return "equal" if report.findings == () and report.totals.params == params else "no"


def _stated(model: Any) -> Iterator[str]:
    arrays = {each.name for each in model.graph.initializer}
    for each in (*model.graph.value_info, *model.graph.output):
        if each.name not in arrays and (sizes := _sizes(each)) is not None:
            yield f"{each.name} {'x'.join(map(str, sizes))}"


def _params(model: Any) -> int:
    statistics = {each.input[k] for each in model.graph.node if each.op_type == "BatchNormalization" for k in (3, 4)}
    others = {each.name for each in model.graph.value_info if _is_constant(each)}
    arrays = [each for each in model.graph.initializer if each.data_type in _REAL]
    return sum(prod(each.dims) for each in arrays if prod(each.dims) > 1 and each.name not in statistics | others)


def _is_constant(info: Any) -> bool:
    """Whether the newer exporter says that an array is a buffer, or made from constants of the program."""
    texts = {each.key.rpartition(".")[2]: each.value for each in info.metadata_props}
    return texts.get("kind") == "BUFFER" or "lifted_tensor" in texts.get("folded_from", "")


if __name__ == "__main__":
    command, place, *rest = sys.argv[1:]
    if command == "export":
        export(Path(place), rest[0], rest[1:])
    else:
        count(Path(place))
