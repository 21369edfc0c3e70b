"""Answers in unusual notations, against models whose numbers are worked out by hand."""

from __future__ import annotations

from cnncalc.homework.check import check
from cnncalc.homework.judge import NEARLY, RIGHT, UNREADABLE, WRONG
from tests.together import for_each

CONV = "32x32x3 -> conv 20 8x8 s2 p1"
"""(32 - 8 + 2)/2 + 1 = 14: 14x14x20; 8·8·3·20 = 3,840 weights and 20 biases; 14·14·3,840 = 752,640 MACs."""
UNEVEN = "30x34x3 -> conv 20 8x8 s2 p1"
"""(30 - 6)/2 + 1 = 13 and (34 - 6)/2 + 1 = 15: 13x15x20."""
FLAT = "7x7x64 -> flatten"
"""7·7·64 = 3,136."""
POOL = "8x8x3 -> max_pool 2"
"""No parameters."""
STEPS = "100x28 -> lstm 128"
RATIO = "unshared_params / params"
"""14·14 = 196."""


@for_each(
    "text",
    [
        "3840+20=3860", "3840 + 20 = 3,860", "3860 = 3840 + 20", "3860 (3840 weights + 20 biases)", "P = 3860",
        "(8·8·3 + 1)·20 = 193·20 = 3860", "(F·F·C + 1)·K = (8·8·3+1)·20 = 3860", "params: 3860", "8x8x3x20 + 20",
        "3860 learnable parameters", "3860 weights and biases", "The answer is 3860.",
        "there are 3860 parameters in total",
        "**3860**", "3860 params (with bias)", "3.86 × 10³", r"$3.86 \times 10^{3}$", r"$3{,}860$", r"3\,860", "3’860",
        "٣٨٦٠", "３，８６０", "3,860.0", "3,860 (= 8·8·3·20 + 20)", "'3860'",
        "8·8·3 = 192 + 1 = 193·20 = 3860", "38,60e2",
        "3.86 k params", "approx. 3.86k", r"3860~\text{parameters}", "weights: 3840, and biases: 20", "3860 (sharing)",
        "3860(3840 weights + 20 biases)", "3860(3840 + 20)",
    ],
)  # fmt: skip
def test_a_number_with_its_working(text: str) -> None:
    (found,) = check(CONV, {"params": text})
    assert (found.right, found.note) in ((True, ""), (True, "right within the given digits; the exact value is 3,860"))


@for_each(
    ("path", "text"),
    [
        ("params", "~3.9k"), ("params", "ca. 3900"), ("params", "params~3.9k"),
        ("params", "about 4,000"), ("macs", "0.75 M MACs"), ("macs", "0,753 Mio"), ("macs", "752.6 k"),
        ("total.param_bytes", "15.4 kB"), ("total.param_bytes", "15.1 KiB"),
    ],
)  # fmt: skip
def test_a_rounded_number(path: str, text: str) -> None:
    """15,440 bytes are 15.08 KiB."""
    (found,) = check(CONV, {path: text})
    assert found.status == NEARLY
    assert found.note.startswith("right within the given digits")


