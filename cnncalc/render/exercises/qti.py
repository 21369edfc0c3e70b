"""Exercises as a QTI 2.1 package: an item for each task, a test, and a manifest, in one zip file.

Sources: IMS Question and Test Interoperability 2.1; the importer of Canvas, which makes a question with several blanks
of an item with text entries, and accepts every value of a correct response.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cnncalc.hidden_characters import visible
from cnncalc.number_text import decimal, thousands
from cnncalc.render.exercises.paper import Paper, Prompt, Task

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_SCHEMA = f"{_QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of the files in the package, so that equal exercises give equal packages."""


def render(paper: Paper) -> bytes:
    """The package."""
    files = {f"items/{_identifier(task)}.xml": _item(task) for task in paper.tasks}
    files |= {"test.xml": _test(paper), "imsmanifest.xml": _manifest(paper)}
    package = BytesIO()
    with ZipFile(package, "w") as archive:
        for name, root in sorted(files.items()):
            indent(root)
            text = f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
            archive.writestr(ZipInfo(name, _LONG_AGO), text, ZIP_DEFLATED)
        for task in paper.tasks:
            if picture := task.picture:
                archive.writestr(ZipInfo(f"items/{_picture(task)}", _LONG_AGO), picture, ZIP_DEFLATED)
    return package.getvalue()


def _identifier(task: Task) -> str:
    """An identifier made of letters, digits and underscores."""
    return "item_" + "".join(char if char.isascii() and char.isalnum() else "_" for char in task.name)


def _picture(task: Task) -> str:
    """The file of a task's picture, in the folder of the items."""
    return f"{_identifier(task)}.svg"


def _root(tag: str, **attributes: str) -> Element:
    return Element(tag, {"xmlns": _QTI, "xmlns:xsi": _XSI, "xsi:schemaLocation": _SCHEMA, **attributes})


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    found = SubElement(parent, tag, attributes)
    found.text = visible(text, keep="\n\t") or None
    return found


