"""Models in words: the sentences are written by hand."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.homework.exercises.description import describe

THROUGH = "An input of 8×8×4 goes through "


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ("conv 20 5x3 s2 p1 bias=false -> max_pool 2 -> flatten -> dense 1",
         ("a convolution of 20 filters of 5×3 with stride 2, padding 1, no biases, then maximum pooling of 2×2, then "
          "flattening, then a dense layer of 1 unit.")),
        ("relu", "ReLU."),
        ("elu", "an elu."),
        ("avg_pool 3 s2 -> batch_norm", "average pooling of 3×3 with stride 2, then batch normalization."),
        ("conv 4 3 groups=2 s1x2 same_lower",
         "a convolution of 4 filters of 3×3 with stride 1×2, padding same lower, 2 groups."),
        ("conv 1 2 g1 dilation=[2,2]", "a convolution of 1 filter of 2×2 with dilation 2, 1 group."),
        ("conv_transpose 4 2 s2 output_padding=1",
         "a transposed convolution of 4 filters of 2×2 with stride 2, output padding 1."),
        ("instance_norm affine=false -> dropout 0.5", "an instance norm with no affine, then dropout with rate 0.5."),
        ("conv 4 3 bias=true", "a convolution of 4 filters of 3×3."),
    ],
)  # fmt: skip
def test_a_chain_in_one_sentence(layers: str, words: str) -> None:
    assert describe(load(f"8x8x4 -> {layers}")) == f"{THROUGH}{words}"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("lstm 5", "an LSTM of 5 units"), ("rnn 1", "a recurrent layer of 1 unit"), ("gru 2", "a GRU of 2 units"),
    ],
)  # fmt: skip
def test_articles(layer: str, words: str) -> None:
    """Letters that are spoken one by one have the article of the first letter's name."""
    assert describe(load(f"8x4 -> {layer}")) == f"An input of 8×4 goes through {words}."


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("8x8x4 -> add(conv 4 3 p1 | )",
         ("The input input has the shape 8×8×4. conv_1: a convolution of 4 filters of 3×3 with padding 1. "
          "add_1: addition of conv_1 and input.")),
        ("8x8x4 -> relu -> conv 4 3 from=input",
         ("The input input has the shape 8×8×4. relu_1: ReLU. "
          "conv_1: a convolution of 4 filters of 3×3 of input.")),
        ("a: 8x8x4, b: 8x8x3 -> concat from=a,b -> relu",
         ("The input a has the shape 8×8×4. The input b has the shape 8×8×3. concat_1: concatenation of a and b. "
          "relu_1: ReLU.")),
    ],
)  # fmt: skip
def test_a_graph_in_steps(spec: str, words: str) -> None:
    """A layer names its inputs, unless it follows the one before it."""
    assert describe(load(spec)) == words


def test_a_large_model_by_its_name() -> None:
    """Forty layers are listed; one more is too many for a question."""
    chain = "input: 8x8x4\nlayers: ['(relu)*{}']\n"
    assert describe(load(chain.format(40))) == THROUGH + "ReLU, then " * 39 + "ReLU."
    assert describe(load(chain.format(41))) == ""
    assert describe(load(f"name: Net\n{chain.format(41)}")) == "The network Net."