@for_each(
    ("spec", "path", "text"),
    [
        (CONV, "weights", "8x8x3x20"), (CONV, "macs", "752 640 MACs"), (CONV, "macs", "7.5264 × 10⁵"),
        (CONV, "macs", "752,640 multiply–accumulates"), (CONV, "macs", "7,52,640"), (CONV, "macs", "0.752640 MMACs"),
        (CONV, "macs", "75.264万"), (CONV, "total.param_bytes", "4·3860 = 15440 B"),
        (CONV, "total.param_bytes", "123520 bits"), (CONV, "total.param_bytes", "15.44 kB"),
        (CONV, RATIO, "196x"), (CONV, RATIO, "196×"), (CONV, RATIO, "196:1"), (CONV, RATIO, "196 : 1"),
        (CONV, RATIO, "196 times as many"), (CONV, RATIO, "196 to 1"), (CONV, RATIO, "a factor of 196"),
        (CONV, RATIO, "14² = 196"), (CONV, RATIO, "x196"), (CONV, RATIO, "by a factor of 196"),
        (CONV, RATIO, "196-fold"), (CONV, RATIO, "756560/3860 = 196"),
        (CONV, "output.height", "H = 14"), (CONV, "output.height", "14 px"), (CONV, "output.height", "fourteen"),
        (CONV, "output.height", "(32-8+2·1)/2+1 = 14"), (CONV, "output.height", "⌊(32−8+2)/2⌋ + 1 = 14"),
        (CONV, "output.height", r"\frac{32-8+2}{2}+1 = 14"), (CONV, "output.height", "H_out = 14"),
        (CONV, "output.height", r"\left\lfloor\frac{32-8+2}{2}\right\rfloor+1"),
        (CONV, "output.height", "32-8+2 = 26/2 = 13 + 1 = 14"), (CONV, "output.height", "14 (both axes)"),
        (CONV, "receptive_field", "8 pixels"), (CONV, "receptive_field", "8 px × 8 px"),
        (CONV, "receptive_field", "8 by 8"), (CONV, "conv_1.kernel.shape", "8x8x3x20"),
        (STEPS, "lstm_1.output_with_steps", "100 × 128"),
        (STEPS, "lstm_1.output_with_steps", "100 steps × 128 units"),
        (FLAT, "output", "7·7·64 = 3136"), (FLAT, "output", "3,136"),
        (FLAT, "output", "3136 units"), (FLAT, "output", "(3136,)"), (POOL, "params", "0 (no weights)"),
        ("1024x1024x3 -> conv 8 3x3 same", "output", "1,024x1,024x8"),
    ],
)  # fmt: skip
def test_units_ratios_and_labels(spec: str, path: str, text: str) -> None:
    (found,) = check(spec, {path: text})
    assert found.right, (found.status, found.problem and found.problem.message)


@for_each(
    "text",
    [
        "14 by 14 by 20", "20@14x14", "20 @ 14 × 14", "H=14, W=14, D=20", "14 x 14 with 20 channels", "14² x 20",
        "14x14, 20 channels", "14×14 (20 channels)", "20 channels of 14x14", "20 feature maps of size 14×14",
        "14^2 × 20",
        r"14 \times 14 \times 20", r"$14\times14\times20$", r"\(14 \times 14 \times 20\)", "14x14x20 (H x W x C)",
        "20x14x14 (CHW)", "20x14x14, channels first", "output: 14x14x20", "output size = 14x14x20", "14x14x20 = 3920",
        "a 14x14x20 volume", "height 14, width 14, depth 20", "14 px x 14 px x 20", "H: 14; W: 14; C: 20",
        "width=14 height=14 channels=20", "14 pixels by 14 pixels by 20 channels", "14 x 14 x 20.", "<14, 14, 20>",
        "32x32x3 -> 14x14x20", "(32-8+2)/2+1 = 14, so 14x14x20", "14x14 and depth 20", "14 high, 14 wide, 20 deep",
        "tensor of shape (14, 14, 20)", "[14][14][20]", "14 | 14 | 20",
        "14-14-20", "14/14/20", "14, 14, and 20", "H = W = 14, C = 20", "C=20, H=W=14", "14 x 14, K = 20", "14⨯14⨯20",
        "20 14x14 maps", "20 activation maps of 14x14", "(C,H,W) = (20,14,14)", "(H,W,C) = (14,14,20)",
        "14x14x20 (as above)", "D=20, W=14, H=14", "14x14x20, channels last",
    ],
)  # fmt: skip
def test_shapes_in_words(text: str) -> None:
    (found,) = check(CONV, {"output": text})
    assert (found.status, found.note) == (RIGHT, ""), found.problem and found.problem.message


