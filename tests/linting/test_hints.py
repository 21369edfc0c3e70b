"""Hints that offer a text: none repeats what was written, and what is offered, put in its place, gets further."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from cnncalc.diagnostics import Diagnostic, closest
from cnncalc.graph.document import build
from cnncalc.layers.registry import load_all
from cnncalc.reading.load import read
from tests.linting.test_broken_specs import table, unmarked
from tests.together import for_each

OFFER = re.compile(
    r'did you mean "([^"]+)"'  # "write X", where X has a digit, a bracket or a `=`: not "write a layer, such as …"
    r"|\bwrite (`[^`]+`|\"[^\"]+\"|[^\s,;:()]*[0-9=\[][^\s,;:()]*(?:, [0-9]+\])*)"
)


def mistakes(text: str) -> list[Diagnostic]:
    """Every mistake in a text."""
    document = read(text if "->" in text else f"{text}\n")
    if document.root is None or document.diagnostics:
        return document.diagnostics
    return build(document.root)[1]


def offers(mistake: Diagnostic) -> Iterator[str]:
    """The texts that a hint offers; an ellipsis asks for a choice."""
    for found in OFFER.finditer(mistake.hint):
        offered = found[1] or found[2].strip('`"')
        if "…" not in offered:
            yield offered


def useless(text: str) -> list[tuple[str, str, str]]:
    """What is offered for a text and leads to the same mistake at the same place."""
    found = []
    for mistake in mistakes(text):
        span = mistake.span
        for offered in offers(mistake) if span else ():
            written = span.source.text
            changed = written[: span.start] + offered + written[span.end :]
            told = {(each.code, each.line, each.column, each.message) for each in mistakes(changed)}
            if (mistake.code, mistake.line, mistake.column, mistake.message) in told:
                found.append((text, mistake.message, offered))
    return found


def test_offers_on_the_broken_specs_get_further() -> None:
    texts = [unmarked(marked)[0] for _, marked in table()]
    assert sum(1 for text in texts for mistake in mistakes(text) for _ in offers(mistake)) > 40
    assert [each for text in texts for each in useless(text)] == []


PIECES = (
    "1,16,512", "3,3", "3*3", "3 x 3", "3X3", "0", "0x3", "2.0", "0.0", "2.5", "1e3", "012", "0x10", "0x0", "1_024",
    "1,024", "116,512", "yes", "~", "stride 2", "padding 1", "stride=2 stride=3", "same p1", "padding=valid p1",
    "relu tanh", "kernel_size 3", "units 10", "rate 0.5", "activation relu", "name stem", "bias", "bias false",
    "axis 1", "axis channels", "groups 2", "k3", "f64", "size=3", "filtres=3", "kernal=3", "STRIDE=2", "pading=same",
    "padding=sam", "[3 3]", "3:30", "8x8x3", "3x3x3x3", "'3'", "=3", "stride=", "stride= 2", "stride =2", "stride: 2",
    "from=inpt", "from=Input", "repeat 2", "${in.chanels}", "${x}", "max pool", "relu6x", "batch_norm",
)  # fmt: skip
INPUTS = (
    "0x8x3",
    "8,8,3",
    "8*8*3",
    "Nonex8x8x3",
    "?x8x8x3",
    "-1x8x8x3",
    "[None, 8, 8, 3]",
    "8X8X3",
    "8x8x",
    "NonexNonex3",
)


def drawn(count: int) -> list[str]:
    """Examples of the layers with a piece put in, in place of another, or with a letter less."""
    draw = random.Random(11)
    examples = [example for kind in load_all().values() for example in kind.examples[:1]]
    texts = []
    for _ in range(count):
        words = draw.choice(examples).split(" ")
        place = draw.randrange(len(words))
        if draw.random() < 0.2:
            words[0] = draw.choice(INPUTS)
        elif draw.random() < 0.6:
            words.insert(place + 1, draw.choice(PIECES))
        else:
            words[place] = draw.choice((draw.choice(PIECES), words[place].replace("=", ""), words[place][:-1]))
        texts.append(" ".join(words))
    return [text for text in texts if "->" in text]


def test_offers_on_drawn_texts_get_further() -> None:
    texts = drawn(500)
    assert sum(1 for text in texts for mistake in mistakes(text) for _ in offers(mistake)) > 50
    assert [each for text in texts for each in useless(text)] == []


@pytest.mark.sweep
def test_offers_on_many_drawn_texts_get_further() -> None:
    assert [each for text in drawn(10_000) for each in useless(text)] == []


CONV = "32x32x3 -> conv 20 8x8"

HINTS = [
    (f"{CONV} stride 2", 'conv: "stride" is a field, whose value follows a `=`', "write stride=2"),
    (f"{CONV} stride: 2, padding = same", "a field", "write stride=2"),
    (f"{CONV} stride:2", "a field", "write stride=2"),
    (f"{CONV} activation relu", "a field", "write activation=relu"),
    (f"{CONV} bias false", "a field", "write bias=false"),
    (f"{CONV} padding 1", "a field", "write padding=1"),
    ("32x32x3 -> max_pool pool_size 2", "a field", "write pool_size=2"),
    (f"{CONV} padding=valid p1", "padding is given twice (first on line 1): valid and 1", "`valid` means no padding"),
    (f"{CONV} s2 stride=3", "stride is given twice (first on line 1): 3 and 2", "keep one of them"),
    (f"{CONV} relu batch_norm", 'unknown word "batch_norm"', "put `->` before batch_norm"),
    (f"{CONV} max_pool 2", 'conv: unknown word "max_pool"', "put `->` before max_pool"),
    (f"{CONV} relu max_pool 2", 'conv: unknown word "max_pool"', "put `->` before max_pool"),
    (f"{CONV} relu tanh", '"tanh": a second activation', "put `->` before tanh"),
    (f"{CONV} relu zzz", 'conv: unknown word "zzz"', ""),
    (f"{CONV} no_bias", 'conv: unknown word "no_bias"', "write bias=false"),
    (f"{CONV} size=3", 'no field "size"', 'did you mean "kernel_size"?'),
    ("32x32x3 -> conv 20 8x8x3", "3 values", "write 8x8: a kernel has only spatial axes; its depth is implied"),
    ("32x32x3 -> conv 20 3x8x8", "3 values", "write 8x8"),
    ("32x32x3 -> conv 20 8x8x3x20", "4 values", "write 8x8"),
    ("32x32x3 -> max_pool 2x2x1", "3 values", "write 2x2"),
    ("100x3 -> conv 20 5x3", "2 values", "write 5"),
    ("32x32x3 -> conv 20 kernel=3,3", 'kernel: got "3,3"', "write 3x3"),
    ("32x32x3 -> conv 1,024 3x3", "a number with a separator", "write 1024"),
    ("0x224x3 -> relu", '"0x224x3" is not a shape', "every size is at least 1"),
    ("Nonex28x28x1 -> relu", '"Nonex28x28x1" is not a shape', "shapes have no batch axis: write 28x28x1"),
    ("?x28x28x1 -> relu", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("-1x28x28x1 -> relu", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("-1x784 -> relu", "is not a shape", "shapes have no batch axis: write 784"),
    ("Nx3x32x32 -> relu", "is not a shape", "shapes have no batch axis: write 3x32x32"),
    ("batch x 28 x 28 x 1 -> relu", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("[None, 28, 28, 1] -> relu", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("input: [null, 28, 28, 1]\nlayers: [relu]", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("input: ?x28x28x1\nlayers: [relu]", "is not a shape", "shapes have no batch axis: write 28x28x1"),
    ("NonexNonex3 -> relu", "is not a shape", "choose one, such as 224x224x3"),
    ("1,16,512 -> relu", "is not a shape", "write 1x16x512"),
    ("8 -> fc 3 -> relu from=fc_1", 'no layer "fc_1"', 'fc is another name of dense: did you mean "dense_1"?'),
    ("8x8x3 -> conv 3 3 -> relu from=Conv2D_1", 'no layer "Conv2D_1"', 'did you mean "conv_1"?'),
]  # fmt: skip


@for_each(("text", "message", "hint"), HINTS)
def test_a_hint(text: str, message: str, hint: str) -> None:
    first = mistakes(text)[0]
    assert (message in first.message, hint in first.hint) == (True, True), f"{first}"


@pytest.mark.parametrize(
    ("word", "known"), [("in_size", "out_size"), ("max_pool_x", "min_pool_x"), ("input", "output")]
)
def test_a_word_is_not_taken_for_its_contrary(word: str, known: str) -> None:
    assert closest(word, [known]) is None
    assert closest(known, [known]) is None, "what was written is no correction"
