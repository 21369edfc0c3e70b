"""The error rules that only report diagnostics, as one table; `ErrorRule` names its columns.

Error rules that compute something have their own files in this folder.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class ErrorRule(NamedTuple):
    """One row: the class attributes of a rule, with its docstring in two parts."""

    code: str
    name: str
    title: str
    explanation: str
    reason: str
    bad: str
    good: str
    sources: tuple[str, ...] = ("docs/language.md",)
    always: bool = True

    def registered(self) -> type[Diagnosed]:
        """The rule class of this row, in the registry."""
        attributes = self._asdict()
        attributes["__doc__"] = f"{attributes.pop('title')}\n\n{attributes.pop('explanation')}"
        name = "".join(word.capitalize() for word in self.name.split("_"))
        return type(name, (Diagnosed,), {**attributes, "__module__": __name__})


YAML = ("YAML 1.2.2, https://yaml.org/spec/1.2.2/",)
ALEXNET = "Krizhevsky, Sutskever & Hinton, ImageNet classification with deep convolutional neural networks, section 3.2"

# fmt: off
CATALOGUE = (
    # reading the text
    ErrorRule(
        "E101", "yaml_syntax", "The text is not valid YAML.",
        "Examples: an unclosed bracket or quote, a tab used for indentation, a colon without a space after it, a line "
        "with inconsistent indentation. Reading stops at the error, since nothing after it can be read reliably.",
        "If readers had to guess, the same text would mean different things to different tools.",
        bad="input: 8x8x3\nlayers: [relu\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E102", "duplicate_key", "A key or field is given twice.",
        "YAML readers differ in which of the two they keep; here, both are ignored until one is removed. The same "
        "applies to a field given once by position and once by name.",
        "YAML requires the keys of a mapping to be unique; a reader that keeps the last one hides the first.",
        bad="input: 8x8x3\ninput: 9x9x3\nlayers: [relu]\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E104", "not_text", "The file is not plain UTF-8 text.",
        "The file is binary, has a different encoding, or contains a control character. A byte order mark at the "
        "beginning is allowed.",
        "Invisible characters cannot be reviewed, and not every reader accepts them.",
        bad="input: 8x8x3\nlayers: [relu\x07]\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E105", "misread_word", "Some YAML readers take a word for a number or a bool, and others do not.",
        "`012` is ten in YAML 1.1 and twelve in YAML 1.2; `no` and `on` are bools in one and text in the other; `1:30` "
        "is ninety in YAML 1.1, and `1e3` is text or a float. If a number or a bool is expected, such a word is an "
        "error that lists the possible meanings.",
        "The network would depend on the YAML reader that happens to be installed.",
        bad="input: 8x8x3\nlayers:\n  - conv: {filters: 012, kernel: 3}\n",
        good="input: 8x8x3\nlayers:\n  - conv: {filters: 12, kernel: 3}\n", sources=YAML,
    ),
    ErrorRule(
        "E106", "unreadable_file", "A file cannot be read.",
        "No file, folder or bundled spec has that name, or the file cannot be opened. The other files are still "
        "checked.",
        "A check that skipped unreadable files would pass for the wrong reason.",
        bad="no_such_folder/no_such_spec.yaml", good="quiz",
    ),
    ErrorRule(
        "E107", "refused_yaml_feature", "The text uses a YAML feature that specs do not support.",
        "Tags that construct objects, directives, several documents in one file, merge keys, and aliases inside the "
        "value that they refer to are not supported. Use blocks with parameters instead of merge keys.",
        "A tag can make a YAML reader run code; a spec is data.",
        bad="input: !!python/tuple [8, 8, 3]\nlayers: [relu]\n", good="input: [8, 8, 3]\nlayers: [relu]\n",
        sources=("PyYAML documentation, yaml.load and untrusted input",),
    ),
    ErrorRule(
        "E111", "unreadable_model", "A model file cannot be read.",
        "It is damaged, in a version or a kind that is not known, or of a kind that holds no layers, such as a "
        "PyTorch checkpoint. The message says what the file is, the hint what to name instead.",
        "A model that was read in part would be another model.",
        bad="7767517\n3 3\nInput data 0 1 data\n", good="8x8x3 -> conv 4 3x3",
        sources=("docs/importing.md",),
    ),
    ErrorRule(
        "E112", "read_with_loss", "A part of a model file has no counterpart here.",
        "An operation without a layer type becomes `opaque`, with the output that the file states. Its MACs are not "
        "counted, and neither are its parameters if the file does not state them, as Keras's does not. Or a detail is "
        "left out, such as parameters that affect no output. A warning, and with `--strict` of `cnncalc import` an "
        "error.",
        "A metric that leaves something out looks like one that does not.",
        bad="[net]\nwidth=13\nheight=11\nchannels=3\n[convolutional]\nfilters=5\nsize=3\nactivation=stair\n",
        good="[net]\nwidth=13\nheight=11\nchannels=3\n[convolutional]\nfilters=5\nsize=3\nactivation=relu\n",
        sources=("docs/importing.md",), always=False,
    ),
    ErrorRule(
        "E110", "inline_syntax", "The inline text is malformed.",
        "Examples: two arrows without an item between them, an unclosed parenthesis, a branch outside a merge.",
        "A missing item is more likely an oversight than an intention.",
        bad="8x8x3 -> conv 4 3x3 -> -> relu", good="8x8x3 -> conv 4 3x3 -> relu",
    ),
    # the language
    ErrorRule(
        "E201", "unknown_key", "A key is not allowed at its position.",
        "At the top of a spec, in a block and in a group, only the language's own keys are allowed. The hint names the "
        "closest one.",
        "If a misspelt key were silently ignored, its value would be lost.",
        bad="inputs: 8x8x3\ninput: 8x8x3\nlayers: [relu]\n", good="input: 8x8x3\nlayers: [relu]\n",
    ),
    ErrorRule(
        "E202", "unknown_layer_type", "A word is neither a layer type nor a block.",
        "`cnncalc layers` lists every type with its names in Keras, PyTorch and ONNX. Types of other packages are "
        "available once the package is installed.",
        "The meaning of an unknown layer type cannot be guessed.",
        bad="8x8x3 -> cnov 4 3x3", good="8x8x3 -> conv 4 3x3",
    ),
    ErrorRule(
        "E203", "unknown_field", "A layer has no such field, a block no such parameter, an expectation no such metric.",
        "`cnncalc layers TYPE` lists the fields of a type with their aliases.",
        "If a misspelt field were silently ignored, the layer would use the default.",
        bad="8x8x3 -> conv 4 3x3 padd=1", good="8x8x3 -> conv 4 3x3 padding=1",
    ),
    ErrorRule(
        "E204", "wrong_value", "A value is not valid for its field.",
        "The value is too small, not a whole number, or not one of the allowed words, or no field accepts it.",
        "Every field declares the values that it accepts; any other value is meaningless.",
        bad="8x8x3 -> conv 4 3x3 padding=sames", good="8x8x3 -> conv 4 3x3 padding=same",
    ),
    ErrorRule(
        "E205", "missing_value", "A required value is missing.",
        "A spec needs an input and layers, a layer its required fields, and a block the parameters marked with `~`.",
        "No default would be right more often than wrong.",
        bad="input: 8x8x3\nlayers:\n  - conv: {filters: 4}\n",
        good="input: 8x8x3\nlayers:\n  - conv: {filters: 4, kernel: 3}\n",
    ),
    ErrorRule(
        "E206", "unknown_reference", "A name refers to something that is not defined before it.",
        "The name may refer to a layer, an input, a variable or a variant. A layer can only take layers defined before "
        "it, so the order of the text is an order of execution.",
        "A network with a dangling connection cannot be the intended one.",
        bad="8x8x3 -> conv 4 3x3 name=stem -> relu from=stm", good="8x8x3 -> conv 4 3x3 name=stem -> relu from=stem",
    ),
    ErrorRule(
        "E207", "duplicate_name", "A name is used twice.",
        "Neither `from` nor a report can distinguish two layers with the same name. A block must not have the name of "
        "a layer type.",
        "A reference to the name would be ambiguous.",
        bad="8x8x3 -> conv 4 3x3 name=a -> conv 4 3x3 relu name=a",
        good="8x8x3 -> conv 4 3x3 relu name=a -> conv 4 3x3 relu name=b",
    ),
    ErrorRule(
        "E208", "broken_expression", "An expression cannot be evaluated.",
        "It uses an unknown name, divides by zero, contains a word or sign that is not part of the expression "
        "language, or yields a number that is too large.",
        "The shapes of later layers depend on its value.",
        bad="input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${wdth} 3x3\n",
        good="input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${width} 3x3\n",
    ),
    ErrorRule(
        "E209", "wrong_structure", "A list, a mapping or a text is used where a different kind of value is needed.",
        "`layers` is a list of items; `blocks` maps names to blocks; an item is a line, or a mapping with one layer "
        "type as its key.",
        "The same words mean different things in a list and in a mapping.",
        bad="input: 8x8x3\nlayers:\n  conv: 4 3x3\n", good="input: 8x8x3\nlayers:\n  - conv: 4 3x3\n",
    ),
    # the numbers of a layer
    ErrorRule(
        "E301", "impossible_numbers", "The numbers of a layer leave no output.",
        "Most often, a window is larger than the padded input, so it does not fit once. Some frameworks compute an "
        "output of zero or fewer positions and fail later, or not at all.",
        "A tensor without elements carries no information, and the framework reports an error only at run time.",
        bad="8x8x3 -> conv 4 9x9", good="8x8x3 -> conv 4 9x9 p1",
        sources=("Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285",),
    ),
    ErrorRule(
        "E302", "inexact_stride", "A stride does not divide evenly, although `rounding: exact` requires it.",
        "(W − F′ + P₀ + P₁) must be a multiple of the stride. With `rounding: floor`, the last positions are dropped "
        "instead.",
        "CS231n calls such a setting invalid: the neurons do not fit neatly across the input.",
        bad="8x8x3 -> conv 4 3x3 s2 rounding=exact", good="9x9x3 -> conv 4 3x3 s2 rounding=exact",
        sources=("CS231n, Convolutional Neural Networks: Architectures, Convolution / Pooling Layers",),
    ),
    ErrorRule(
        "E303", "wrong_axes", "An input has the wrong number of axes, or lacks the named axis.",
        "A convolution needs one to three spatial axes and channels; the suffix `2d` of a type's name asserts two; a "
        "list of values needs one value per axis.",
        "Which axis is which cannot be guessed.",
        bad="8x8x3 -> flatten -> conv 4 3x3", good="8x8x3 -> conv 4 3x3 -> flatten",
        sources=("PyTorch, torch.nn.Conv2d, Shape; Keras, keras.layers.Conv2D, Input shape",),
    ),
    ErrorRule(
        "E304", "refused_combination",
        "Fields contradict each other, or the convention's framework rejects the combination.",
        "Frameworks reject some combinations that the arithmetic allows: PyTorch has no `same` with a stride above 1, "
        "Keras no dilation combined with a stride, and every framework limits the padding of a pool.",
        "The network would not run in the framework that it is written for.",
        bad="convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 same s2\n",
        good="convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 p1 s2\n",
        sources=("PyTorch, torch.nn.Conv2d, padding; Keras, keras.layers.Conv2D, dilation_rate",),
    ),
    ErrorRule(
        "E305", "indivisible_size", "A size is not divisible by groups, heads, or parts.",
        "The input's channels and the filters must be divisible by the number of groups. The same applies to the heads "
        "of an attention, the factor of a shuffle and the parts of a split.",
        "All groups have the same number of channels; otherwise the layer does not exist.",
        bad="8x8x3 -> conv 4 3x3 groups=2", good="8x8x4 -> conv 4 3x3 groups=2",
        sources=(ALEXNET,),
    ),
    ErrorRule(
        "E306", "unshareable_weights", "Weights are shared between layers whose arrays differ.",
        "Layers that share weights need the same type, input channels, kernel and bias.",
        "One array cannot have two shapes.",
        bad="8x8x3 -> conv 3 3x3 same relu name=a -> conv 4 3x3 same share_weights=a",
        good="8x8x3 -> conv 3 3x3 same relu name=a -> conv 3 3x3 same share_weights=a",
    ),
    ErrorRule(
        "E307", "wrong_number_of_inputs", "A layer has more or fewer inputs than it takes.",
        "A merge needs at least two inputs; most other layers take one.",
        "The intended or missing input cannot be guessed.",
        bad="8x8x3 -> conv 3 3x3 same relu -> add", good="8x8x3 -> add(conv 3 3x3 same relu | identity)",
    ),
    ErrorRule(
        "E308", "unequal_shapes", "Merged inputs differ in shape.",
        "The branches of an `add` must have the same sizes or be broadcastable (1); those of a `concat` may differ "
        "along one axis only.",
        "Two volumes of different sizes cannot be added.",
        bad="8x8x3 -> add(conv 3 3x3 relu | identity)", good="8x8x3 -> add(conv 3 3x3 same relu | identity)",
        sources=("He, Zhang, Ren & Sun, Deep residual learning, arXiv 1512.03385, section 3.2",),
    ),
    # expectations
)
# fmt: on

RULES = tuple(row.registered() for row in CATALOGUE)
