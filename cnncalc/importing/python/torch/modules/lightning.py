"""`LightningModule`: a module with `save_hyperparameters`; its training steps and logs are not part of the model."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cnncalc.importing.python.torch.modules.base import MODULE
from cnncalc.source.library.builtins import nothing
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def save_hyperparameters(interpreter: Interpreter, given: CallGiven) -> object:
    """Set `hparams` to the arguments of the constructor, or to those that are named."""
    made, *chosen = given.values
    assert isinstance(made, PyInstance)
    names = dict(interpreter.frames[-1].variables.names) if interpreter.frames else {}
    wanted = [each for each in chosen if isinstance(each, str)]
    kept = {name: value for name, value in names.items() if value is not made and (not wanted or name in wanted)}
    made.attributes["hparams"] = PyInstance(_HYPERPARAMETERS, kept)
    return None


def item(interpreter: Interpreter, given: CallGiven) -> object:
    """`hparams["width"]` is `hparams.width`."""
    kept, name = given.values
    assert isinstance(kept, PyInstance)
    return kept.attributes.get(str(name), Unfollowed(f"hparams[{name!r}]", given.place))


_HYPERPARAMETERS: Final = native_class("AttributeDict", (), {"__getitem__": NativeFunction("__getitem__", item)})

LIGHTNING_MODULE: Final = native_class("LightningModule", (MODULE,), {
    "save_hyperparameters": NativeFunction("save_hyperparameters", save_hyperparameters),
    **{name: NativeFunction(name, nothing) for name in ("log", "log_dict", "print")},
})  # fmt: skip

_PACKAGES = ("pytorch_lightning", "pytorch_lightning.core", "lightning", "lightning.pytorch")

CLASSES: Mapping[str, object] = MappingProxyType(
    {f"{package}.LightningModule": LIGHTNING_MODULE for package in _PACKAGES}
)
"""The class by its dotted paths."""
