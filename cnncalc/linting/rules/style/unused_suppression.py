"""The rule S001, `unused_suppression`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Span
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.selection import fits
from cnncalc.linting.suppression import Suppression, cannot_be_suppressed

if TYPE_CHECKING:
    from cnncalc.linting.settings import Plan


class UnusedSuppression(Rule):
    """A comment, or a `lint` key, suppresses a rule that has no finding there.

    Either the spec has changed, or the comment is on the wrong line: it must be on the line of the finding, on the
    first line of the item that contains the finding, or on the line above. Not reported for rules that do not run, or
    for specs that cannot be built.
    """

    code = "S001"
    name = "unused_suppression"
    message = "unused suppression: {word} has no finding here"
    bad = "32x32x3 -> conv 20 8x8 s2 p1  # cnncalc: ignore[A101] the last column is empty\n"
    good = "32x32x3 -> conv 20 8x8 s2 p1\n"
    reason = "A comment that outlives its cause hides the next finding of that rule."
    sources = ("Ruff, rule unused-noqa (RUF100); ESLint, --report-unused-disable-directives",)
    fixable = True

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        """No findings: which comments are unused is known only after all other rules have run, see `unused`."""
        return iter(())

    def unused(self, comments: list[Suppression], plan: Plan) -> Iterator[Finding]:
        """The words of comments that suppressed nothing although their rules ran."""
        running = [type(rule) for rule in plan.rules if not isinstance(rule, UnusedSuppression)]
        for comment in comments:
            idle = [
                (word, span)
                for word, span in comment.words
                if word not in comment.used and any(fits(word, rule) for rule in running)
                if not cannot_be_suppressed(word)  # S002 reports it
            ]
            for word, span in idle:
                fix = _without_word(span) if len(idle) < len(comment.words) else _without(comment)
                yield self.finding(span, word=word, hint="remove it", fix=fix if comment.is_comment else None)


def _without_word(span: Span) -> Fix:
    """Remove one of several words with the separator after it or, for the last word, the one before it."""
    text = span.source.text
    end = span.end + len(text[span.end :]) - len(text[span.end :].lstrip(", \t"))
    start = span.start
    if text[end] == "]":
        start = len(text[:start].rstrip(", \t"))
    return Fix("remove the word", (Edit(start, end, ""),))


def _without(comment: Suppression) -> Fix:
    """Remove the comment with the spaces before it, or the whole line if the comment is alone on it."""
    text = comment.span.source.text
    start = len(text[: comment.span.start].rstrip(" \t"))
    end = comment.span.end
    if start == 0 or text[start - 1] == "\n":
        end += len(text[end : end + 2]) - len(text[end : end + 2].lstrip("\r\n"))
    return Fix("remove the comment", (Edit(start, end, ""),))
