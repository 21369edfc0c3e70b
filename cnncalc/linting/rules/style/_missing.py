"""The base class of the rules about keys that a spec lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.spec_text import is_inline
from cnncalc.reading.nodes import Mapping


class MissingKey(Rule):
    """A rule about one top-level key of a spec. Inline specs, which cannot have it, are skipped."""

    severity = "info"
    default = False
    key: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        root = spec.root
        if isinstance(root, Mapping) and not is_inline(root) and self.key not in root.entries:
            yield self.finding(spec.start, hint=self.hint)
