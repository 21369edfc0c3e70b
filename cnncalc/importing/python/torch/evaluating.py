"""The change of a model to evaluation, in which it is read, as far as its own classes take part in it."""

from __future__ import annotations

import ast

from cnncalc.importing.python.torch.modules.base import modules
from cnncalc.source.evaluation import functions
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import CallGiven, CodePlace, PyFunction, PyInstance, Unfollowed


def evaluate(interpreter: Interpreter, model: PyInstance, place: CodePlace) -> None:
    """Call `train(False)` of the modules whose classes write it to make what only evaluation uses.

    An example is a table that training looks up anew at each call. Other methods of that name freeze layers or merge
    weights; what the program makes of them in training is counted.
    """
    for _, module in modules(model):
        found = module.kind.find("train")
        if found is None or not isinstance(found[1], PyFunction) or not _makes_attribute(found[1], module):
            continue
        try:
            interpreter.call(found[1], CallGiven([module, False], {}, place))
        except (CannotFollow, Raised) as reason:
            message = reason.reason if isinstance(reason, CannotFollow) else reason.words()
            functions.forget(found[1], module, Unfollowed(message, reason.place))


def _makes_attribute(method: PyFunction, module: PyInstance) -> bool:
    """Whether a method may give its instance an attribute that it does not have."""
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "self"
        and node.attr not in module.attributes
        for node in ast.walk(method.node)
    )