def _item(task: Task) -> Element:
    root = _root(
        "assessmentItem", identifier=_identifier(task), title=task.name, adaptive="false", timeDependent="false"
    )
    fields = [(f"blank_{number}", *field) for number, field in enumerate(_fields(task), 1)]
    for name, prompt, answers in fields:
        _declare(root, name, answers, decimal(float(prompt.points) / max(1, sum(map(len, prompt.grid)))))
    score = _add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    _add(_add(score, "defaultValue"), "value", "0")
    _add(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
    _add_body(root, task)
    processing = _add(root, "responseProcessing")
    total = _add(_add(processing, "setOutcomeValue", identifier="SCORE"), "sum")
    for name, _, _ in fields:
        _add(total, "mapResponse", identifier=name)
    for name, prompt, _ in fields:
        _add_conditions(processing, name, prompt)
    for name, prompt, _ in fields:
        _add_feedback(root, name, prompt)
    return root


def _fields(task: Task) -> Iterator[tuple[Prompt, tuple[str, ...]]]:
    """Each field with its right answers: a matrix has one for each number."""
    for prompt in task.prompts:
        if prompt.grid:
            yield from ((prompt, _cell(cell)) for row in prompt.grid for cell in row)
        else:
            yield prompt, _texts(prompt, prompt.answers)


def _cell(number: str) -> tuple[str, ...]:
    """A number with and without its last zeros: 0.5 and 0.50."""
    return tuple(dict.fromkeys((number, f"{float(number):.2f}"))) if "." in number else (number,)


def _texts(prompt: Prompt, answers: tuple[str, ...]) -> tuple[str, ...]:
    """The notations of answers that are compared letter by letter: large numbers with commas, too."""
    grouped = [thousands(int(answer)) for answer in answers if prompt.is_number and answer.isdecimal()]
    return tuple(dict.fromkeys((*answers, *grouped)))


def _declare(root: Element, name: str, answers: tuple[str, ...], points: str) -> None:
    declaration = _add(root, "responseDeclaration", identifier=name, cardinality="single", baseType="string")
    correct = _add(declaration, "correctResponse")
    for answer in answers:
        _add(correct, "value", answer)
    mapping = _add(declaration, "mapping", defaultValue="0")
    for answer in answers:
        _add(mapping, "mapEntry", mapKey=answer, mappedValue=points)


def _add_body(root: Element, task: Task) -> None:
    body = _add(_add(root, "itemBody"), "div")
    if task.text:
        _add(body, "p", task.text)
    if task.drawing:
        _add(_add(body, "p"), "img", src=_picture(task), alt="Picture")
    number = 0
    for prompt in task.prompts:
        if not prompt.grid:
            number += 1
            line = _add(body, "p", f"{prompt.label} ")
            length = str(min(prompt.length, 60))
            _add(line, "textEntryInteraction", responseIdentifier=f"blank_{number}", expectedLength=length)
            continue
        _add(body, "p", f"{prompt.asks}:")
        rows = _add(_add(body, "table"), "tbody")
        for row in prompt.grid:
            cells = _add(rows, "tr")
            for _ in row:
                number += 1
                interaction = {"responseIdentifier": f"blank_{number}", "expectedLength": "6"}
                _add(_add(cells, "td"), "textEntryInteraction", **interaction)


def _add_conditions(processing: Element, name: str, prompt: Prompt) -> None:
    """The feedback and the points of the known wrong answers."""
    for number, slip in enumerate(prompt.slips, 1):
        chosen = _add(_add(processing, "responseCondition"), "responseIf")
        any_of = _add(chosen, "or")
        for answer in _texts(prompt, slip.answers):
            match = _add(any_of, "match")
            _add(match, "variable", identifier=name)
            _add(match, "baseValue", answer, baseType="string")
        named = _add(_add(chosen, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
        _add(named, "variable", identifier="FEEDBACK")
        _add(named, "baseValue", f"{name}_slip_{number}", baseType="identifier")
        if slip.share:
            total = _add(_add(chosen, "setOutcomeValue", identifier="SCORE"), "sum")
            _add(total, "variable", identifier="SCORE")
            _add(total, "baseValue", decimal(float(slip.share * prompt.points)), baseType="float")


def _add_feedback(root: Element, name: str, prompt: Prompt) -> None:
    for number, slip in enumerate(prompt.slips, 1):
        shown = {"outcomeIdentifier": "FEEDBACK", "showHide": "show", "identifier": f"{name}_slip_{number}"}
        _add(_add(root, "modalFeedback", **shown), "p", slip.feedback)


def _test(paper: Paper) -> Element:
    """The test, with the points of each item as its weight."""
    root = _root("assessmentTest", identifier="test", title=paper.title or "Exercises")
    part = _add(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    section = _add(part, "assessmentSection", identifier="section", title=paper.title or "Exercises", visible="true")
    for task in paper.tasks:
        name = _identifier(task)
        reference = _add(section, "assessmentItemRef", identifier=name, href=f"items/{name}.xml")
        _add(reference, "weight", identifier="WEIGHT", value=decimal(float(task.points)))
    return root


def _manifest(paper: Paper) -> Element:
    root = Element("manifest", {"xmlns": _PACKAGE, "identifier": "manifest"})
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "QTIv2.1 Package")
    _add(metadata, "schemaversion", "1.0.0")
    _add(root, "organizations")
    resources = _add(root, "resources")
    test = _add(resources, "resource", identifier="test", type="imsqti_test_xmlv2p1", href="test.xml")
    _add(test, "file", href="test.xml")
    for task in paper.tasks:
        name = _identifier(task)
        _add(test, "dependency", identifierref=name)
        item = _add(resources, "resource", identifier=name, type="imsqti_item_xmlv2p1", href=f"items/{name}.xml")
        _add(item, "file", href=f"items/{name}.xml")
        if task.drawing:
            _add(item, "file", href=f"items/{_picture(task)}")
    return root
