"""The graph that a program records: nodes, and the tensors between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.importing.layer_shapes import LayerShapes
from cnncalc.importing.python.binding import BoundArguments
from cnncalc.importing.python.frozen_arrays import FrozenArray
from cnncalc.importing.python.traced_tensor import TensorOperations, TracedTensor
from cnncalc.importing.python.tracing import BATCH, ModulePath, Tracing, attempt, tracing_of
from cnncalc.importing.tensors.tape import Tape, TapePosition
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.source.values import CodePlace, PyInstance, PyModule, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

NodeRun = Callable[[Tape, "Sequence[Operand]"], "TapeTensor | TapeArray | Sequence[TapeTensor | TapeArray]"]
"""The operation of a node: operands to outputs, on a tape."""


@dataclass(eq=False)
class LayerCall:
    """A call of a layer or model, outside of all others, with the nodes that it records."""

    instance: PyInstance
    nodes: list[GraphNode] = field(default_factory=list)


@dataclass(eq=False)
class GraphNode:
    """An operation of the program. `name` and `scope` are those that its layer gets."""

    run: NodeRun
    operands: list[GraphTensor]
    name: str
    scope: tuple[str, ...]
    kinds: tuple[str, ...]
    place: CodePlace
    operation: str
    is_pure: bool = False
    number: int = 0
    call: LayerCall | None = None
    doubt: str = ""
    """A warning on a property of the operation that the graph does not have; empty for most."""
    bound: BoundArguments | None = None


class GraphTensor(TracedTensor):
    """A tensor: an input, output `part` of a node, or an array that is learned, fixed, or made of numbers."""

    __slots__ = ("array", "classes", "dims", "is_open", "label", "node", "part", "value")

    def __init__(
        self, dims: Shape, *, value: TapeTensor | None = None, node: GraphNode | None = None, part: int = 0,
        array: TapeArray | None = None, label: str = "", is_open: bool = False,
    ) -> None:  # fmt: skip
        self.dims = dims
        self.value = value
        """The tensor on the program's own tape, for its shape."""
        self.node = node
        self.part = part
        self.array = array
        self.label = label
        """The name that the program gives to an input."""
        self.is_open = is_open
        """Whether an input's sizes are assumed, because the program leaves them open."""
        self.classes = 0
        """The number of classes that an array of labels holds, if it is known: 0 to one less."""

    @property
    def is_input(self) -> bool:
        return self.node is None and self.array is None

    def operand(self) -> Operand:
        """The tensor on the program's own tape, or its array."""
        if self.array is not None:
            return self.array
        assert self.value is not None
        return self.value

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The sizes as Keras states them: None for the batch."""
        return tuple(None if size == BATCH else size for size in self.dims)

    # --- what the interpreter asks ---------------------------------------------------------------------------------

    @staticmethod
    def operations() -> TensorOperations:
        from cnncalc.importing.python.keras import methods

        return methods

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        from cnncalc.importing.python.keras import methods

        return methods.item(interpreter, self, key, place)

    def put_item(self, interpreter: Interpreter, key: object, value: object, place: CodePlace) -> object:
        return self if self.array is not None else super().put_item(interpreter, key, value, place)

    def title(self) -> str:
        return f"a tensor of {'x'.join(map(str, self.shape)) or 'one number'}"


class GraphTape(Tape):
    """A tape on which a fixed array of the program is not counted, as Keras does not count it."""

    def __init__(self, *, of_draft: bool = False) -> None:
        super().__init__("keras", "HWC", BATCH)
        self.of_draft = of_draft
        """Whether the layers are those of a draft, which has one layout; else each layer has its own."""
        self.has_layout = False
        """Whether a layer of the draft states the layout."""

    def use(self, layout: str) -> None:
        """Take a layout for the layers that follow."""
        if layout != self.layout:
            self.layout, self.shapes = layout, LayerShapes(self.convention, layout)

    def tensor(self, value: Operand) -> TapeTensor:
        """An operand as a tensor; a fixed array is computed without parameters, for each sample."""
        if isinstance(value, TapeTensor) or value.learned or not self.inputs:
            return super().tensor(value)
        start = self.inputs[0]
        source = TapeTensor(start.name, (BATCH, *(size or 1 for size in start.shape or ())), BatchAxis(0))
        dims = value.dims[1:] if value.dims[:1] in ((1,), (BATCH,)) else value.dims
        return self.opaque([source], (BATCH, *dims), BatchAxis(0))


class UnknownCall(NamedTuple):
    """A call of a layer on something unknown."""

    instance: PyInstance
    value: Unfollowed
    after: int
    """The number of nodes before it."""
    around: ModulePath | None
    """The module that makes the call."""


class StatedInputs(NamedTuple):
    """The shapes without the batch of a model's inputs, as a call of the program states them."""

    model: PyInstance
    shapes: tuple[tuple[int | None, ...], ...]


