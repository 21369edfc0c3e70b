"""An exported program of PyTorch, schema 8, as a graph of aten operators.

Source: torch/_export/serde/schema.py of PyTorch 2.13. A size that was exported as dynamic is an expression of symbols;
the symbol of the first axis of an input is the batch, the others have the size that the program was exported with.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.aten.archive import SavedProgram
from cnncalc.importing.aten.graph import AtenGraph, AtenInput, AtenNode, AtenRef
from cnncalc.importing.module_paths import NestedModules, OpenModule, path_of
from cnncalc.importing.tensors.tensor import TapeArray

DYNAMIC_BATCH = 211
"""The size of a batch that was exported as dynamic: a prime number that axes rarely have."""
_MOST_EXPRESSION = 1000


def graph_of(saved: SavedProgram, path: str, name: str) -> AtenGraph:
    """The graph of a program. Raises KeyError, TypeError or ValueError for one that does not follow the schema."""
    return _Reading(saved, path, name).graph()


class _Reading:
    def __init__(self, saved: SavedProgram, path: str, name: str) -> None:
        program = saved.program
        module = program["graph_module"]
        self.plain = module["graph"]
        self.inputs = module["signature"]["input_specs"]
        self.outputs = module["signature"]["output_specs"]
        self.symbols: dict[str, int] = {}
        weights = saved.weights or {}
        owners = {file: name for name, file in reversed(weights.items())}
        self.same = {name: owners[file] for name, file in weights.items()}
        """The first name of each weight: tied parameters are one array under several names."""
        self.made = AtenGraph(name, 1, [], {}, [], [], path, f"PyTorch {program.get('torch_version', '')}".strip())
        self.made.knows_ties = saved.weights is not None

    def graph(self) -> AtenGraph:
        made, given = self.made, [each["user_input"]["arg"] for each in self.inputs if "user_input" in each]
        names = [each["as_tensor"]["name"] for each in given if "as_tensor" in each]
        if names:
            made.batch = self.batch_of(self.plain["tensor_values"][names[0]]["sizes"])
        made.inputs = [AtenInput(name, self.sizes(name)) for name in names]
        frozen: list[str] = []
        for spec in self.inputs:
            ((kind, each),) = spec.items()
            if kind in ("parameter", "buffer", "tensor_constant"):
                own, named = each["arg"]["name"], each[f"{kind}_name"]
                made.arrays[own] = TapeArray(self.sizes(own), self.same.get(named, named), kind == "parameter")
                if kind == "parameter" and self.plain["tensor_values"][own].get("requires_grad") is False:
                    frozen.append(made.arrays[own].name)
        made.frozen = frozenset(frozen)
        for node in self.plain["nodes"]:
            self.add(node)
        for spec in self.outputs:
            argument = spec.get("user_output", {}).get("arg", {})
            if "as_tensor" in argument:
                made.outputs.append(AtenRef(argument["as_tensor"]["name"]))
        return made

    def batch_of(self, sizes: Sequence[Mapping[str, Any]]) -> int:
        """The size of the first axis of an input: that of the file, or a number for its symbol."""
        if not sizes:
            return 1
        if "as_expr" not in sizes[0]:
            return int(sizes[0]["as_int"])
        symbol = _symbol(ast.parse(sizes[0]["as_expr"]["expr_str"], mode="eval").body)
        if symbol is None:
            raise ValueError("a batch that is computed from other sizes")
        self.symbols[symbol] = DYNAMIC_BATCH
        return DYNAMIC_BATCH

    def sizes(self, name: str) -> Shape:
        return tuple(self.size(each) for each in self.plain["tensor_values"][name]["sizes"])

    def size(self, value: Mapping[str, Any]) -> int:
        """A whole number, or an expression of symbols."""
        if "as_int" in value:
            return int(value["as_int"])
        if "as_name" in value:
            return self.size(self.plain["sym_int_values"][value["as_name"]])
        expression = value["as_expr"]
        hint = expression.get("hint") or {}
        return evaluated(expression["expr_str"], self.symbols, hint.get("as_int"))

    # --- nodes -----------------------------------------------------------------------------------------------------

    def add(self, node: Mapping[str, Any]) -> None:
        """Add a call, and for several outputs one that takes each of them."""
        names = [name for each in node["outputs"] for name in _names_in(each)]
        if not names:
            return  # a number, which the sizes hold already
        scope, kinds = modules_of(node.get("metadata", {}).get("nn_module_stack", ""))
        target, overload = _operator(node["target"])
        arguments = tuple(self.value(each["arg"]) for each in node["inputs"] if each.get("kind", 1) == 1)
        keywords = {each["name"]: self.value(each["arg"]) for each in node["inputs"] if each.get("kind", 1) != 1}
        is_list = len(names) > 1 or "as_tensors" in node["outputs"][0]
        own = f"{names[0]}_of" if is_list else names[0]
        sizes = tuple(self.sizes(name) for name in names)
        self.made.nodes.append(AtenNode(own, target, overload, arguments, keywords, sizes, scope, kinds))
        for place, name in enumerate(names if is_list else ()):
            self.made.nodes.append(
                AtenNode(name, "getitem", "default", (AtenRef(own), place), {}, (sizes[place],), scope, kinds)
            )  # fmt: skip

    def value(self, argument: Mapping[str, Any]) -> Any:
        """An argument as plain data: the one field of the union that is set."""
        ((kind, value),) = argument.items()
        if kind == "as_none":
            return None
        if kind == "as_tensor":
            return AtenRef(value["name"])
        if kind == "as_tensors":
            return [AtenRef(each["name"]) for each in value]
        if kind in ("as_optional_tensors", "as_nested_tensors"):
            return [self.value(each) if isinstance(each, dict) else self.value({"as_tensors": each}) for each in value]
        if kind == "as_optional_tensor":
            return self.value(value)
        if kind == "as_sym_int":
            return self.size(value)
        if kind == "as_sym_ints":
            return [self.size(each) for each in value]
        return value


def _names_in(output: Mapping[str, Any]) -> list[str]:
    """The tensors of an output."""
    if "as_tensor" in output:
        return [output["as_tensor"]["name"]]
    return [each["name"] for each in output.get("as_tensors", [])]


def _operator(target: str) -> tuple[str, str]:
    """`torch.ops.aten.add.Tensor` as `aten.add` and `Tensor`; `_operator.getitem` as `getitem`."""
    short = target.removeprefix("torch.ops.")
    if short == target:
        return target.rpartition(".")[2], "default"
    name, _, overload = short.rpartition(".")
    return name, overload


def modules_of(text: str) -> NestedModules:
    """The modules around a call, from `KEY,PATH,CLASS;…`; the model itself is not one."""
    entries = [entry.split(",", 2) for entry in text.split(";")]
    return path_of([OpenModule(each[1], each[-1].rpartition(".")[2]) for each in entries if len(each) > 1 and each[1]])


_CALLS: Mapping[str, Callable[[Sequence[int]], int]] = MappingProxyType({
    "Add": sum, "Mul": prod, "Max": max, "Min": min, "FloorDiv": lambda values: values[0] // values[1],
    "CleanDiv": lambda values: values[0] // values[1], "Mod": lambda values: values[0] % values[1],
    "PythonMod": lambda values: values[0] % values[1],
})  # fmt: skip
"""SymPy's functions of whole numbers, as it writes expressions: `Mul(Integer(4), Symbol('s77', integer=True))`."""


