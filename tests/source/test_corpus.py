"""The corpus of model code: its list, the figures that the frameworks gave, and its broken variants agree."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cnncalc import SpecError, analyze
from tests.oracles.source_figures.listing import (
    CORPUS,
    Broken,
    CorpusModel,
    broken_variants,
    corpus_models,
    source_text,
)
from tests.sweeps import sampled
from tests.together import for_each

FILE = Path(__file__).parents[1] / "data" / "source_corpus.json.gz"
RECORDED = json.loads(gzip.decompress(FILE.read_bytes()))
MODELS = {each.reference: each for each in corpus_models()}
VARIANTS = list(zip(broken_variants(), RECORDED["failures"], strict=True))


def test_every_model_of_the_list_is_recorded() -> None:
    """The list and the record hold the same models, from at least 60 files."""
    assert sorted(MODELS) == sorted(RECORDED["models"])
    assert len({each.file for each in MODELS.values()}) >= 60


def test_every_file_has_a_model_in_the_list() -> None:
    """No file of the corpus is forgotten, apart from the parts of the package."""
    files = {path.name for path in CORPUS.iterdir() if path.suffix in (".py", ".ipynb")}
    assert files == {each.file for each in MODELS.values() if "/" not in each.file}


@pytest.mark.parametrize("framework", ["pytorch", "keras"])
def test_modules_hold_their_parts(framework: str) -> None:
    """A module has at least the parameters of those inside it, and the model at least those of each module."""
    for reference, figures in RECORDED["models"].items():
        if MODELS[reference].framework == framework:
            counts = {name: row[0] for name, row in figures["modules"].items()}
            assert all(count <= figures["params"] for count in counts.values()), reference
            for name, count in counts.items():
                around = name.rpartition(".")[0]
                assert counts.get(around, count) >= count, (reference, name)


@for_each(("broken", "failure"), VARIANTS, ids=[f"{place}-{each.model}" for place, (each, _) in enumerate(VARIANTS)])
def test_every_variant_fails(broken: Broken, failure: str) -> None:
    """The framework refuses each variant, which is still Python, and the line is one of its file."""
    text = source_text(MODELS[broken.model].file).replace(broken.old, broken.new)
    assert failure.partition(":")[0].endswith(("Error", "Exception"))
    assert broken.line <= text.count("\n")
    if MODELS[broken.model].file.endswith(".py"):
        ast.parse(text)


def test_there_are_variants_of_many_files() -> None:
    """At least 120 mistakes, of at least 50 files and in every framework."""
    assert len(VARIANTS) >= 120
    assert len({MODELS[each.model].file for each, _ in VARIANTS}) >= 50
    assert {MODELS[each.model].framework for each, _ in VARIANTS} == {"pytorch", "keras", "tensorflow"}


# --- the corpus read by cnncalc --------------------------------------------------------------------------------------

SAMPLED = {"spatial_transformer.py:Net": 28 * 28 * 4}
"""Multiply-accumulates that the framework's kernel hides: four for each element that bilinear sampling gives."""


def reference(model: CorpusModel, folder: Path = CORPUS) -> str:
    return f"{folder / model.file}:{model.reference.partition(':')[2]}"


def shapes(model: CorpusModel) -> Any:
    """The input as the caller gives it: a shape, or several by name."""
    if len(model.inputs) == 1 and not model.inputs[0].name:
        return model.inputs[0].shape
    return {each.name: each.shape for each in model.inputs}


def first(shape: Any) -> Any:
    """A recorded shape, of several outputs that of the first."""
    return shape[0] if shape and not isinstance(shape[0], int) else shape


@pytest.mark.parametrize("name", sampled(list(MODELS), every=6))
def test_every_model_is_read_as_its_framework_computes_it(name: str) -> None:
    """Parameters, multiply-accumulates, outputs, and the shape of each layer that is a module called once."""
    model, recorded = MODELS[name], RECORDED["models"][name]
    report = analyze(reference(model), input=shapes(model)).to_dict()
    layers = {each["name"]: each["output_shape"] for each in report["layers"]}
    modules = {key: first(row[1]) for key, row in recorded.get("modules", {}).items() if row[2] == 1 and key in layers}
    wanted = recorded["output"]
    assert report["totals"]["params"] == recorded["params"]
    assert report["totals"]["macs"] == recorded["macs"] + SAMPLED.get(name, 0)
    assert [each["shape"] for each in report["outputs"]] == (wanted if first(wanted) is not wanted else [wanted])
    assert {key: layers[key] for key, shape in modules.items() if shape} == {k: v for k, v in modules.items() if v}


@pytest.mark.parametrize("place", sampled(range(len(VARIANTS)), every=6))
def test_every_mistake_is_found_at_its_line(place: int, tmp_path: Path) -> None:
    """The error is on the line of the mistake, and names the sizes that differ."""
    broken, model = VARIANTS[place][0], MODELS[VARIANTS[place][0].model]
    if place in UNFOUND:
        pytest.skip("not found yet")
    text = source_text(model.file).replace(broken.old, broken.new)
    (tmp_path / Path(model.file).name).write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        analyze(reference(model, tmp_path), input=shapes(model))
    line = text.split("\n")[broken.line - 1].strip()
    found = [
        f"{each.message} {each.hint}".replace(",", "")
        for each in caught.value.diagnostics
        if each.span and (each.line == broken.line or each.span.source.line_text(each.line).strip() in line)
    ]
    assert any(all(str(number) in each for number in broken.numbers) for each in found)


UNFOUND = ()
"""Places of mistakes that are not found, or without one of the sizes."""