@for_each(
    ("spec", "text"),
    [
        ("4x6x10x8 -> max_pool 2", "C=8, D=2, H=3, W=5"),
        ("4x6x10x8 -> max_pool 2", "W=5, H=3, D=2, C=8"),
        ("10x7 -> conv 5 3", "C=5, H=8"),
        ("10x7 -> conv 5 3", "C=5, L=8"),  # 10 − 3 + 1 = 8
    ],
)
def test_names_of_the_axes_of_volumes_and_sequences(spec: str, text: str) -> None:
    """The depth is an axis of its own where the channels are named, too; the rows of a sequence are its length."""
    (found,) = check(spec, {"output": text})
    assert (found.status, found.note) == (RIGHT, "")


@for_each(
    "text",
    [
        "14x14 with 20 channels",
        "20@14x14",
        "C=20, W=14, H=14",
        "14x14x20 (HWC)",
        "20x14x14",
        "14x14x20 (channels last)",
    ],
)
def test_shapes_with_the_channels_first(text: str) -> None:
    (found,) = check("3x32x32 -> conv 20 8x8 s2 p1", {"output": text}, layout="CHW")
    assert (found.status, found.note) == (RIGHT, "")


@for_each("text", ["W=15, H=13, C=20", "20@13x15", "13 by 15, 20 maps", "15x13x20 (W x H x C)", "20 x 13 x 15 (CHW)"])
def test_names_of_axes_give_their_order(text: str) -> None:
    (found,) = check(UNEVEN, {"output": text})
    assert found.status == RIGHT


@for_each(
    ("spec", "path", "text", "note"),
    [
        (CONV, "output", "(N, 14, 14, 20)", "the first size, N, is the batch"),
        (CONV, "output", "(batch_size, 14, 14, 20)", "the first size, batch_size, is the batch"),
        (CONV, "output", "? x 14 x 14 x 20", "the first size, ?, is the batch"),
        (STEPS, "lstm_1.output_with_batch", "(None, 128)", "the first size, None, is the batch"),
        (FLAT, "output", "1x1x3136", "axes of size 1 were ignored; here it is 3136"),
        (FLAT, "output", "3136x1", "axes of size 1 were ignored; here it is 3136"),
        (POOL, "params", "None", "read as 0"),
        (POOL, "params", "zero", "read as 0"),
        (CONV, "macs", "752.640 MACs", "the point was read as a thousands separator"),
    ],
)
def test_right_with_a_note(spec: str, path: str, text: str, note: str) -> None:
    (found,) = check(spec, {path: text})
    assert (found.status, found.note) == (NEARLY, note)


@for_each(
    ("spec", "path", "text"),
    [
        (CONV, "params", "756560 (3860 with sharing)"), (CONV, "params", "3.861"), (CONV, "params", "38.60"),
        (CONV, "output.height", "14,000"), (CONV, "params", "386,0"),
        (CONV, "params", "3,86"), (CONV, "params", "3860 x 2"), (CONV, "params", "≈ 4200"),
        (CONV, "params", "3860 million"), (CONV, "params", "-3860"), (CONV, "macs", "0.752640 k MACs"),
        (CONV, "output", "H=20, W=14, D=14"), (CONV, "output", "20x14x14 (HWC)"), (CONV, "output", "14@20x14"),
        (CONV, "output", "14x14 (CHW)"),
        (CONV, "output", "14x20x14"), (CONV, "output", "(C,H,W) = (14,14,20)"), (CONV, "output", "14-14-21"),
        (CONV, "output", "C=14, H=W=20"), (CONV, "output", "20 14x15 maps"),
        (CONV, "output", "14 x 14 with 21 channels"),
        (CONV, "output", "14x14x3, 20 channels"),
        (UNEVEN, "output", "H=15, W=13, C=20"), (UNEVEN, "output", "20@15x13"), (UNEVEN, "output", "15x13x20"),
        (CONV, "output", "3920"), (CONV, RATIO, "1:196"), (CONV, RATIO, "196 %"), (CONV, RATIO, "195x"),
        (FLAT, "output", "7x7x64"), (STEPS, "lstm_1.output_with_steps", "28 × 128"),
        ("4x6x8 -> permute order=[3,1,2] -> relu", "permute_1.output", "6x8x4"),  # 8x4x6: here, the order is asked
        (STEPS, "lstm_1.output", "100x128"),  # all steps, not a batch
    ],
)  # fmt: skip
def test_wrong_in_any_notation(spec: str, path: str, text: str) -> None:
    (found,) = check(spec, {path: text})
    assert found.status == WRONG