@dataclass
class GraphTracing(Tracing):
    """The state of one interpretation of a Keras or TensorFlow program."""

    nodes: int = 0
    made: list[GraphTensor] = field(default_factory=list)
    """The outputs of all nodes, in order."""
    unknown_calls: dict[int, UnknownCall] = field(default_factory=dict)
    """The first call of each layer on something unknown, by its identity."""
    fed: list[GraphTensor] = field(default_factory=list)
    """The tensors that statements with an unknown value read."""
    functional: list[tuple[object, object]] = field(default_factory=list)
    """The inputs and outputs of the functional models of the program."""
    call: LayerCall | None = None
    """The call of a layer that is running."""
    counts: Counter[str] = field(default_factory=Counter)
    """The automatic names given so far."""
    uses: Counter[int] = field(default_factory=Counter)
    """The number of uses of each node's output, by the node's number."""
    frozen: dict[str, FrozenArray] = field(default_factory=dict)
    """The arrays that the program makes with `trainable=False`, by their names."""
    old_word: str = ""
    """A word of the program that only Keras 1 has."""
    data_format: str = "channels_last"
    """The format of images of layers that state none."""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    """The input shapes that the caller gives."""
    contradictions: list[Diagnostic] = field(default_factory=list)
    """The problems of layers whose output is known nevertheless."""
    programs: dict[str, PyModule] = field(default_factory=dict)
    """The programs of `keras.applications` that were run, by their files."""
    saved: dict[str, PyInstance] = field(default_factory=dict)
    """The models that the program saved, by the paths."""
    checkpoints: set[str] = field(default_factory=set)
    """The paths to which the program saves a model while it trains."""
    open_input: Unfollowed | None = None
    """The first input whose sizes the program leaves open: the reason why a model that it saves is unknown."""
    store: object = None
    """The variables that a program of TensorFlow 1 can use again, which its own functions know."""
    stated: list[StatedInputs] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    """The variable scopes and name scopes around a statement of TensorFlow 1."""

    def problem(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Report a mistake, also one of a statement outside of the model, which records the graph here."""
        before, self.is_active = self.is_active, True
        super().problem(code, message, span, hint)
        self.is_active = before

    def contradiction(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Report a mistake that leaves the shapes known."""
        count = len(self.problems)
        self.problem(code, message, span, hint)
        self.contradictions += self.problems[count:]

    def reach_unknown(self, instance: PyInstance, value: Unfollowed) -> None:
        """Note a call of a layer on something unknown."""
        around = self.path[-1] if self.path else None
        self.unknown_calls.setdefault(id(instance), UnknownCall(instance, value, self.nodes, around))

    def automatic(self, word: str) -> str:
        """A name as Keras makes it: `conv2d`, `conv2d_1`."""
        self.counts[word] += 1
        return word if self.counts[word] == 1 else f"{word}_{self.counts[word] - 1}"


def graph_of(interpreter: Interpreter) -> GraphTracing:
    """The tracing of a program that records a graph."""
    tracing = tracing_of(interpreter)
    assert isinstance(tracing, GraphTracing)
    return tracing


@dataclass(frozen=True)
class NodeWords:
    """The words of a new node: its layer's name, the operation, and the modules around it if not the current ones."""

    name: str
    operation: str
    scope: tuple[str, ...] | None = None
    is_pure: bool = False
    """Whether the operation has no arrays of its own."""
    doubt: str = ""
    bound: BoundArguments | None = None
    """The arguments of the layer, one of which may be a mistake."""


def record(
    interpreter: Interpreter, run: NodeRun, operands: Sequence[GraphTensor], words: NodeWords, place: CodePlace
) -> object:  # fmt: skip
    """Append a node; its output, or outputs in a list. An unknown value where no layer says it."""
    tracing = graph_of(interpreter)
    scope, kinds = (tracing.path[-1].parts, tracing.path[-1].kinds) if tracing.path else ((), ())
    if words.scope is not None:
        scope, kinds = words.scope, ()
    node = GraphNode(
        run, list(operands), words.name, scope, kinds, place, words.operation, words.is_pure, doubt=words.doubt,
        bound=words.bound,
    )  # fmt: skip
    return added(interpreter, node)


def opaque(
    interpreter: Interpreter, operands: Sequence[GraphTensor], shape: Shape, reason: str, place: CodePlace
) -> object:  # fmt: skip
    """A node of an output that a comment states."""

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        return tape.opaque(values, (BATCH, *shape), BatchAxis(0))

    return record(interpreter, run, operands, NodeWords("opaque", reason), place)


_NODE_STEPS = 250
"""The steps that a node costs beyond those of its operation: it runs again on the draft's tape."""


def added(interpreter: Interpreter, node: GraphNode) -> object:
    """Run a node on the program's own tape and append it."""
    tracing = graph_of(interpreter)
    interpreter.steps.spend(_NODE_STEPS)
    tracing.tape.at(position(tracing, node, interpreter))
    values = [each.operand() for each in node.operands]
    of_arrays = node.is_pure and all(isinstance(each, TapeArray) and not each.learned for each in values)
    tape = Tape("keras", "HWC", BATCH) if of_arrays and values else tracing.tape
    made = attempt(interpreter, lambda: node.run(tape, values), node.place, node.operation, node.bound)
    if isinstance(made, Unfollowed):
        return made
    if tape is not tracing.tape:  # the program computes an array from arrays
        return _as_arrays(made)
    tracing.nodes += 1
    node.number = tracing.nodes
    node.call = tracing.call
    if node.call is not None:
        node.call.nodes.append(node)
    for each in node.operands:
        if each.node is not None:
            tracing.uses[each.node.number] += 1
    outputs = [output(node, each, part) for part, each in enumerate(made if isinstance(made, list) else [made])]
    tracing.made += outputs
    return outputs if isinstance(made, list) else outputs[0]


def _as_arrays(made: object) -> object:
    """Results of which only the sizes are known."""
    if isinstance(made, list):
        return [_as_arrays(each) for each in made]
    assert isinstance(made, TapeTensor | TapeArray)
    return GraphTensor(made.dims, array=TapeArray(made.dims))


def output(node: GraphNode, made: object, part: int = 0) -> GraphTensor:
    """An output of a node; an array that it computes keeps its numbers."""
    if isinstance(made, TapeArray):
        return GraphTensor(made.dims, array=made)
    assert isinstance(made, TapeTensor)
    return GraphTensor(made.dims, value=made, node=node, part=part)


def position(tracing: Tracing, node: GraphNode, interpreter: Interpreter) -> TapePosition:
    """The position of a node's layer."""
    location = tracing.location(node.place, interpreter)
    return TapePosition(node.name, node.scope, node.kinds, location, node.operation)


def keras_order(value: dict[object, object]) -> list[object]:
    """The keys of a dictionary of tensors as Keras flattens it: sorted, if they are texts."""
    texts = [key for key in value if isinstance(key, str)]
    return [*sorted(texts)] if len(texts) == len(value) else list(value)


def tensors_in(value: object) -> list[GraphTensor]:
    """The tensors in a value: one, those of lists in order, those of dictionaries by their keys. Raises NotSaid."""
    if isinstance(value, GraphTensor):
        return [value]
    if isinstance(value, dict):
        value = [value[key] for key in keras_order(value)]
    if isinstance(value, list | tuple):
        return [one for each in value for one in tensors_in(each)]
    raise NotSaid("a value that is not a tensor")


def unknown_in(value: object) -> Unfollowed | None:
    """The first unknown value in a value, also inside lists and dictionaries."""
    if isinstance(value, Unfollowed):
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return next((found for each in parts if (found := unknown_in(each)) is not None), None)


def child_name(around: PyInstance, child: PyInstance) -> tuple[str, ...]:
    """The attribute of an instance that holds another one, with its place in a list; empty if none does."""
    for name, value in around.attributes.items():
        if value is child:
            return (name,)
        parts = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
        )
        for key, each in parts:
            if each is child:
                return (name, str(key))
    return ()
