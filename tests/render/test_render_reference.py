"""The reference of the layers, and the JSON Schema."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from cnncalc.analysis.zoo import entries
from cnncalc.graph.document import KEYS
from cnncalc.graph.framework_names import framework_names
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.layers.registry import load_all
from cnncalc.render.layer_docs import as_list, as_markdown, as_text, describe
from cnncalc.render.layer_names import as_markdown as names_page
from cnncalc.render.layer_names import tables
from cnncalc.render.schema import spec_schema
from cnncalc.render.zoo import as_markdown as zoo_page
from cnncalc.render.zoo import as_text as zoo_text
from tests.sweeps import sampled
from tests.together import for_each

ROOT = Path(__file__).parents[2]
SCHEMA = spec_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_layers_page_is_in_step() -> None:
    """`docs/layers.md` is what `cnncalc layers --format markdown` prints."""
    page = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
    assert page == as_markdown(list(load_all().values()))


def test_names_page_is_in_step() -> None:
    """`docs/names.md` is what `cnncalc layers --names --format markdown` prints."""
    page = (ROOT / "docs" / "names.md").read_text(encoding="utf-8")
    assert page == names_page(framework_names())


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives a page's headings: lower case, without marks; the second of a name is numbered."""
    seen: Counter[str] = Counter()
    found = set()
    for title in re.findall(r"^#+ (.*)$", page, re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


@pytest.mark.parametrize("name", ["layers.md", "names.md"])
def test_links_of_the_reference_lead_somewhere(name: str) -> None:
    """Every link to a heading of the page itself or of layers.md finds one; every type is linked."""
    pages = {each: (ROOT / "docs" / each).read_text(encoding="utf-8") for each in ("layers.md", "names.md")}
    links = re.findall(r"\]\(((?:layers\.md|names\.md)?)#([^)]*)\)", pages[name])
    headings = {each: anchors(page) for each, page in pages.items()}
    assert [link for link in links if link[1] not in headings[link[0] or name]] == []
    assert len(links) > 200
    if name == "layers.md":
        assert set(load_all()) <= {anchor for _, anchor in links}


def test_a_name_on_the_page() -> None:
    """Caffe's Convolution: three arguments for the kernel in one entry, and those without effect by their ending."""
    row = next(row for row in framework_names() if row.names == ("Convolution",) and row.framework == "Caffe")
    assert tables([row]).splitlines()[-1] == (
        "| `Convolution` | [conv](layers.md#conv) | `num_output` → `filters`, `bias_term` → `bias`, "
        "`pad`/`pad_h`/`pad_w` → `padding`, `kernel_size`/`kernel_h`/`kernel_w` → `kernel`, `group` → `groups`, "
        "`stride`/`stride_h`/`stride_w` → `stride`, `dilation` | ignored: `*_filler`, `engine`, `axis`, "
        "`force_nd_im2col` |"
    )


def test_zoo_page_is_in_step() -> None:
    """`docs/zoo.md` is what `cnncalc zoo --format markdown` prints."""
    page = (ROOT / "docs" / "zoo.md").read_text(encoding="utf-8")
    assert page == zoo_page(list(entries())) + "\n"


@for_each("kind", load_all())
def test_every_type_is_described_in_full(kind: Any) -> None:
    """Each form of the reference names every field, with its help."""
    text, described = as_text(kind, limit=80), describe(kind)
    for field in kind.fields.values():
        assert f"{field.name}  " in text
        assert field.help
    assert [entry["name"] for entry in described["fields"]] == list(kind.fields)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.sweep
def test_schema_is_valid() -> None:
    """The schema obeys its own draft."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_schema_knows_every_key_and_type() -> None:
    """Top-level keys and common item keys are those that the builder reads; each type has its definition."""
    assert set(SCHEMA["properties"]) == set(KEYS)
    item = SCHEMA["$defs"]["item"]["anyOf"][1]["properties"]
    assert set(COMMON_KEYS) <= set(item)
    assert set(load_all()) <= set(item)


GOOD = """
- {input: 32x32x3, layers: [conv 20 8x8 s2 p1, flatten, dense 10]}
- {input: [32, 32, 3], layers: [conv: {filters: 20, kernel: [8, 8], stride: 2, padding: 1, name: stem}]}
- {input: {image: 224x224x3, mask: 224x224x1}, layers: [conv: {out_channels: 3, kernel_size: 3, from: image}]}
- {input: "${size}x${size}x3", variables: {size: 32}, layers: [conv: {filters: "${in.channels}", kernel: ["${k}", 3]}]}
- {input: 8x8x1, layers: [{layers: [conv 2 3x3], repeat: 3, when: "${deep}"}, {my_block: {width: 3}, repeat: 2}]}
- {input: 8x8x1, layers: [conv: {filters: 2, kernel: 3, padding: [[0, 1], 2], expect: {output: 8x8x2}}]}
- {input: 8x8x1, blocks: {b: {parameters: {width: ~, stride: 1}, layers: [conv 2 3x3]}, c: [relu]}, layers: [b: 3]}
- {input: 8x8x1, layers: [conv 2 3x3], expect: {output: 10, params: 5M}, budget: {macs: 300M, peak_activation: 16MiB}}
- {input: 8x8x1, layers: [conv 2 3x3], variants: {small: {width: 1}}, outputs: [conv_1], convention: keras, layout: CHW}
"""

WRONG = """
- {}
- {layers: [conv 2 3x3]}
- {input: 32x32x3}
- {input: 32x32x3, layer: [conv 2 3x3], layers: []}
- {input: 0x3, layer: [conv 2 3x3]}
- {input: 32x32x3, layers: {conv: 2}}
- {input: 32x32x3, layers: [[conv 2 3x3]]}
- {input: 32x32x3, convention: karas, layers: [conv 2 3x3]}
- {input: 32x32x3, layers: [conv: {filters: 2}]}
- {input: 32x32x3, layers: [conv: {filters: 2, kernel: 3, strid: 1}]}
- {input: 32x32x3, layers: [conv: {filters: 2, kernel: 0}]}
- {input: 32x32x3, layers: [conv: {filters: 2.5, kernel: 3}]}
- {input: 32x32x3, layers: [conv: {filters: 2, kernel: 3, padding: sames}]}
- {input: 32x32x3, layers: [conv: {filters: 2, kernel: 3, bias: maybe}]}
- {input: 32x32x3, layers: [conv 2 3x3], expect: {paramz: 3}}
- {input: 32x32x3, layers: [conv 2 3x3], budget: {macs: lots}}
- {input: 32x32x3, blocks: {b: {parameters: {}}}, layers: [b: 3]}
"""


@for_each("spec", yaml.safe_load(GOOD), ids=str)
def test_schema_accepts(spec: Any) -> None:
    """Everything that the language allows validates."""
    assert [error.message for error in VALIDATOR.iter_errors(spec)] == []


@for_each("spec", yaml.safe_load(WRONG), ids=str)
def test_schema_refuses(spec: Any) -> None:
    """Missing and unknown keys, wrong words and impossible numbers do not."""
    assert not VALIDATOR.is_valid(spec)


@pytest.mark.parametrize("path", sampled(sorted((ROOT / "specs").glob("*.yaml"))), ids=lambda path: path.stem)
def test_bundled_specs_validate(path: Path) -> None:
    """Every bundled spec obeys the schema."""
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [f"{list(error.path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(spec)] == []


@pytest.mark.parametrize(
    ("limit", "heads"),
    [
        (None, "name year input parameters MACs field memory source"),
        (80, "name year input parameters MACs source"),  # 12 + 4 + 9 + 10 + 5 and 24, 2 between each: 74
        (60, "name year input parameters MACs"),  # 48
        (40, "name input parameters"),  # 42 without the year, 35 without the MACs
    ],
)
def test_the_zoo_on_a_narrow_terminal(limit: int | None, heads: str) -> None:
    """Columns that find no room are left out, and no line overflows."""
    lines = zoo_text([each for each in entries() if each.name in ("mobilenet_v2", "lenet5")], limit=limit).splitlines()
    assert lines[0].split() == heads.split()
    assert all(limit is None or len(line) <= limit for line in lines)


@pytest.mark.parametrize("limit", [40, 60, 80])
def test_the_list_of_layers_on_a_narrow_terminal(limit: int) -> None:
    """Lines fit, and no word is cut: the titles stand below the names where there is little room."""
    text = as_list(list(load_all().values()), limit=limit)
    assert max(map(len, text.splitlines())) <= limit
    assert "Rectified" in text.split()
    assert "multi_head_attention" in text.split()