@for_each(
    ("path", "text", "message"),
    [
        ("params", "3840+20=3861", "the answer states two different values, 3,860 and 3,861"),
        ("params", "3840+19=3860", "the answer states two different values, 3,859 and 3,860"),
        ("params", "3861 (3840 weights + 20 biases)", "the answer states two different values, 3,861 and 3,860"),
        ("params", "3860 (756560)", "the answer states two different values, 3,860 and 756,560"),
        ("macs", "1 MB", '"1 MB" has a unit of memory, but macs is a number without a unit'),
        ("params", "9007199254740993 = 1", "the answer states two different values, 9,007,199,254,740,993 and 1"),
        ("params", "26/2 = (12 + 2)", "the answer states two different values, 13 and 14"),
        ("params", "14 = 13.5", "the answer states two different values, 14 and 13.5"),
        ("params", "3860 or 756560", '"or" is not a unit'),
        ("params", "3860?", '"?" cannot be parsed'),
        ("params", "3860 per filter", '"per" is not a unit'),
        ("params", "not 3860", 'a number is needed, not "not"'),
        ("params", "?", '"?" is not an answer'),
        ("params", "None", '"None" is not an answer'),
        ("params", "n/a", '"n/a" is not an answer'),
        ("params", "3,860k", '"3,860k" has two meanings: 3.860k and 3,860,000'),
        ("output", "14x14x20 = 3921", "the answer states two different shapes"),
        ("output", "14x14x20 or 20x14x14", '"or" is not a size of a shape'),
        ("output", "28x28x20 = 14x14x20", "the answer states two different shapes"),
    ],
)
def test_answers_that_a_person_has_to_read(path: str, text: str, message: str) -> None:
    """An answer that contradicts itself, or has two meanings, is neither right nor wrong."""
    (found,) = check(CONV, {path: text})
    assert (found.status, found.problem and found.problem.message) == (UNREADABLE, message)
    if "different" in message or "unit of memory" in message:
        assert found.problem is not None
        assert found.problem.column == 1


FRACTION = "28x28x3 -> conv 16 5x5 s2 p1"
"""(28 − 5 + 2)/2 + 1 = 13.5: 13."""


@for_each(
    ("text", "status"),
    [
        ("(28-5+2)/2+1 = 13.5 -> 13", RIGHT), ("25/2 + 1 = 13.5 ≈ 13", RIGHT), ("13.5 rounded down to 13", RIGHT),
        ("13.5, so 13", RIGHT), (r"13.5 \to 13", RIGHT), ("13.5 → 14", WRONG), ("13.5, rounded up to 14", WRONG),
        ("13.5 → 13.2", UNREADABLE), ("13 (rounded down from 13.5)", RIGHT), ("12 (rounded from 13.5)", UNREADABLE),
        ("13.5", WRONG), ("13.5 = 13", UNREADABLE), ("13.5 → 12", UNREADABLE), ("12.5 → 13.5", UNREADABLE),
    ],
)  # fmt: skip
def test_a_fraction_and_what_it_is_rounded_to(text: str, status: str) -> None:
    """An arrow or a word rounds; an equals sign between different values contradicts itself."""
    (found,) = check(FRACTION, {"output.height": text})
    assert found.status == status


@for_each("text", ["vector of 3136", "a vector of length 3136", "3136-dimensional", "3136 dimensional vector"])
def test_vectors_in_words(text: str) -> None:
    assert [found.status for found in check(FLAT, {"output": text})] == [RIGHT]


def test_sizes_with_by_and_hyphens() -> None:
    assert [found.status for found in check(CONV, {"output": "14-by-14-by-20"})] == [RIGHT]
