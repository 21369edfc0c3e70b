"""Dense layers and embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.binding import words_of
from cnncalc.importing.python.fields import fields_of, layer_type
from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned
from cnncalc.importing.python.torch.modules.checks import check_declared
from cnncalc.importing.tensors import lookup, products
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import PyInstance


def make_linear(made: PyInstance, setup: ModuleSetup) -> None:
    units = setup.integer("out_features")
    if setup.word != "LazyLinear":
        learned(made, "weight", units, setup.integer("in_features"))
    made.attributes["bias"] = None
    if setup.flag("bias"):
        learned(made, "bias", units)


def linear(call: ModuleCall) -> object:
    x = call.input()
    if "weight" not in call.instance.attributes:
        learned(call.instance, "weight", call.setup.integer("out_features"), x.dims[-1])
        call.tracing.name_arrays(call.instance)
    elif call.setup.word != "LazyLinear":
        check_declared(call, "in_features", x, -1, "feature")
    weight = call.array("weight")
    if weight is None:
        raise NotSaid("weights that are computed")
    return products.linear(call.tape, x, weight, call.array("bias"))


def make_embedding(made: PyInstance, setup: ModuleSetup) -> None:
    learned(made, "weight", setup.integer("num_embeddings"), setup.integer("embedding_dim"))


def embedding(call: ModuleCall) -> object:
    weight = call.array("weight")
    if weight is None:
        raise NotSaid("a table that is computed")
    return lookup.embed(call.tape, weight, call.input())


def embedding_bag(call: ModuleCall) -> object:
    """One vector for the indices of each row; bags that offsets cut out of one row are not followed."""
    weight, x = call.array("weight"), call.tape.tensor(call.input())
    if weight is None or len(call.given.values) > 1 or call.given.keywords.keys() - {"input"}:
        raise NotSaid("bags of different lengths, or with weights" if weight else "a table that is computed")
    x.single(-1)
    fields = fields_of(layer_type("embedding_bag"), words_of(call.setup.bound, call.setup.parameters))
    dims = (*x.dims[:-1], weight.dims[1])
    return call.tape.append("embedding_bag", fields, [x], dims, x.batch, weights=[weight])


def make_bilinear(made: PyInstance, setup: ModuleSetup) -> None:
    units = setup.integer("out_features")
    learned(made, "weight", units, setup.integer("in1_features"), setup.integer("in2_features"))
    if setup.flag("bias"):
        learned(made, "bias", units)


def bilinear(call: ModuleCall) -> object:
    a, b = (call.tape.tensor(call.input(place)) for place in (0, 1))
    check_declared(call, "in1_features", a, -1, "feature")
    check_declared(call, "in2_features", b, -1, "feature")
    weight = call.array("weight")
    if weight is None:
        raise NotSaid("weights that are computed")
    return products.bilinear(call.tape, a, b, weight, call.array("bias"))


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    "Linear": ModuleRow(MODULES["Linear"], make_linear, linear),
    "LazyLinear": ModuleRow(MODULES["LazyLinear"], make_linear, linear),
    "NonDynamicallyQuantizableLinear": ModuleRow(MODULES["Linear"], make_linear, linear),
    "Embedding": ModuleRow(MODULES["Embedding"], make_embedding, embedding),
    "EmbeddingBag": ModuleRow(MODULES["EmbeddingBag"], make_embedding, embedding_bag, 3),
    "Bilinear": ModuleRow(MODULES["Bilinear"], make_bilinear, bilinear, 2),
})  # fmt: skip
