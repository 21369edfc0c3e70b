"""The `layers` and `schema` commands."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from cnncalc.layers.registry import load_all

Run = Callable[..., Result]


def test_layers_lists_every_type(run: Run) -> None:
    """One line a type."""
    printed = run("layers").stdout
    assert all(f"  {kind.type} " in printed for kind in load_all().values())


@pytest.mark.parametrize("name", ["conv", "Conv2d", "nn.Conv2d", "convolution"])
def test_a_type_is_found_by_any_name(run: Run, name: str) -> None:
    """Aliases are accepted, as frameworks spell them."""
    printed = run("layers", name).stdout
    assert printed.startswith("conv  Convolution")
    assert "out_channels" in printed
    assert "short s2" in printed


def test_json_describes_fields(run: Run) -> None:
    """The machine-readable form has each field with its default, place and aliases."""
    described = json.loads(run("layers", "conv", "--format", "json").stdout)
    stride = next(field for field in described["fields"] if field["name"] == "stride")
    assert (stride["default"], stride["short"], stride["aliases"]) == ("1", "s", ["strides"])
    assert [entry["type"] for entry in json.loads(run("layers", "--format", "json").stdout)] == list(load_all())


def test_names_in_other_frameworks(run: Run) -> None:
    """`--names` lists a type's names and arguments in each framework, as text and as JSON."""
    printed = run("layers", "Conv2d", "--names").stdout
    assert "  Conv1d, Conv2d, Conv3d: conv\n      out_channels → filters, kernel_size → kernel, stride" in printed
    assert "  Conv: conv\n      auto_pad/pads → padding, dilations → dilation, group → groups" in printed
    assert "max_pool" not in printed
    rows = json.loads(run("layers", "--names", "--format", "json").stdout)
    (own,) = (row for row in rows if "Gemm" in row["names"])
    assert (own["framework"], own["module"], own["type"]) == ("ONNX", "operators", "dense")
    assert own["arguments"][0] == {"name": "alpha", "meaning": "ignored", "field": None}


def test_a_type_without_other_names_says_so(run: Run) -> None:
    """`opaque` is of no framework."""
    assert run("layers", "opaque", "--names").stdout == "opaque: no names in other frameworks are known\n"


def test_schema_is_printed(run: Run) -> None:
    """`schema` prints JSON of draft 2020-12."""
    assert json.loads(run("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
