"""A call as an item: its arguments under their names, in the order of the framework whose call it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cnncalc.diagnostics import Diagnostic, Reporter
from cnncalc.graph.items import Argument, Item, argument_of, sort_in
from cnncalc.graph.type_lookup import find
from cnncalc.graph.values import WrongValue
from cnncalc.number_text import plural
from cnncalc.reading import signatures
from cnncalc.reading.calls import Call, CallArgument, is_call, read_call
from cnncalc.reading.items import split_item
from cnncalc.reading.nodes import BareName, Scalar, Sequence, SpecNode
from cnncalc.reading.signatures import Signature, SignatureParameter

_CHAINS = ("Sequential",)
_STACKS = ("TransformerEncoder", "TransformerDecoder")
_VIEWS = ("view", "reshape")
_MODULES = ("torch", "tf", "np")
_INPUTS = ("Input", "InputLayer")
"""State the shape of the model's input and make no layer."""


def item_of_call(node: Scalar, is_head: Callable[[str], bool], report: Reporter) -> Item | None:
    """The item that a text such as `nn.Conv2d(3, 64, 7, stride=2) name=stem` means; None after reporting a mistake."""
    call, mistakes = read_call(node)
    for mistake in mistakes:
        report(mistake)
    if call is None:
        return None
    arguments: list[Argument] = []
    common: dict[str, SpecNode] = {}
    last = call.name.text.rpartition(".")[2]
    head: Scalar | None = call.name
    given: Iterable[Argument] = ()
    if last in _STACKS:
        inner = _inner(call, is_head, report)
        if inner is None:
            return None
        head, arguments, common = inner.head, [*inner.arguments], {**inner.common}
        given = _of_stack(call)
    elif last in _INPUTS:
        return Item(node, None, [], {}, Sequence(node.source, node.start, node.end, []), None, is_call=True)
    elif last in _CHAINS:
        head = None
    elif last in _VIEWS and "." in call.name.text:
        given = _of_view(call)
    else:
        given = _named(call, is_head)
    try:
        for argument in (*given, *map(argument_of, split_item(call.rest))):
            sort_in(argument, arguments, common, report)
    except WrongValue as mistake:
        report(mistake.diagnostic)
        return None
    body = _chain(call) if head is None else None
    return Item(node, head, arguments, common, body, _key(node, arguments), is_call=True)


def _of_view(call: Call) -> list[Argument]:
    """The shape of `x.view(-1, 400)` or `torch.reshape(x, (-1, 400))` without its first size, the batch."""
    nodes = [each.value for each in call.arguments]
    if nodes and isinstance(nodes[0], BareName) and call.name.text.partition(".")[0] in _MODULES:
        nodes = nodes[1:]
    if len(nodes) == 1 and isinstance(nodes[0], Sequence):
        nodes = nodes[0].items
    if len(nodes) < 2:
        return [Argument(None, node) for node in nodes]
    first, last = nodes[1], nodes[-1]
    return [Argument(None, Sequence(first.source, first.start, last.end, nodes[1:]))]


def _named(call: Call, is_head: Callable[[str], bool]) -> Iterator[Argument]:
    """The arguments under their names; as they are where the call is of a type or block of the spec's own."""
    given = call.arguments
    positional = [each.value.text if isinstance(each.value, Scalar) else "" for each in given if each.key is None]
    keywords = [each.key.text for each in given if each.key is not None]
    name = call.name.text
    signature = None if is_head(name) else signatures.find(name, positional, keywords)
    if signature is None:
        yield from _by_name(call)
        return
    seen = set()
    for parameter, each in _placed(call, signature):
        seen.add(parameter.name)
        if not parameter.flows and not parameter.ignored:
            place = each.key or each.value
            word, _, form = parameter.word.partition("@")
            key = Scalar(place.source, place.start, place.end, word)
            yield Argument(key, _formed(each.value, form))
    head = call.name
    for parameter in signature.parameters:
        if parameter.default not in ("", "required") and parameter.name not in seen:
            word = parameter.word.partition("@")[0]
            yield Argument(
                Scalar(head.source, head.start, head.end, word),
                Scalar(head.source, head.start, head.end, parameter.default),
            )


def _by_name(call: Call) -> Iterator[Argument]:
    """The arguments as they are; a list of layers that a merge joins, `torch.cat([a, b], 1)`, is what `from` says."""
    given = call.arguments
    first = given[0] if given else None
    found = find(call.name.text)
    if first and first.key is None and found and found[0].branching and _are_names(first.value):
        place = first.value
        yield Argument(Scalar(place.source, place.start, place.end, "from"), place)
        names = iter(("axis",))
        for each in given[1:]:
            key = each.key
            if key is None and (name := next(names, "")):
                key = Scalar(each.value.source, each.value.start, each.value.end, name)
            yield Argument(key, each.value)
        return
    yield from (Argument(each.key, each.value) for each in given)


def _are_names(node: SpecNode) -> bool:
    """Whether a value is a list of names."""
    return isinstance(node, Sequence) and bool(node.items) and all(isinstance(item, BareName) for item in node.items)


