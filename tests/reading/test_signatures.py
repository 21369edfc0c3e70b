"""The framework of a call by its module, its spelling and its arguments, and the rows of the tables."""

from __future__ import annotations

from cnncalc.reading.signatures import find, signature_of
from tests.together import for_each


@for_each(
    ("name", "positional", "keywords", "framework"),
    [
        # by the module
        ("layers.Conv2D", "", "", "keras"), ("keras.layers.ReLU", "true", "", "keras"),
        ("tf.layers.conv2d", "", "", "tf.layers"),
        ("tf.nn.conv2d", "", "", "tf.nn"), ("nn.Conv2d", "", "", "pytorch"), ("torch.nn.Dropout", "0.5", "", "pytorch"),
        ("F.relu", "", "", "torch functions"), ("nn.functional.relu", "", "", "torch functions"),
        ("torch.relu", "", "", "torch functions"), ("torch.Conv2d", "", "", "pytorch"), ("F.Conv2D", "", "", None),
        # by the spelling
        ("Conv2d", "", "", "pytorch"), ("Conv2D", "", "", "keras"), ("nn.Conv2D", "", "", "pytorch"),
        ("nn.conv2D", "", "", None),
        ("avg_pool2d", "", "", "torch functions"), ("Conv4d", "", "", None), ("Conv", "", "", None),
        ("nope", "", "", None),
        # by the arguments, of names that Keras and PyTorch share; Keras goes first
        ("Dropout", "0.5", "", "keras"), ("Dropout", "", "p", "pytorch"), ("Dropout", "", "rate", "keras"),
        ("Dropout", "", "", "pytorch"),  # Keras requires a rate
        ("ReLU", "6", "", "keras"), ("ReLU", "true", "", "pytorch"), ("ReLU", "false", "", "pytorch"),
        ("ReLU", "", "inplace", "pytorch"), ("ReLU", "6 true", "", "keras"),  # neither: PyTorch has one argument
        ("Flatten", "", "", "keras"), ("Flatten", "channels_last", "", "keras"), ("Flatten", "1", "", "pytorch"),
        ("Flatten", "1 2", "", "pytorch"), ("GRU", "3", "", "keras"), ("GRU", "3 5", "", "pytorch"),
        ("GRU", "3 tanh", "", "keras"), ("LSTM", "", "hidden_size", "keras"), ("LSTM", "7", "hidden_size", "pytorch"),
        ("LSTM", "", "hidden_size input_size", "pytorch"), ("LSTM", "", "units", "keras"),
    ],
)  # fmt: skip
def test_the_framework_of_a_call(name: str, positional: str, keywords: str, framework: str | None) -> None:
    """Keras documents `ReLU(max_value, negative_slope, threshold)` and `GRU(units, activation)`, PyTorch
    `ReLU(inplace)` and `GRU(input_size, hidden_size)`.
    """
    found = find(name, positional.split(), keywords.split())
    assert (found.framework if found else None) == framework


@for_each(
    ("name", "place", "parameter"),
    [
        ("nn.AvgPool1d", -1, "count_include_pad"),
        ("nn.AvgPool2d", -1, "divisor_override"),  # the row with the number first
        ("Conv2DTranspose", 4, "output_padding"), ("Conv3DTranspose", 4, "data_format"),
        ("nn.Conv3d", 1, "out_channels"),
    ],
)  # fmt: skip
def test_the_row_of_a_name(name: str, place: int, parameter: str) -> None:
    found = find(name, [], [])
    assert found is not None
    assert found.parameters[place].name == parameter


def test_the_parts_of_a_row() -> None:
    """Inputs, arguments without effect, required ones, fields of another name, and defaults."""
    found = [(*each, each.flows, each.ignored) for each in signature_of("*x -y a! b=c d=e! f:3 g")]
    assert found == [
        ("x", "*", "", True, False), ("y", "-", "", False, True), ("a", "a", "required", False, False),
        ("b", "c", "", False, False), ("d", "e", "required", False, False), ("f", "f", "3", False, False),
        ("g", "g", "", False, False),
    ]  # fmt: skip
    pool = find("nn.MaxPool2d", [], [])
    assert pool is not None
    assert pool.named("stride") == pool.parameters[1]
    assert pool.named("strides") is None
