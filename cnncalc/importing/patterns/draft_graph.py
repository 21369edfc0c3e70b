"""The layers of a draft by name, with their readers, and layers that take the place of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.layer_shapes import LayerShapes


class DraftGraph:
    """A draft whose layers are merged with one another."""

    def __init__(self, draft: Draft, disputed: Iterable[str]) -> None:
        self.draft = draft
        self.layers = {layer.name: layer for layer in draft.layers}
        self.kept = {*disputed, *(layer.shares for layer in draft.layers if layer.shares)}
        """The names of layers that have to stay as they are."""
        self.fixed = {*self.kept, *draft.outputs}
        """The names of layers that have to stay."""
        self.readers: dict[str, list[DraftLayer]] = defaultdict(list)
        """The layers that read any output of a layer, by its name."""
        self.free: set[str] = set()
        """The names of layers that no input of the model reaches."""
        self.gone: set[str] = set()
        """The names of layers that others took the place of."""
        self.renamed: dict[str, str] = {}
        self.shapes = LayerShapes(draft.convention, draft.layout)
        self.inputs = {each.name: each.shape for each in draft.inputs}
        for layer in draft.layers:
            sources = {self.owner(name) for name in layer.inputs}
            for name in sources:
                self.readers[name].append(layer)
            if sources <= self.free:
                self.free.add(layer.name)

    def owner(self, name: str) -> str:
        """The name of the layer or input that gives a value, `split` for `split.1`."""
        return name if name in self.layers else name.rpartition(".")[0] if name[-1:].isdigit() and "." in name else name

    def shape(self, name: str) -> Shape | None:
        """The shape of an input, or of the only output of a layer; None where it is unknown."""
        layer = self.layers.get(name)
        given = self.inputs.get(name, ()) if layer is None else layer.stated_shape
        sizes = tuple(size for size in given or () if size is not None)
        return sizes if given and len(sizes) == len(given) else None

    def may_change(self, layer: DraftLayer) -> bool:
        """Whether a layer can be merged with others."""
        return layer.name not in self.kept and not layer.shares and layer.trainable != "buffer"

    def source(self, name: str) -> DraftLayer | None:
        """The layer that gives a value, if others can take its place."""
        layer = self.layers.get(self.owner(name))
        return layer if layer is not None and layer.name not in self.fixed and self.may_change(layer) else None

    def alone(self, name: str, *types: str) -> DraftLayer | None:
        """The layer of one of these types that gives a value, if it has one reader and can be merged with it."""
        layer = self.source(name)
        is_alone = layer is not None and len(self.readers[layer.name]) == 1 and layer.type in types
        return layer if is_alone else None

    def gives(
        self, type: str, arguments: dict[str, Any], shapes: Sequence[Shape], is_free: Sequence[bool],
        shape: Shape | None,
    ) -> bool:  # fmt: skip
        """Whether a layer whose inputs have these shapes, some of them without a batch, gives a shape."""
        free = tuple(place for place, each in enumerate(is_free[: len(shapes)]) if each) if len(shapes) > 1 else ()
        try:
            return self.shapes.of(type, arguments, shapes, free) == shape
        except Refusal:
            return False

    def replace(
        self,
        layer: DraftLayer,
        type: str,
        arguments: dict[str, Any],
        inputs: Sequence[str],
        parts: Sequence[DraftLayer],
    ) -> None:
        """Let a layer take the place of its parts too."""
        removed = {each.name for each in parts}
        layer.type, layer.arguments, layer.inputs = type, arguments, tuple(inputs)
        for name in {self.owner(each) for each in inputs}:
            self.readers[name] = [each for each in self.readers[name] if each.name not in removed and each is not layer]
            self.readers[name].append(layer)
        self.gone |= removed

    def rename(self, layer: DraftLayer, scope: Sequence[str], own: str) -> None:
        """Give a layer another name, unless another layer has it."""
        name = ".".join((*scope, own))
        if (name not in self.layers or name in self.gone) and name not in self.renamed.values():
            self.renamed[layer.name] = name
            layer.scope, layer.kinds = tuple(scope), layer.kinds[: len(scope)]

    def finish(self) -> None:
        """Remove the parts, and write the new names."""
        layers = [layer for layer in self.draft.layers if layer.name not in self.gone]
        for layer in layers:
            layer.inputs = tuple(self.renamed.get(name, name) for name in layer.inputs)
            layer.name = self.renamed.get(layer.name, layer.name)
        self.draft.layers = layers
        self.draft.outputs = tuple(self.renamed.get(name, name) for name in self.draft.outputs)
