"""The HTML document around the content of a page: style, script, data, and a policy that forbids everything else."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from cnncalc.drawing.forms.svg import colour_rules
from cnncalc.drawing.palette import COLOURS
from cnncalc.render.html_text import Html, element, joined
from cnncalc.version import __version__


def document(title: str, body: Iterable[Html], data: object) -> str:
    """A complete page; `data` is the value that the script reads.

    The policy allows this script and this style alone, by their hashes: markup that came from a model's names could
    neither run nor load anything, even if it was not escaped.
    """
    style, script = Html(_asset("page.css") + colour_rules(COLOURS)), Html(_asset("page.js"))
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'"
    head = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"cnncalc {__version__}"),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href="data:,"),
        element("title", title),
        element("style", style),
    )
    values = Html(json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))
    content = [*body, element("script", values, type="application/json", id="data"), element("script", script)]
    page = element("html", element("head", joined(head, "\n")), "\n", element("body", joined(content, "\n")), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


@cache
def _asset(name: str) -> str:
    """A file of this folder."""
    return files("cnncalc.page").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
