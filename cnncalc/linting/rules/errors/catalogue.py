"""The error rules that only report diagnostics, as one table; `ErrorRule` names its columns.

An error rule that computes anything has a file of its own beside this one.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class ErrorRule(NamedTuple):
    """One row: the class attributes of a rule, its docstring in two parts."""

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
        "E101", "yaml_syntax", "The text is not YAML.",
        "A bracket or quote that is never closed, a tab that indents, a colon without its blank, a line whose "
        "indentation fits nothing: no value can be read with certainty behind it, so reading ends there.",
        "A text that a reader has to guess at means one thing here and another elsewhere.",
        bad="input: 8x8x3\nlayers: [relu\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E102", "duplicate_key", "A key or field is given twice.",
        "YAML readers differ in which of the two they keep; here neither counts until one is gone. The same holds of a "
        "field that is given once by position and once by name.",
        "YAML requires the keys of a mapping to be unique; a reader that keeps the last one hides the first.",
        bad="input: 8x8x3\ninput: 9x9x3\nlayers: [relu]\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E104", "not_text", "The file is not plain UTF-8 text.",
        "A binary file, another encoding, or a control character inside the text. A byte order mark at the beginning "
        "is harmless.",
        "Characters that are not shown cannot be reviewed, and not every reader takes them.",
        bad="input: 8x8x3\nlayers: [relu\x07]\n", good="input: 8x8x3\nlayers: [relu]\n", sources=YAML,
    ),
    ErrorRule(
        "E105", "misread_word", "A word is a number or a bool to some YAML readers, and something else to others.",
        "`012` is ten in YAML 1.1 and twelve in YAML 1.2; `no` and `on` are bools in one and text in the other; `1:30` "
        "is ninety, `1e3` text or a float. Where a number or a bool is wanted, such a word is an error that says what "
        "could be meant.",
        "The network would depend on which YAML reader happens to be installed.",
        bad="input: 8x8x3\nlayers:\n  - conv: {filters: 012, kernel: 3}\n",
        good="input: 8x8x3\nlayers:\n  - conv: {filters: 12, kernel: 3}\n", sources=YAML,
    ),
    ErrorRule(
        "E106", "unreadable_file", "A file cannot be read.",
        "There is no file, folder or bundled spec of that name, or it may not be opened. The other files are still "
        "checked.",
        "A check that passes over what it cannot read would pass for the wrong reason.",
        bad="no_such_folder/no_such_spec.yaml", good="quiz",
    ),
    ErrorRule(
        "E107", "refused_yaml_feature", "The text uses a feature of YAML that a spec does without.",
        "Tags that construct objects, directives, several documents in one file, merge keys, and aliases inside what "
        "they name. Blocks with parameters do what merge keys did, in the open.",
        "A tag can make a YAML reader run code; a spec is data.",
        bad="input: !!python/tuple [8, 8, 3]\nlayers: [relu]\n", good="input: [8, 8, 3]\nlayers: [relu]\n",
        sources=("PyYAML documentation, yaml.load and untrusted input",),
    ),
    ErrorRule(
        "E110", "inline_syntax", "The inline text is not well formed.",
        "Two arrows without an item between them, a parenthesis that is never closed, a branch outside a merge.",
        "An item that is missing is more likely forgotten than meant.",
        bad="8x8x3 -> conv 4 3x3 -> -> relu", good="8x8x3 -> conv 4 3x3 -> relu",
    ),
    # the language
    ErrorRule(
        "E201", "unknown_key", "A key is not one of those that may stand there.",
        "At the top of a spec, in a block or in a group, only the language's own keys have a meaning. The hint names "
        "the one that is closest.",
        "A misspelt key that was silently passed over would take its meaning with it.",
        bad="inputs: 8x8x3\ninput: 8x8x3\nlayers: [relu]\n", good="input: 8x8x3\nlayers: [relu]\n",
    ),
    ErrorRule(
        "E202", "unknown_layer_type", "A word is neither a layer type nor a block.",
        "`cnncalc layers` lists every type, and the names that Keras, PyTorch and ONNX give it. Types of other "
        "packages count once the package is installed.",
        "What a layer does cannot be guessed from a word that nothing knows.",
        bad="8x8x3 -> cnov 4 3x3", good="8x8x3 -> conv 4 3x3",
    ),
    ErrorRule(
        "E203", "unknown_field", "A layer has no such field, a block no such parameter, a claim no such figure.",
        "`cnncalc layers TYPE` lists the fields of a type with their aliases.",
        "A misspelt field that was passed over would leave its default in force.",
        bad="8x8x3 -> conv 4 3x3 padd=1", good="8x8x3 -> conv 4 3x3 padding=1",
    ),
    ErrorRule(
        "E204", "wrong_value", "A value is not one that its field takes.",
        "Too small, not a whole number, a word that is not among those allowed, a value that no field has a place for.",
        "Every field says what it takes; anything else has no meaning to fall back on.",
        bad="8x8x3 -> conv 4 3x3 padding=sames", good="8x8x3 -> conv 4 3x3 padding=same",
    ),
    ErrorRule(
        "E205", "missing_value", "Something that is needed is not given.",
        "A spec needs an input and layers, a layer its required fields, a block the parameters that are marked with "
        "`~`.",
        "No default would be right more often than wrong.",
        bad="input: 8x8x3\nlayers:\n  - conv: {filters: 4}\n",
        good="input: 8x8x3\nlayers:\n  - conv: {filters: 4, kernel: 3}\n",
    ),
    ErrorRule(
        "E206", "unknown_reference", "A name refers to nothing that stands before it.",
        "A layer, an input, a variable or a variant. A layer can take only what stands before it, so that the order of "
        "the text is an order of execution.",
        "A connection that leads nowhere is a network that nobody meant.",
        bad="8x8x3 -> conv 4 3x3 name=stem -> relu from=stm", good="8x8x3 -> conv 4 3x3 name=stem -> relu from=stem",
    ),
    ErrorRule(
        "E207", "duplicate_name", "A name is given twice.",
        "Two layers of one name cannot be told apart by `from`, nor in a report. A block may not take the name of a "
        "layer type.",
        "A reference to it would have two answers.",
        bad="8x8x3 -> conv 4 3x3 name=a -> conv 4 3x3 relu name=a",
        good="8x8x3 -> conv 4 3x3 relu name=a -> conv 4 3x3 relu name=b",
    ),
    ErrorRule(
        "E208", "broken_expression", "An expression cannot be evaluated.",
        "A name that is not known there, a division by zero, a word or sign that expressions do not have, or a number "
        "beyond all bounds.",
        "Its value decides the shape of what follows.",
        bad="input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${wdth} 3x3\n",
        good="input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${width} 3x3\n",
    ),
    ErrorRule(
        "E209", "wrong_structure", "A list, a mapping or a text stands where another kind of value is needed.",
        "`layers` is a list of items, `blocks` a mapping of names to blocks, an item a line or a mapping with one "
        "layer type as its key.",
        "The same words mean different things in a list and in a mapping.",
        bad="input: 8x8x3\nlayers:\n  conv: 4 3x3\n", good="input: 8x8x3\nlayers:\n  - conv: 4 3x3\n",
    ),
    # the numbers of a layer
    ErrorRule(
        "E301", "impossible_numbers", "The numbers of a layer leave no output.",
        "Above all a window larger than the padded input: there is no place for even one. Some frameworks compute an "
        "output of zero or fewer positions and fail later, or not at all.",
        "A tensor without elements carries nothing, and the framework's own error comes only when the model is run.",
        bad="8x8x3 -> conv 4 9x9", good="8x8x3 -> conv 4 9x9 p1",
        sources=("Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285",),
    ),
    ErrorRule(
        "E302", "inexact_stride", "A stride does not divide what it has to, where `rounding: exact` asks that it does.",
        "(W − F′ + P₀ + P₁) must be a multiple of the stride. With the rounding `floor` the last positions are left "
        "out instead.",
        "CS231n calls such a setting invalid: the neurons do not fit neatly across the input.",
        bad="8x8x3 -> conv 4 3x3 s2 rounding=exact", good="9x9x3 -> conv 4 3x3 s2 rounding=exact",
        sources=("CS231n, Convolutional Neural Networks: Architectures, Convolution / Pooling Layers",),
    ),
    ErrorRule(
        "E303", "wrong_axes", "An input has the wrong number of axes, or lacks the axis that is named.",
        "A convolution needs one to three spatial axes and channels; a `2d` behind a type's name asserts two; a list "
        "of values needs one for each axis.",
        "Which axis is which cannot be guessed.",
        bad="8x8x3 -> flatten -> conv 4 3x3", good="8x8x3 -> conv 4 3x3 -> flatten",
        sources=("PyTorch, torch.nn.Conv2d, Shape; Keras, keras.layers.Conv2D, Input shape",),
    ),
    ErrorRule(
        "E304", "refused_combination",
        "Fields contradict each other, or the convention's framework refuses them together.",
        "A framework refuses combinations that the arithmetic allows: PyTorch has no `same` with a stride above 1, "
        "Keras no dilation together with a stride, every framework a limit to a pool's padding.",
        "The network would not run in the framework that it is written for.",
        bad="convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 same s2\n",
        good="convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 p1 s2\n",
        sources=("PyTorch, torch.nn.Conv2d, padding; Keras, keras.layers.Conv2D, dilation_rate",),
    ),
    ErrorRule(
        "E305", "indivisible_size", "A size is not divisible by groups, heads, or parts.",
        "Groups must divide the input's channels and the filters; so must the heads of an attention, the factor of a "
        "shuffle, the parts of a split.",
        "Each group gets the same number of channels, or there is no such layer.",
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
        "E307", "wrong_number_of_inputs", "A layer is given more or fewer inputs than it takes.",
        "A merge needs at least two, most layers take one.",
        "Which input was meant, or forgotten, cannot be guessed.",
        bad="8x8x3 -> conv 3 3x3 same relu -> add", good="8x8x3 -> add(conv 3 3x3 same relu | identity)",
    ),
    ErrorRule(
        "E308", "unequal_shapes", "Inputs that are joined differ in shape.",
        "The branches of an `add` must be equal, or 1 to be broadcast; those of a `concat` may differ along one axis "
        "alone.",
        "There is no sum of two volumes of different sizes.",
        bad="8x8x3 -> add(conv 3 3x3 relu | identity)", good="8x8x3 -> add(conv 3 3x3 same relu | identity)",
        sources=("He, Zhang, Ren & Sun, Deep residual learning, arXiv 1512.03385, section 3.2",),
    ),
    # expectations
    ErrorRule(
        "E401", "broken_expectation", "A figure is not what `expect` says.",
        "`expect` holds exactly: a shape, a count of parameters or of work, a receptive field, of the model, a layer "
        "or a block. Either the change that moved the figure is a mistake, or the expectation must move with it.",
        "What a spec asserts about itself is what its users rely on.",
        bad="input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 16x16x20}\n",
        good="input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 14x14x20}\n", always=False,
    ),
)
# fmt: on

RULES = tuple(row.registered() for row in CATALOGUE)
