"""Arguments that no field takes, values that a field refuses, fields that are missing: the message and the hint."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal, Source, SpecError
from cnncalc.graph.field_mistakes import refused
from cnncalc.layers.convolution.conv import Conv
from cnncalc.reading.nodes import Scalar
from tests.together import for_each

CONV = "it takes filters and kernel by position"
FREE = "write the field's name: stride=…, padding=…, dilation=…, bias=…, rounding=…, padding_mode=…, groups=…"
FIELDS = "it has filters, kernel, stride, padding, dilation, bias, rounding, padding_mode, groups"
OCTAL = "`017` is octal 15 in YAML 1.1 and 17 in YAML 1.2"


@for_each(
    ("item", "code", "message", "hint"),
    [
        # numbers that not all readers of YAML take for the same, where a number is possible
        ("conv 017 3x3", "E105", OCTAL, "write 17 or 15"),
        ("conv 20 017", "E105", OCTAL, "write 17 or 15"),
        ("dropout 017", "E105", OCTAL, "write 17 or 15"),
        ("dense 1:30", "E105", "`1:30` is 90 in base 60 in YAML 1.1 and text in YAML 1.2", "write 90"),
        ("conv 20 3 bias=no", "E105", "`no` is a bool in YAML 1.1 and text in YAML 1.2", "write false"),
        ("conv 20 3 bias=maybe", "E204", 'bias: got "maybe", but true or false is needed', ""),
        ("relu 017", "E204", 'relu: no place for "017"; it takes nothing by position',
         "write the field's name: max_value=…, slope=…, threshold=…"),
        ("conv 20 3 0o17", "E204", f'conv: no place for "0o17"; {CONV}', FREE),
        # one argument too many
        ("dense 3 4", "E204", "dense: no place for 4; it takes units by position",
         "write the field's name: bias=…, fixed_bias=…"),
        ("flatten q2", "E204", 'flatten: no place for "q2"; it takes start and end by position',
         "write the field's name: start=…, end=…"),
        ("conv 20 3 f5", "E204", f'conv: no place for "f5"; {CONV}',
         "the short forms here are s (stride), p (padding), d (dilation), g (groups)"),
        ("batch_norm 64", "E204", "batch_norm: no place for 64; it takes nothing by position",
         "leave it out, as the input says it, or write num_features=64"),
        ("softmax 10", "E204", "softmax: no place for 10; it takes nothing by position",
         "write dense 10 softmax for 10 outputs"),
        # given twice
        ("conv 20 3 k5", "E102", "kernel is given twice (first on line 1): 3 and 5", "keep one of them"),
        ("conv 20 3 s2 s3", "E102", "stride is given twice (first on line 1): 2 and 3", "keep one of them"),
        ("conv 20 3 same half", "E102", "padding is given twice (first on line 1): same and half", "keep one of them"),
        ("conv 20 3 valid p1", "E102", "padding is given twice (first on line 1): valid and 1",
         "`valid` means no padding; keep one of them"),
        # missing
        ("dense", "E205", "dense needs `units` (number of outputs)", "for example: dense 10"),
        ("dense relu", "E205", "dense needs `units` (number of outputs)",
         'for example: dense 10; "relu" is read as an activation'),
        ("conv", "E205",
         "conv needs `filters` (number of filters, the output's channels) and `kernel` (size of the window)",
         "for example: conv 20 8x8 s2 p1"),
        # unknown fields
        ("relu size=3", "E203", 'relu has no field "size"', "it has max_value, slope, threshold"),
        ("identity xyz=3", "E203", 'identity has no field "xyz"', "it has no fields of its own"),
        ("conv 20 3 d=2", "E203", 'conv has no field "d"', 'did you mean "dilation"?'),
        ("conv 20 3 size=3", "E203", 'conv has no field "size"', 'did you mean "kernel_size"?'),
        ("conv 20 3 nam=x", "E203", 'conv has no field "nam"', 'did you mean "name"?'),
        ("conv 20 3 n=3", "E203", 'conv has no field "n"', FIELDS),
        ("conv 20 3 xyz=3", "E203", 'conv has no field "xyz"', FIELDS),
    ],
)  # fmt: skip
def test_arguments(item: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        analyze(f"8x8x3 -> {item}")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.hint) == (code, message, hint)


@pytest.mark.parametrize(("text", "begin"), [("", "stride: "), ("stride: 017", "")])
def test_a_file_without_lines_names_the_field(text: str, begin: str) -> None:
    """Where the text shows the place, the message does not repeat the field."""
    node = Scalar(Source("net.onnx", text), 0, 0, "017")
    found = refused(Conv.fields["stride"], "017", node, Refusal("it must be a number"))
    assert (found.code, found.message) == ("E105", begin + OCTAL)


def test_a_mapping_is_no_number() -> None:
    with pytest.raises(SpecError) as caught:
        analyze({"input": "8x8x3", "layers": [{"conv": {"filters": 2, "kernel": 3, "stride": {"a": 1}}}]})
    assert caught.value.diagnostics[0].message == "stride: got a mapping, but a whole number is needed"


@pytest.mark.parametrize(
    ("spec", "column"),
    [("9x9x3 -> group_norm 2", 21), ("9x9x3 -> group_norm", 10), ("9x9x3 -> glu", 10), ("9x9x3 -> softmax axis=7", 23)],
)
def test_the_place_of_a_value_that_a_rule_refuses(spec: str, column: int) -> None:
    """Where it is written; a default, such as the 32 groups, is written nowhere: then it is the item."""
    with pytest.raises(SpecError) as caught:
        analyze(spec)
    assert caught.value.diagnostics[0].column == column