def _placed(call: Call, signature: Signature) -> Iterator[tuple[SignatureParameter, CallArgument]]:
    """Each argument with its parameter; a keyword that the signature lacks goes by its own name. Raises WrongValue."""
    waiting = list(signature.parameters)
    for each in call.arguments:
        if each.key is not None:
            found = signature.named(each.key.text)
            yield found or SignatureParameter(each.key.text, each.key.text), each
            continue
        while waiting and waiting[0].flows and not isinstance(each.value, BareName):
            waiting.pop(0)  # the tensor that flows in is left out, as in max_pool2d(2)
            if isinstance(each.value, Scalar) and is_call(each.value.text):
                raise WrongValue(_nested(call, each.value))
        if not waiting:
            most = len(signature.parameters)
            message = f"{call.name.text} takes {plural(most, 'argument')} by position, and this is one more"
            raise WrongValue(Diagnostic("E204", message, each.value.span, hint=_order(signature)))
        yield waiting.pop(0), each


def _order(signature: Signature) -> str:
    names = ", ".join(each.name for each in signature.parameters)
    return f"they are {names}" if names else "remove it"


def _nested(call: Call, inner: Scalar) -> Diagnostic:
    name = call.name.text
    message = f"{name} takes the output of another call here"
    hint = f"write one after the other: {inner.text[:60]} -> {name}(…)"
    return Diagnostic("E209", message, inner.span, hint=hint)


def _formed(value: SpecNode, form: str) -> SpecNode:
    """An amount for each side in our order: PyTorch begins with the last axis, Keras has a pair for one axis."""
    if not isinstance(value, Sequence) or not all(isinstance(item, Scalar) for item in value.items):
        return value
    items = value.items
    if form == "last" and items and len(items) % 2 == 0:
        pairs = [_pair(value, items[place : place + 2]) for place in range(0, len(items), 2)]
        return _pair(value, [*reversed(pairs)])
    return _pair(value, [_pair(value, items)]) if form == "pair" and len(items) == 2 else value


def _pair(place: SpecNode, items: list[SpecNode]) -> Sequence:
    return Sequence(place.source, place.start, place.end, items)


def _chain(call: Call) -> Sequence:
    """The items of `Sequential(a, b)` or `Sequential([a, b])`, without what states the input's shape."""
    nodes = [each.value for each in call.arguments if each.key is None]
    if len(nodes) == 1 and isinstance(nodes[0], Scalar) and _called(nodes[0].text) == "OrderedDict":
        nodes = _values_of(nodes[0])
    if len(nodes) == 1 and isinstance(nodes[0], Sequence):
        nodes = nodes[0].items
    kept = [node for node in nodes if not (isinstance(node, Scalar) and _called(node.text) in _INPUTS)]
    return Sequence(call.name.source, call.name.start, call.rest.start, kept)


def _values_of(node: Scalar) -> list[SpecNode]:
    """The layers of `OrderedDict([('conv1', nn.Conv2d(3, 6, 5)), …])`, in its order."""
    call, _ = read_call(node)
    pairs = call.arguments[0].value if call and call.arguments else None
    items = pairs.items if isinstance(pairs, Sequence) else []
    return [item.items[1] if isinstance(item, Sequence) and len(item.items) == 2 else item for item in items]


def _called(text: str) -> str:
    return text.partition("(")[0].rpartition(".")[2] if is_call(text) else ""


def _inner(call: Call, is_head: Callable[[str], bool], report: Reporter) -> Item | None:
    """The layer that a stack repeats: its first argument, a call."""
    first = next((each.value for each in call.arguments if each.key is None or each.key.text.endswith("_layer")), None)
    if isinstance(first, Scalar) and is_call(first.text):
        return item_of_call(first, is_head, report)
    message = f"{call.name.text} repeats a layer, written as a call"
    inner = f"nn.{call.name.text.rpartition('.')[2]}Layer(d_model=512, nhead=8)"
    hint = f"for example: {call.name.text}({inner}, num_layers=6)"
    report(Diagnostic("E205", message, (first or call.name).span, hint=hint))
    return None


def _of_stack(call: Call) -> Iterator[Argument]:
    """The number of times that the layer of a stack is repeated, and whether a normalization ends it."""
    names = iter(("", "num_layers", "norm"))
    for each in call.arguments:
        word = each.key.text if each.key is not None else next(names, "")
        place = each.key or each.value
        if word == "num_layers":
            yield Argument(Scalar(place.source, place.start, place.end, "depth"), each.value)
        elif word == "norm":
            is_off = isinstance(each.value, Scalar) and each.value.text == "null"
            value = Scalar(place.source, place.start, place.end, "false" if is_off else "true")
            yield Argument(Scalar(place.source, place.start, place.end, "final_norm"), value)


def _key(node: Scalar, arguments: list[Argument]) -> tuple[str, ...] | None:
    """The key that equal calls share; None where a name may be a variable's."""
    texts = []
    for argument in arguments:
        for value in _scalars(argument.value):
            if isinstance(value, BareName):
                return None
            if "$" in value.text:
                texts.append(value.text)
    return (node.text, *texts)


def _scalars(node: SpecNode) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
