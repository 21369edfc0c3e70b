"""The frameworks' constructors, recorded from them: each is taken with all its parameters, or named with a reason.

`tests/data/signatures.jsonl` holds a line for each constructor of torch.nn and keras.layers, each ONNX operator with
its attributes, and each of Caffe's layers with its parameters (caffe.proto). A `call` has every parameter written out;
its output and parameters are the framework's own. `tests/oracles/test_signatures.py` holds the names against what is
installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import cnncalc
from cnncalc.arithmetic.convention import setting
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.graph.construct import FieldContext, construct
from cnncalc.graph.items import COMMON_KEYS, Argument
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.names import no_incoming
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Values
from cnncalc.layers import registry
from cnncalc.reading import signatures
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Scalar
from tests.together import for_each

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "signatures.jsonl").read_text(encoding="utf-8").splitlines()
]
CALLS = [row for row in ROWS if "call" in row]
STACKS = ("Sequential", "TransformerEncoder", "TransformerDecoder")
"""Hold other calls; see test_calls."""
CONVENTIONS = {"torch.nn": "pytorch", "keras.layers": "keras", "onnx": "onnx", "caffe": "caffe"}
PREFIXES = {"torch.nn": "nn.", "keras.layers": "layers."}


def named(row: dict) -> str:
    return f"{row['framework']}.{row['name']}"


def by_name(rows: Iterable[dict]) -> dict[str, dict]:
    return {named(row): row for row in rows}


def test_the_list_is_whole():
    """Every constructor is there once, and what is not supported has a reason."""
    assert len({named(row) for row in ROWS}) == len(ROWS) > 500
    assert len(CALLS) > 190
    assert all(row["unsupported"] for row in ROWS if "unsupported" in row)


@for_each("row", by_name(CALLS))
def test_a_call_with_every_parameter_gives_the_framework_s_figures(row):
    """Output shape and number of parameters are what the framework gave for the same call."""
    shape = "x".join(map(str, row["input"]))
    report = cnncalc.analyze(f"{shape} -> {row['call']}", convention=row["convention"])
    assert list(report.outputs[0].shape) == row["output"]
    assert report.to_dict()["totals"]["params"] == row["params"]


@for_each("row", by_name(row for row in CALLS if row["framework"] in PREFIXES))
def test_the_order_is_the_framework_s(row):
    """The table's parameters are the constructor's, in its order."""
    signature = signatures.find(PREFIXES[row["framework"]] + row["name"], [], [])
    assert signature is not None
    own = [name for name in row["parameters"] if not name.startswith("*")]
    names = [each.name for each in signature.parameters if each.name != "args"]
    assert names[: len(own)] == own
    assert set(names[len(own) :]) <= {"device", "dtype"}  # of PyTorch's recurrent layers, which take them by keyword


@for_each("row", by_name(row for row in ROWS if "call" not in row))
def test_what_is_not_called_takes_its_parameters(row):
    """A type without a recorded call knows every parameter, or the list says why it does not."""
    found = registry.find(row["name"])
    if "unsupported" in row or row["name"] in STACKS:
        return
    assert found is not None
    kind = found[0]
    chosen = kind.choice.words if kind.choice else ()
    signature = signatures.find(PREFIXES.get(row["framework"], "") + row["name"], [], [])
    parameters = []
    for name in row["parameters"]:
        renamed = signature.named(name) if signature and row["framework"] in PREFIXES else None
        word = renamed.word.partition("@")[0] if renamed else name
        if word not in (
            "*",
            "-",
            *chosen,
            *COMMON_KEYS,
            *kind.hands_on,
            *row.get("not_taken", ()),
        ) and not word.startswith("*"):
            parameters.append(word)
    assert [word for word in untaken(kind, row["framework"], parameters) if word != "layer"] == []


def untaken(kind: type, framework: str, words: list[str]) -> list[str]:
    """The words that a type does not know."""
    source = Source("words", " ".join(words))
    reports: list[Diagnostic] = []
    arguments = []
    for word in words:
        start = re.search(rf"(?<!\S){re.escape(word)}(?!\S)", source.text).start()
        arguments.append(
            Argument(Scalar(source, start, start + len(word), word), Scalar(source, start, start + len(word), "~"))
        )
    values = Values(Scope({}), no_incoming, Limits())
    own = setting(CONVENTIONS[framework])
    context = FieldContext(own, values, reports.append, BuildCache().layers(own))
    construct(kind, arguments, Span(source, 0, 0), context)
    return [source.text[each.span.start : each.span.end] for each in reports if each.code == "E203"]
