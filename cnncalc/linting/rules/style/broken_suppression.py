"""The rule S002, `broken_suppression`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.selection import normal_word, unknown_word
from cnncalc.linting.suppression import cannot_be_suppressed, comments, is_at_top, lint_keys, suppressions
from cnncalc.reading.nodes import Scalar, SpecNode

_FORM = "write `# cnncalc: ignore[A101] why`, or `# cnncalc: ignore-file[A101] why` before the first key"

_KEY = "write lint: {ignore: [A101], reason: why}"


class BrokenSuppression(Rule):
    """A suppression comment, or a `lint` key, is invalid.

    It names no rule, an unknown rule, or a rule that cannot be suppressed; or `ignore-file` comes after the first key.
    An invalid comment has no effect.
    """

    code = "S002"
    name = "broken_suppression"
    only_reads_text = True
    message = "{problem}"
    bad = "32x32x3 -> conv 20 8x8 s2 p1  # cnncalc: ignore\n"
    good = "31x31x3 -> conv 20 8x8 s2  # cnncalc: ignore[A101] the last column is empty\n"
    reason = "Its author believes that it works, and the finding it was meant for is still reported."
    sources = ("Ruff, rule invalid-rule-code (RUF102)",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        for span, form in comments(spec):
            if form is None:
                yield self.finding(span, problem="the comment cannot be parsed", hint=_FORM)
            elif not form[2].replace(",", " ").split():
                yield self.finding(span, problem="the comment names no rules", hint=_FORM)
            elif form[1] and not is_at_top(span):
                yield self.finding(span, problem="`ignore-file` must come before the first key", hint=_FORM)
        for node in lint_keys(spec):
            if isinstance(node, SpecNode):
                what = f'unknown key "{node.text}"' if isinstance(node, Scalar) else "it names no rules"
                yield self.finding(node.span, problem=f"the `lint` key is invalid: {what}", hint=_KEY)
        for comment in suppressions(spec):
            for word, place in comment.words:
                if problem := unknown_word(normal_word(word)):
                    message, _, hint = problem.partition(": ")
                    yield self.finding(place, problem=message, hint=hint)
                elif cannot_be_suppressed(word):
                    hint = "fix the error: the rest of the spec cannot be checked before"
                    yield self.finding(place, problem=f"{word} cannot be suppressed", hint=hint)
