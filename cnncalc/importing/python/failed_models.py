"""Variables of a program that would be models, if the calls that make them could be followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cnncalc.diagnostics import Diagnostic
from cnncalc.importing.python import outcome
from cnncalc.source.values import Unfollowed
from cnncalc.source.variables import Variables

_METHODS = ("cuda", "eval", "forward", "load_state_dict", "modules", "parameters", "state_dict", "to", "train")
"""Methods whose use shows that a variable is a model."""


def failures(variables: Variables) -> list[Diagnostic]:
    """The reasons why variables have no models, each once: mistakes of their calls, or calls that are not known."""
    used = set(_used_as_models(variables.file.tree))
    found: dict[tuple[str, int], Diagnostic] = {}
    for name in _calls(variables.file.tree.body):
        value = variables.names.get(name)
        if isinstance(value, Unfollowed) and (name in used or outcome.is_mistake(value)):
            reason = outcome.diagnostic(value)
            found.setdefault((reason.file, value.place.span.start), reason)
    return list(found.values())


def _calls(body: list[ast.stmt]) -> Iterator[str]:
    """The variables that statements outside of functions set to the result of a call."""
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.If | ast.With | ast.Try):
            yield from _calls(node.body)


def _used_as_models(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute) and node.attr in _METHODS and isinstance(node.value, ast.Name):
            yield node.value.id
