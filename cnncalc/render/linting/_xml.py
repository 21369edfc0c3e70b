"""XML of attributes and texts that may hold anything that a spec or a path does."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """A text in which what XML 1.0 cannot hold (section 2.2) is a replacement character."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(tag: str, children: list[Element] | None = None, text: str = "", **attributes: object) -> Element:
    """An element; a trailing underscore of an attribute's name is dropped."""
    made = Element(tag, {name.rstrip("_"): legal(str(value)) for name, value in attributes.items()})
    made.text = legal(text) or None
    made.extend(children or [])
    return made


def document(root: Element) -> str:
    """A whole document, with its declaration."""
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'
