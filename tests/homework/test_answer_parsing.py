"""Answers as people write them, and what cannot be read."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import SpecError
from cnncalc.homework.answers.arrays import Nested, read_array
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.shapes import read_shape
from cnncalc.homework.answers.sums import WrittenNumber
from cnncalc.homework.answers.wording import is_blank, says_it_does_not_fit
from cnncalc.homework.check import check
from tests.together import for_each

CONV = "32x32x3 -> conv 20 8x8 s2 p1"  # 14x14x20; 3,860 parameters, 756,560 unshared


@for_each(
    "text",
    [
        "14x14x20", "14×14×20", "14 x 14 x 20", "[14, 14, 20]", "(14,14,20)", "14*14*20", "14 14 20", "14X14X20",
        "{14; 14; 20}", " ( 14 , 14 , 20 ) ", "[[14, 14, 20]]", "torch.Size([14, 14, 20])", "14·14·20",
        "= 14x14x20", "１４x１４x２０",
    ],
)  # fmt: skip
def test_shapes_that_are_right(text: str) -> None:
    (found,) = check(CONV, {"output": text})
    assert (found.status, found.note) == ("right", "")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("20x14x14", "channels first; in this model's layout it is 14x14x20"),
        ("1x14x14x20", "the first size, 1, is the batch"),
        ("(None, 14, 14, 20)", "the first size, None, is the batch"),
        ("[-1, 14, 14, 20]", "the first size, -1, is the batch"),
    ],
)
def test_shapes_that_are_right_with_a_note(text: str, note: str) -> None:
    (found,) = check(CONV, {"output": text})
    assert (found.status, found.note) == ("right with a note", note)


@for_each(
    ("text", "value"),
    [
        ("756560", 756560), ("756,560", 756560), ("756 560", 756560), ("756'560", 756560), ("756_560", 756560),
        ("756\u202f560", 756560), ("1,234,567", 1234567), ("1 234 567.5", Fraction("1234567.5")),
        ("3840 + 20", 3860), ("(8*8*3+1)*20", 3860), ("8·8·3·20+20", 3860), ("(8×8×3 + 1)×20", 3860),
        ("2^10", 1024), ("2**10 - 24", 1000), ("-(3 - 5)", 2), ("10/4", Fraction(5, 2)), ("10 ÷ 4", Fraction(5, 2)),
        ("7.6e5", 760000), ("0.76M", 760000), ("0,76M", 760000),
        ("3.86k", 3860), ("4 MiB", 4 * 2**20), ("2.5 GB", 25 * 10**8),
        ("25%", Fraction(1, 4)), ("1.5 million", 1500000), ("3860 parameters", 3860), ("+5", 5), (".5", Fraction(1, 2)),
        ("1.5 B parameters", 15 * 10**8), ("1.5 B", Fraction(3, 2)),
        ("8²·3·20 + 20", 3860), ("2¹⁰", 1024), ("= 3860", 3860), ("38\u200b60", 3860),
        ("13½", Fraction(27, 2)), ("½", Fraction(1, 2)), ("27⁄2", Fraction(27, 2)), ("27∕2", Fraction(27, 2)),
        ("3(4 + 1)", 15), ("3x(4 + 1)", 15), ("≈ 3.9k", 3900), ("３８６０", 3860),
    ],
)  # fmt: skip
def test_numbers(text: str, value: Fraction | int) -> None:
    assert read_number(text).value == value


@for_each(
    ("text", "status", "note"),
    [
        ("756560", "right", ""),
        ("0.76M", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("7.6e5", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("0.757M", "right with a note", "right within the given digits; the exact value is 756,560"),
        ("0.75M", "wrong", ""),
        ("757000", "wrong", ""),  # written out, it is meant exactly
        ("756.560", "right with a note", "the point was read as a thousands separator"),
        ("756.561", "wrong", ""),
        ("(8*8*3+1)*20*14*14", "right", ""),
    ],
)
def test_rounded_numbers(text: str, status: str, note: str) -> None:
    (found,) = check(CONV, {"total.unshared_params": text})
    assert (found.status, found.note) == (status, note)


def test_points_between_thousands_of_a_wrong_answer() -> None:
    """756.560 is no number of parameters, but 756,560 is what they are without weight sharing."""
    (found,) = check(CONV, {"params": "756.560"})
    assert [suspect.name for suspect in found.suspects] == ["without_sharing"]


@for_each(
    ("text", "column", "message"),
    [
        ("", 1, "the answer is empty"),
        ("   ", 1, "the answer is empty"),
        ("abc", 1, 'a number is needed, not "abc"'),
        ("3 +", 4, "a number is needed, the answer ends here"),
        ("3 $ 4", 3, '"$" cannot be parsed'),
        ("12 k bananas", 6, '"bananas" is not a unit'),
        ("2 + " + "1" * 41, 5, "more than 40 digits"),
        ("= 3 $ 4", 5, '"$" cannot be parsed'),
        ("(3 + 4", 7, "a closing parenthesis is missing"),
        ("3 4", 3, '"4" is not part of a number'),
        ("12 bananas", 4, '"bananas" is not a unit'),
        ("1/0", 4, "division by 0"),
        ("2^1000", 7, "an exponent must be a whole number of at most 64"),
        ("9^64", 5, "the result has more than 40 digits"),
        ("1e999", 1, "more than 40 digits"),
        ("1" * 41, 1, "more than 40 digits"),
        ("__import__('os')", 1, '"_" cannot be parsed'),
        ("1+" * 150, 1, "the answer has 300 characters, more than 200"),
    ],
)
def test_unreadable_numbers(text: str, column: int, message: str) -> None:
    """What cannot be read is told with its place; it is never marked wrong."""
    with pytest.raises(SpecError) as error:
        read_number(text)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.column, diagnostic.message) == (column, message)
    (found,) = check(CONV, {"params": text})
    assert (found.status, found.right) == ("unreadable", False)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("14x14xtwenty", 7, '"twenty" is not a size of a shape'),
        ("14x20xx5", 6, "a size is missing"),
        ("(14xx20)", 4, "a size is missing"),
        ("x", 1, "the answer is not a shape"),
        ("14x14.5.1x20", 4, '"14.5.1" is not a size of a shape'),
        ("14xNonex20", 4, '"None" is not a size of a shape'),
        ("None", 1, '"None" is not a size of a shape'),
    ],
)
def test_unreadable_shapes(text: str, column: int, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_shape(text)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.column, diagnostic.message) == (column, message)
    span = diagnostic.span
    assert span is not None
    expected = {"a size is missing": "xx", "the answer is not a shape": text}.get(message, message.split('"')[1:2])
    assert [text[span.start : span.end]] in (expected, [expected])


@for_each(
    ("text", "underlined"),
    [
        ("12 bananas", "bananas"),
        ("3 $ 4", "$"),
        ("", " "),
        ("   ", " "),
        ("1+" * 150, "1+" * 30),
        ("3840+20 = 3861", "3840+20 = 3861"),
        ("7" + " + 0" * 30 + " = 8", "7" + " + 0" * 19 + " + "),
    ],
)
def test_the_part_that_cannot_be_read(text: str, underlined: str) -> None:
    """A word, a character; sixty characters of what is too long, eighty of a contradiction; a space if empty."""
    with pytest.raises(SpecError) as error:
        read_number(text)
    span = error.value.diagnostics[0].span
    assert span is not None
    assert (span.source.text[span.start : span.end], span.end <= len(span.source.text)) == (underlined, True)
    assert text.startswith(span.source.text.strip())


def test_the_end_of_an_answer_that_goes_on() -> None:
    """One place after it."""
    with pytest.raises(SpecError) as error:
        read_number("3 +")
    span = error.value.diagnostics[0].span
    assert span is not None
    assert (span.start, span.end) == (3, 4)


UNITS = {
    1: "b byte bytes px pixel pixels param params parameter parameters weight weights bias biases mac macs flop flops "
    "op ops madd madds times fold operation operations multiplication multiplications channel channels filter filters "
    "map maps unit units neuron neurons feature features layer layers step steps element elements value values entries "
    "connections positions",
    10**3: "k thousand tsd kb kmacs kflops kilobytes",
    10**4: "万",
    10**5: "lakh",
    10**6: "m million millions mn mio mill mb mmacs mflops megabytes",
    10**7: "crore",
    10**8: "亿 億",
    10**9: "g billion bn mrd gb gmacs gflops gigabytes",
    10**12: "t trillion tb tmacs tflops",
    2**10: "ki kib kibibytes",
    2**20: "mi mib mebibytes",
    2**30: "gi gib gibibytes",
    Fraction(1, 8): "bit bits",
    Fraction(1, 100): "%",
}


@for_each(("scale", "words"), UNITS.items())
def test_units(scale: int | Fraction, words: str) -> None:
    """Decimal prefixes are powers of 1000, binary ones powers of 1024; B is a byte, and t a trillion."""
    for word in words.split():
        assert read_number(f"3 {word}").value == read_number(f"3{word.upper()}").value == 3 * scale


@for_each(
    ("text", "value", "tolerance", "rounded"),
    [
        ("756,560", 756560, 0, False),
        ("4.", 4, 0, False),  # as NumPy prints 4
        ("5 px", 5, 0, False),
        ("4.0", 4, "0.05", True),
        ("2k", 2000, 500, True),
        ("0.76M", 760000, 5000, True),
        ("25%", "0.25", "0.005", True),
        ("1.5e2", 150, 5, True),
        ("2e-2", "0.02", "0.005", True),
        ("≈ 3900", 3900, 50, True),
        ("~4000", 4000, 500, True),
        ("3860 ≈ 3.9k", 3860, 0, False),  # the most exact of the equal ones
        ("26/2 = 13 + 1.0 = 14.0", 14, "0.05", True),
        ("1.5 ≈ 1.6", "1.6", "0.05", True),
        ("1 + 2", 3, 0, False),
        ("1 + 0.5", "1.5", "0.05", True),
        ("0.5 - 0.25", "0.25", "0.055", True),  # 0.05 + 0.005
        ("1.5*3", "4.5", "0.15", True),
        ("-3*1.5", "-4.5", "0.15", True),
        ("1.5*-3", "-4.5", "0.15", True),
        ("1.5*2.5", "3.75", "0.2", True),  # 0.05·2.5 + 0.05·1.5
        ("1.5/-3", "-0.5", Fraction(1, 60), True),
        ("3/1.5", 2, 0, True),
        ("1.5^2", "2.25", 0, True),
        ("2^2", 4, 0, False),
        ("⌊25/2⌋", 12, 0, False),
    ],
)
def test_digits_that_may_be_missing(
    text: str, value: int | str, tolerance: int | str | Fraction, rounded: bool
) -> None:
    """Half a unit of the last digit of what was rounded; sums add it, factors scale it."""
    assert read_number(text)._replace(kind="") == WrittenNumber(Fraction(value), Fraction(tolerance), rounded)


@for_each(
    ("text", "value"),
    [
        ("2^64", 2**64), ("10^-2", Fraction(1, 100)), ("2^-64", Fraction(1, 2**64)), ("0^0", 1), ("0^3", 0),
        ("1" * 40, int("1" * 40)), ("1e39", 10**39), ("10^40", 10**40), ("-2^2", -4), ("(-2)^2", 4),
        ("3*-2²", -12), ("2^3^2", 512), ("2^-1", Fraction(1, 2)),
        ("1/10^40", Fraction(1, 10**40)), (" " * 199 + "7", 7), ("3--2", 5), ("- -3", 3), ("2*(3+4", None),
        ("(" * 16 + "7" + ")" * 16, 7), ("(" * 17 + "7" + ")" * 17, None), ("(" * 199, None),
        ("floor((32 - 7)/2) + 1", 13), ("ceil(25/2) + 1", 14), ("2*Ceiling(7/2)*(3)", 24), ("floor(7/2", None),
        ("weights: 3840, biases: 20", 3860), ("weights: 3840, biases: 20, total: 3860", 3860),
        ("weights: 3840, biases: 20, total: 3861", None), ("weights: 3840, biases: 20, maybe", None), ("and", None),
        ("+".join(["(1)"] * 20), 20), ("(1)+" + "(" * 17 + "7" + ")" * 17, None),
        ("⌊25/2⌋", 12), ("⌈25/2⌉", 13), ("⌊7/2", None), ("⌊7/2⌉", None),
        ("2^65", None), ("2^-65", None), ("2^0.5", None), ("0^-1", None), ("1e40", None), ("1e-40", None),
        ("10^40*10", None), ("1/10^40/10", None), (" " * 200 + "7", None), ("1 2", None), ("(1)(2)", None),
    ],
)  # fmt: skip
def test_the_limits_of_numbers(text: str, value: Fraction | int | None) -> None:
    """The last of each kind that is read, and the first that is not."""
    if value is not None:
        assert read_number(text).value == value
        return
    with pytest.raises(SpecError):
        read_number(text)


@for_each(
    ("text", "sizes", "batch"),
    [
        ("scalar", (), ""), ("[]", (), ""), (" ( ) ", None, ""), ("()", (), ""), ("7", (7,), ""), ("[5", (5,), ""),
        ("n x 5", (5,), "n"), ("B, 5, 7", (5, 7), "B"), ("batch 5", (5,), "batch"), ("(null, 5)", (5,), "null"),
        ("? x 5", (5,), "?"), ("None", None, ""), ("5 x None", None, ""), ("4.0 x 2.", (4, 2), ""),
        ("TensorShape([None, 5])", (5,), "None"), ("≈ 5x7", (5, 7), ""),
        ("14,140", (14, 140), ""), ("[12,128,256]", (12, 128, 256), ""), ("1,024x20", (1024, 20), ""),
        ("1,234x20", (1234, 20), ""), ("14x14x20 = abc", None, ""), ("abc (HWC)", None, ""), ("14-14", None, ""),
        ("14x14x20 (nn)", (14, 14, 20), ""), ("14 to 16 with 20 channels", None, ""), ("(C,H,W) = (20,14)", None, ""),
        ("5x7 = 5x8 = 5x7", None, ""), ("5x7 = 5x7 = 5x7", (5, 7), ""),
        ("1" * 40 + "x3", (int("1" * 40), 3), ""), ("1" * 41 + "x3", None, ""), ("3x3!", (3, 3), ""),
    ],
)  # fmt: skip
def test_shapes_and_batches(text: str, sizes: tuple[int, ...] | None, batch: str) -> None:
    """The sizes without the batch axis; None for what is no shape."""
    if sizes is None:
        with pytest.raises(SpecError):
            read_shape(text)
        return
    found = read_shape(text)
    assert (found.sizes, found.batch, found.written) == (sizes, batch, ())


HALF = Fraction(27, 2)


@for_each(
    ("text", "sizes", "same"),
    [
        ("13.5x13.5x20", (HALF, HALF, 20), True),
        ("13.5x13.5x20", (HALF, HALF), False),
        ("13.5x13.5x20", (HALF, HALF, 21), False),
        ("2.33x2.33x8", (Fraction(7, 3), Fraction(7, 3), 8), True),
        ("2.34x2.33x8", (Fraction(7, 3), Fraction(7, 3), 8), False),
        ("13.5", (HALF, HALF, 20), True),  # one number for all that are not whole
        ("13.5", (HALF, Fraction(29, 2), 20), False),
        ("13.5", (13, 13, 20), False),
    ],
)
def test_sizes_that_are_not_whole(text: str, sizes: tuple[int | Fraction, ...], same: bool) -> None:
    assert read_shape(text).says(sizes) is same


def values(nested: Nested) -> object:
    """The numbers of a nested list, without their tolerances."""
    return nested.value if isinstance(nested, WrittenNumber) else [values(each) for each in nested]


def nest(depth: int, inner: str = "1") -> str:
    return "[" * depth + inner + "]" * depth


@for_each(
    ("text", "expected"),
    [
        ("[[1, 0], [4, 6]]", [[1, 0], [4, 6]]),
        ("[[1 0]\n [4 6]]", [[1, 0], [4, 6]]),  # NumPy
        ("[1 0; 4 6]", [[1, 0], [4, 6]]),  # Matlab
        ("[1 0; ]", [[1, 0]]),
        ("{{1, 0}, {4, 6}}", [[1, 0], [4, 6]]),
        ("((1, 0), (4, 6))", [[1, 0], [4, 6]]),
        ("= [1, 2]", [1, 2]),
        ("array([[1., 0.5]])", [[1, Fraction(1, 2)]]),
        ("torch.tensor([1, 2], dtype=float)", [1, 2]),
        ("[1 -2]", [1, -2]), ("[1 - 2]", [-1]), ("[1-2]", [-1]), ("[2 * 3, 4]", [6, 4]), ("[2 ^ 3 1]", [8, 1]),
        ("[(1 + 2) * 2, 4]", [6, 4]),
        ("1, 2", [1, 2]), ("1 2", [1, 2]), ("1 0\n4 6", [[1, 0], [4, 6]]), ("1 0; 4 6", [[1, 0], [4, 6]]),
        ("| 1 0 |\n| 4 6 |", [[1, 0], [4, 6]]), (r"\begin{pmatrix} 1 & 0 \\ 4 & 6 \end{pmatrix}", [[1, 0], [4, 6]]),
        ("[]", []), ("7", 7), ("[[], [3]]", [[], [3]]), ("1, 2\n", [1, 2]), ("| 1 2 |\n||", [1, 2]),
        ("(1 + 2) * 2", 6),
    ],
)  # fmt: skip
def test_arrays(text: str, expected: object) -> None:
    assert values(read_array(text)) == expected


@for_each("text", ["[1", "1]" + "]" * 80, "[[1]", "[1]]", "[1] [2]", nest(16), "[x]", " " * 20_001])
def test_what_is_no_array(text: str) -> None:
    with pytest.raises(SpecError) as error:
        read_array(text)
    (found,) = error.value.diagnostics
    assert found.column == 1
    assert found.message in (f'"{text.strip()[:60]}" is not an array', found.message.replace(" is not an array", ""))


def test_the_limits_of_arrays() -> None:
    """Fifteen brackets, and twenty thousand characters; the message shows sixty of them."""
    assert str(values(read_array(nest(15)))) == nest(15, "Fraction(1, 1)")
    assert values(read_array("[7" + " " * 19_997 + "]")) == [7]
    with pytest.raises(SpecError) as error:
        read_array("[" + "1" * 20 + " 2" * 40)
    assert error.value.diagnostics[0].message == '"[' + "1" * 20 + " 2" * 19 + ' " is not an array'


@for_each(
    ("text", "no_fit"),
    [
        ("It doesn't fit.", True), ("does not fit", True), ("The kernel will not fit evenly!", True),
        ("it doesn’t fit the input", True), ("not an integer", True), ("Impossible", True), ("no fit", True),
        ("it fits", False), ("14x14x20", False), ("", False),
    ],
)  # fmt: skip
def test_answers_that_there_is_no_size(text: str, no_fit: bool) -> None:
    assert says_it_does_not_fit(text) is no_fit


@for_each(
    ("text", "blank"), [("?", True), ("? … ?", True), (" n/a.", True), ("?3", False), ("0", False), ("...", True)]
)
def test_answers_that_are_none(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@given(st.integers(0, 10**30), st.sampled_from([",", " ", "'", "_", "\u2009"]))
def test_grouped_digits_are_the_number(number: int, separator: str) -> None:
    assert read_number(f"{number:,}".replace(",", separator)).value == number


@given(st.text(max_size=210))
def test_anything_is_read_or_refused(text: str) -> None:
    """No answer makes the tool fail."""
    for read in (read_number, read_shape):
        with suppress(SpecError):
            assert read(text)
