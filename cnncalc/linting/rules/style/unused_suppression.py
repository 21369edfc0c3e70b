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
    """A comment, or a `lint` key, suppresses a rule that finds nothing there.

    The code that it was written for has changed, or the comment stands at the wrong line: it must be on the line of
    the finding, on the first line of the item that holds it, or on the line above. Rules that do not run are not
    spoken of, and neither is a spec that cannot be built.
    """

    code = "S001"
    name = "unused_suppression"
    message = "nothing here is found by {word}: it suppresses nothing"
    bad = "32x32x3 -> conv 20 8x8 s2 p1  # cnncalc: ignore[A101] the last column is empty\n"
    good = "32x32x3 -> conv 20 8x8 s2 p1\n"
    reason = "A comment that outlives its cause hides the next finding of that rule."
    sources = ("Ruff, rule unused-noqa (RUF100); ESLint, --report-unused-disable-directives",)
    fixable = True

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        """Nothing: what a comment suppressed is known once all other rules have run, see `unused`."""
        return iter(())

    def unused(self, comments: list[Suppression], plan: Plan) -> Iterator[Finding]:
        """The words of comments that suppressed nothing although their rules ran."""
        running = [type(rule) for rule in plan.rules if not isinstance(rule, UnusedSuppression)]
        for comment in comments:
            idle = [
                (word, span)
                for word, span in comment.words
                if word not in comment.used and any(fits(word, rule) for rule in running)
                if not cannot_be_suppressed(word)  # S002 tells of it
            ]
            for word, span in idle:
                fix = _without_word(span) if len(idle) < len(comment.words) else _without(comment)
                yield self.finding(span, word=word, hint="remove it", fix=fix if comment.is_comment else None)


def _without_word(span: Span) -> Fix:
    """Take one of several words away, with what parts it from the next; the last, from the one before."""
    text = span.source.text
    end = span.end + len(text[span.end :]) - len(text[span.end :].lstrip(", \t"))
    start = span.start
    if text[end] == "]":
        start = len(text[:start].rstrip(", \t"))
    return Fix("remove the word", (Edit(start, end, ""),))


def _without(comment: Suppression) -> Fix:
    """Take the comment away, with the blanks before it, or the whole line where it stands alone."""
    text = comment.span.source.text
    start = len(text[: comment.span.start].rstrip(" \t"))
    end = comment.span.end
    if start == 0 or text[start - 1] == "\n":
        end += len(text[end : end + 2]) - len(text[end : end + 2].lstrip("\r\n"))
    return Fix("remove the comment", (Edit(start, end, ""),))
