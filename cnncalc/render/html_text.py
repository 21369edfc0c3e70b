"""HTML elements from texts and elements. Texts are escaped, so that nothing in a model's names becomes markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from cnncalc.hidden_characters import visible


class Html(str):
    """Markup, which is not escaped again."""


VOID = ("br", "col", "img", "input", "link", "meta")
"""Elements without content, which have no end tag."""


def text(content: str) -> Html:
    """A text as markup that shows it, hidden characters as escapes."""
    return content if isinstance(content, Html) else Html(escape(visible(content, keep="\n\t")))


def element(tag: str, *content: str, **attributes: str | bool | None) -> Html:
    """An element. Underscores in names of attributes are hyphens; one that is None or false is left out.

    >>> element("td", "a < b", class_="name", data_key='"', hidden=True)
    '<td class="name" data-key="&quot;" hidden>a &lt; b</td>'
    """
    given = "".join(map(_attribute, attributes.items()))
    if tag in VOID:
        return Html(f"<{tag}{given}>")
    return Html(f"<{tag}{given}>{''.join(map(text, content))}</{tag}>")


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """Texts and elements, one after the other."""
    return Html(text(separator).join(map(text, parts)))


def _attribute(item: tuple[str, str | bool | None]) -> str:
    name, value = item[0].rstrip("_").replace("_", "-"), item[1]
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{text(value)}"'
