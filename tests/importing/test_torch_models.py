"""The recorded table of torchvision's and timm's models: what converts fully, and the counts that others publish."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from tests.together import for_each

TABLE = Path(__file__).parent.parent / "data" / "torch_models.csv"

NOT_CONVERTED = {"csatv2"}
"""CSATv2's attention multiplies samples with one another: it compares the images of a batch, and no layer does that."""


@cache
def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_other_model_is_converted_fully() -> None:
    """No operation is opaque, every value has PyTorch's sizes, all parameters and multiply-accumulates are equal."""
    partly = {row["model"] for row in rows() if (row["shapes"], row["counts"]) != ("equal", "equal")}
    assert partly == NOT_CONVERTED
    assert {row["model"] for row in rows() if row["opaque"] != "0"} == set()


@pytest.mark.parametrize(("library", "count"), [("torchvision", 95), ("timm", 191)])
def test_the_table_has_all_models(library: str, count: int) -> None:
    """Torchvision's classification, segmentation and video models; of timm one of each family."""
    assert sum(row["library"] == library for row in rows()) == count


@for_each(("model", "params"), [
    ("alexnet", 61_100_840), ("resnet50", 25_557_032), ("vit_b_16", 86_567_656), ("swin_t", 28_288_354),
    ("convnext_tiny", 28_589_128), ("mobilenet_v3_large", 5_483_032), ("regnet_y_400mf", 4_344_144),
    ("mvit_v1_b", 36_610_672), ("swin3d_t", 28_158_070), ("deeplabv3_resnet101", 58_630_997),
])  # fmt: skip
def test_parameters_are_the_published_ones(model: str, params: int) -> None:
    """The numbers in torchvision's table of weights."""
    (found,) = [row for row in rows() if row["library"] == "torchvision" and row["model"] == model]
    assert int(found["params"]) == params


def test_parameters_without_use_are_those_of_auxiliary_heads() -> None:
    """GoogLeNet's two auxiliary heads: 13,004,888 - 6,624,904 = 6,379,984."""
    (found,) = [row for row in rows() if row["model"] == "googlenet"]
    assert int(found["unused"]) == 6_379_984
