"""The limits that docs/language.md states, and those that follow from them."""

from __future__ import annotations

import pytest

from cnncalc import analyze
from cnncalc.diagnostics import Source, Span, SpecError
from cnncalc.reading.limits import Limits, limits_of, share_of
from tests.together import for_each


def test_the_limits_of_the_documentation() -> None:
    """The table in docs/language.md, in its units."""
    limits = Limits()
    assert (limits.file_bytes, limits.model_bytes) == (10 * 2**20, 64 * 2**30)
    assert (limits.nesting, limits.layers, limits.alias_nodes, limits.expression_length) == (
        100,
        100_000,
        100_000,
        1000,
    )


@for_each(
    ("limit", "by_default", "of_1000_layers", "of_10_layers"),
    [
        ("turns", 400_000, 10_000, 10_000), ("connections", 400_000, 10_000, 10_000),
        ("name_characters", 10_000_000, 100_000, 10_000), ("evaluated", 4_000_000, 40_000, 10_000),
        ("computed", 2_000_000, 20_000, 10_000), ("fields", 2_000_000, 20_000, 10_000),
        # A quarter of the default; a limit that the caller gives is taken as it is.
        ("model_layers", 25_000, 1_000, 10), ("list_values", 100_000, 100_000, 100_000),
        ("text_length", 1_000, 1_000, 1_000),
    ],
)  # fmt: skip
def test_limits_that_follow_from_others(limit: str, by_default: int, of_1000_layers: int, of_10_layers: int) -> None:
    found = [getattr(limits, limit) for limits in (Limits(), Limits(layers=1_000), Limits(layers=10))]
    assert found == [by_default, of_1000_layers, of_10_layers]


@for_each(
    ("layers", "share", "characters", "most"),
    [
        (1_000, 1, 0, 1_000), (1_000, 10, 0, 100), (1_000, 10, 800, 100), (1_000, 10, 808, 101), (1_000, 10, 815, 101),
        (1_000, 10, 99_999, 1_000), (1_000, 20, 0, 50), (1_000, 1, 99_999, 1_000),
    ],
)  # fmt: skip
def test_a_command_has_its_share_of_the_layers(layers: int, share: int, characters: int, most: int) -> None:
    """Or a layer for each eight characters of the text, and never more than the limit."""
    assert Limits(layers=layers, share=share).expanded(characters) == Limits(layers=most)


def test_the_shares_of_commands() -> None:
    given = Limits(layers=3)
    assert [share_of(command) for command in ("verify", "summary", "")] == [20, 10, 10]
    assert limits_of("verify") == Limits(share=20)
    assert limits_of("verify", given) is given


@for_each(
    ("command", "most", "characters"),
    [("explain", 500, 20), ("compare", 1_000, 10), ("report", 3_000, 20), ("write as formulas", 2_000, 20)],
)
def test_layers_that_are_shown_at_once(command: str, most: int, characters: int) -> None:
    """So many, or one for so many characters of the text; a limit that the caller gives is the only one."""
    hint = "give --max-layers N"
    if command in ("explain", "compare"):
        hint = f"name a layer or a block, or {hint}"
    for extent, allowed in ((0, most), (characters * (most + 7) + characters - 1, most + 7)):
        span = Span(Source("net.yaml", "x" * extent), 0, 0)
        Limits().check_at_once(command, allowed, span)
        Limits(layers=7).check_at_once(command, allowed + 1, span)
        with pytest.raises(SpecError) as caught:
            Limits().check_at_once(command, allowed + 1, span)
        (found,) = caught.value.diagnostics
        words = f"{allowed + 1:,} layers are too many to {command} at once; the limit is {allowed:,}"
        assert (found.code, found.message, found.hint) == ("E103", words, hint)


@for_each(
    ("fits", "too_much", "message"),
    [
        ("18446744073709551616x18446744073709551616 -> relu", "18446744073709551616x18446744073709551617 -> relu",
         "input: more than 2**128 elements, the largest number allowed here"),
        ("x".join(["1"] * 32) + " -> relu", "x".join(["1"] * 33) + " -> relu", "input: 33 axes; the limit is 32"),
        ("8x8x1 -> relu name=" + "n" * 500, "8x8x1 -> relu name=" + "n" * 501,
         f"a layer's full name has 501 characters; the limit is 500: {'n' * 40}…"),
    ],
)  # fmt: skip
def test_limits_without_an_option(fits: str, too_much: str, message: str) -> None:
    analyze(fits)
    with pytest.raises(SpecError) as caught:
        analyze(too_much)
    assert [(one.code, one.message) for one in caught.value.diagnostics] == [("E103", message)]
