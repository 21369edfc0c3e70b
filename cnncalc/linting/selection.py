"""Selection of rules by code, code prefix, or name; the most specific selector wins."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import did_you_mean
from cnncalc.linting.rule import Rule, all_rules, known_words

EVERYTHING = "ALL"


class Selection(NamedTuple):
    """Selectors of rules. `select` None selects the default rules."""

    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, rule: type[Rule]) -> bool:
        """Whether a rule runs. The longest matching selector wins; on a tie, `ignore` wins."""
        if rule.always:
            return True
        chosen = [*((0,) if self.select is None and rule.default else ()), *_lengths(self.select or (), rule)]
        return max([*chosen, *_lengths(self.extend, rule)], default=-1) > max(_lengths(self.ignore, rule), default=-1)


def _lengths(words: Iterable[str], rule: type[Rule]) -> list[int]:
    return [0 if word == EVERYTHING else len(word) for word in words if fits(word, rule)]


def fits(word: str, rule: type[Rule]) -> bool:
    """Whether a word selects a rule: its code, a prefix of it, its name, or ALL."""
    return word in (EVERYTHING, rule.name) or (bool(word) and rule.code.startswith(word))


def words_of(text: str) -> tuple[str, ...]:
    """The words between commas and spaces, with codes in upper case and names in lower snake case."""
    return tuple(normal_word(word) for word in text.replace(",", " ").split())


@lru_cache(maxsize=1024)
def normal_word(word: str) -> str:
    """`a101` as `A101`, `Even-Kernel` as `even_kernel`; any other word unchanged."""
    for spelling in (word.upper(), word.lower().replace("-", "_")):
        if any(fits(spelling, rule) for rule in all_rules()):
            return spelling
    return word


@lru_cache(maxsize=1024)
def unknown_word(word: str) -> str | None:
    """The message about a word that selects no rule; None if it selects one."""
    if any(fits(word, rule) for rule in all_rules()):
        return None
    hint = did_you_mean(word, known_words()) or "`cnncalc rule` lists them"
    return f'unknown rule "{word}": {hint}'
