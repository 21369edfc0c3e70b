"""The spec that `import` writes: short, and the same network as the flat draft."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.imported import imported_draft
from cnncalc.analysis.same_network import differences
from cnncalc.importing.draft import Draft
from tests.importing.flattened import draft_of


def assert_same_network(draft: Draft, most_lines: int | None = None) -> str:
    """Assert that the text of a draft's spec is the same network, and not longer than it may be; the text."""
    found = imported_draft(draft)
    assert found.differences == ()
    assert found.findings == ()
    lines = found.text.splitlines()
    assert most_lines is None or len(lines) <= most_lines
    return found.text


@pytest.mark.parametrize("scopes", [False, True], ids=["plain", "with modules"])
@pytest.mark.parametrize(
    ("name", "most", "blocks"),
    [
        ("resnet50", 60, 2),  # a shortcut with and without a convolution
        ("mobilenet_v2", 80, 2),  # the chain, and a sum around it
        ("densenet121", 80, 2),  # what each layer adds, and the transition
        ("googlenet", 60, 1),  # inception modules
        ("vit_b_16", 40, 1),  # encoders
    ],
)
def test_a_network_is_as_short_as_a_person_writes_it(name: str, most: int, blocks: int, scopes: bool) -> None:
    """The text has few lines and few blocks, and building it gives every layer of the draft."""
    text = assert_same_network(draft_of(name, scopes=scopes), most)
    assert text.count("    - ") > 0
    before, _, _ = text.partition("\nlayers:\n")
    assert sum(line.startswith("  ") and line[2] != " " for line in before.splitlines()) <= blocks + scopes


SPECS = (
    "alexnet", "shufflenet_v2_x1_0", "inception_v3", "unet", "yolov3", "efficientnet_b0", "squeezenet1_0", "segnet",
    "keras_resnet50", "convnext_tiny", "wavenet", "swin_t", "keras_nasnet_mobile", "fcos_resnet50_fpn", "hourglass",
    "lenet5", "rbm_movies", "lstm_rows", "dcgan_generator", "c3d", "tcn",
)  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_it_is_the_same_network(name: str) -> None:
    """Layers, shapes, parameters, MACs and connections are those of the draft."""
    assert_same_network(draft_of(name))


@pytest.mark.parametrize(
    ("mine", "theirs", "says"),
    [
        ("13x11x3 -> conv 5 3x3", "13x11x3 -> conv 5 3x3 same", "only the first has conv 11x9x5, 140 parameters"),
        ("13x11x3 -> conv 5 3x3", "13x11x3 -> conv 5 3x3 relu", "only the second has relu 11x9x5"),
        (
            "7x7x3 -> relu name=a -> sigmoid name=b -> tanh from=a -> add from=[a, b]",
            "7x7x3 -> relu name=a -> sigmoid name=b -> tanh from=b -> add from=[a, b]",
            "only the first has tanh 7x7x3",
        ),
    ],
)
def test_differences_are_seen(mine: str, theirs: str, says: str) -> None:
    """Another shape, another layer, or another connection is told."""
    assert differences(examine(mine), examine(mine)) == []
    assert says in "; ".join(differences(examine(mine), examine(theirs)))


def test_an_activation_that_a_layer_carries_is_a_layer() -> None:
    """`conv 5 3x3 relu` is the same network as `conv 5 3x3 -> relu`."""
    assert differences(examine("7x7x3 -> conv 5 3x3 relu"), examine("7x7x3 -> conv 5 3x3 -> relu")) == []