def evaluated(text: str, symbols: Mapping[str, int], hint: int | None) -> int:
    """The value of an expression of symbols; the size at the export, if it has other symbols.

    Raises ValueError for an expression that is not arithmetic.
    """
    if len(text) > _MOST_EXPRESSION:
        raise ValueError("a size whose expression is too long")
    found = _number(ast.parse(text, mode="eval").body, symbols)
    if found is None:
        found = hint
    if found is None:
        raise ValueError(f"a size that depends on unknown symbols: {text}")
    return found


def _number(node: ast.expr, symbols: Mapping[str, int]) -> int | None:
    """The value of an expression; None if it has an unknown symbol. Raises ValueError for another function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _number(node.operand, symbols)
        return None if value is None else -value
    symbol = _symbol(node)
    if symbol is not None:
        return symbols.get(symbol)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        raise ValueError("a size that is not whole-number arithmetic")
    values = [_number(each, symbols) for each in node.args]
    known = [each for each in values if each is not None]
    if node.func.id == "Integer" and len(known) == 1:
        return known[0]
    if node.func.id not in _CALLS:
        raise ValueError(f"a size that is computed by {node.func.id}")
    return _CALLS[node.func.id](known) if len(known) == len(values) else None


def _symbol(node: ast.expr) -> str | None:
    """The name of a symbol, `s77` or `Symbol('s77', integer=True)`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Symbol" and node.args:
        name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        return name if isinstance(name, str) else None
    return None
