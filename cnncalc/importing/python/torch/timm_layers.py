"""Names of `timm`: tuples of sizes, initializers, layers of vision transformers, and the commonest networks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cnncalc.importing.python.torch.modules import ModuleRow, module_class, no_arrays
from cnncalc.importing.python.torch.modules.base import MODULE
from cnncalc.importing.python.torch.modules.plain import identity
from cnncalc.importing.python.torch.torchvision_models import name_in, network_of
from cnncalc.source.library.builtins import nothing
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def _to_tuple(count: int) -> NativeFunction:
    """`to_2tuple(x)`: a list or tuple as it is, else a number so many times."""

    def made(interpreter: Interpreter, given: CallGiven) -> object:
        value = given.values[0] if given.values else given.keywords.get("x")
        if isinstance(value, Unfollowed | list | tuple):
            return tuple(value) if isinstance(value, list) else value
        return (value,) * count

    return NativeFunction(f"to_{count}tuple", made)


def _given(interpreter: Interpreter, given: CallGiven) -> object:
    """`drop_path(x)` changes nothing outside of training."""
    return given.values[0] if given.values else given.keywords.get("x")


_NAMES: Mapping[str, object] = MappingProxyType({
    **{f"to_{count}tuple": _to_tuple(count) for count in (1, 2, 3, 4)},
    **{name: NativeFunction(name, nothing) for name in ("trunc_normal_", "lecun_normal_", "variance_scaling_")},
    "DropPath": module_class("DropPath", ModuleRow("drop_prob scale_by_keep", no_arrays, identity), MODULE),
    "drop_path": NativeFunction("drop_path", _given),
})  # fmt: skip

_CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "layers": ("Mlp", "PatchEmbed", "Attention", "LayerScale", "AttentionPoolLatent", "AttentionPoolPrr"),
    "layers.attention_pool": ("AttentionPoolLatent", "AttentionPoolPrr"),
    "models.layers": ("Mlp", "PatchEmbed", "LayerScale"),
    "layers.mlp": ("Mlp",), "layers.patch_embed": ("PatchEmbed",), "layers.attention": ("Attention",),
    "models.layers.mlp": ("Mlp",), "models.layers.patch_embed": ("PatchEmbed",),
    "models.vision_transformer": ("Mlp", "PatchEmbed", "Attention", "LayerScale", "Block", "VisionTransformer"),
    "models.efficientnet_blocks": ("SqueezeExcite",), "models._efficientnet_blocks": ("SqueezeExcite",),
})  # fmt: skip
"""The classes that a program may take by themselves, by their module."""
_CREATED: Final = re.compile(
    r"(?:resnet(?:18|34|50|101|152)|resnext50_32x4d|wide_resnet50_2|"
    r"vit_(?:tiny|small|base|large)_patch(?:8|16|32)_(?:224|384)|deit_(?:tiny|small|base)_patch16_(?:224|384))"
    r"(?:\.\w+)?"
)
"""The names of the networks that `create_model` makes here."""


def _create(interpreter: Interpreter, given: CallGiven) -> object:
    """`timm.create_model("resnet50", pretrained=True, num_classes=10)`."""
    name = given.values[0] if given.values else given.keywords.get("model_name")
    if isinstance(name, str) and _CREATED.fullmatch(name):
        return network_of(interpreter, "timm", "create_model", given)
    return Unfollowed(f'timm.create_model("{name}")' if isinstance(name, str) else "create_model(…)", given.place)


TIMM: Mapping[str, object] = MappingProxyType({
    **{
        f"{package}.{name}": value
        for package in ("timm.layers", "timm.models.layers", "timm.models.layers.helpers", "timm.models.layers.drop",
                        "timm.models.layers.weight_init", "timm.models.helpers", "timm.models.vision_transformer")
        for name, value in _NAMES.items()
    },
    **{f"timm.{module}.{name}": name_in("timm", name) for module, names in _CLASSES.items() for name in names},
    **{f"{package}.create_model": NativeFunction("create_model", _create) for package in ("timm", "timm.models")},
})  # fmt: skip
"""The names by their dotted paths."""
