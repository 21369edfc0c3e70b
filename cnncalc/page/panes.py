"""The fixed parts of a page, which the script fills: the pane of the drawing, the details of a layer, the search."""

from __future__ import annotations

from cnncalc.render.html_text import Html, element

_HELP = "Arrow keys: layer by layer. Left, right: fold, unfold. Ctrl and wheel, + and −: zoom. Drag: move."


def section(name: str, title: str, *content: Html) -> Html:
    """A section of the page."""
    return element("section", element("h2", title, id=f"title-{name}"), *content, aria_labelledby=f"title-{name}")


_COPIES = "×N: N equal blocks in a row, which are drawn once and fold together."


def drawing_pane(svg: Html, *, folds: bool = True, has_copies: bool = False) -> Html:
    """The pane in which a drawing is moved, zoomed and folded; with a note if blocks are drawn once for several."""
    tools = [("zoom-in", "+", "Zoom in"), ("zoom-out", "−", "Zoom out"), ("fit", "Fit", "Fit the width of the pane")]
    if folds:
        tools += [("fold", "Fold all", "Fold all blocks"), ("unfold", "Unfold all", "Unfold all blocks")]
    buttons = [element("button", text, type="button", id=name, title=said) for name, text, said in tools]
    bar = element("div", *buttons, class_="tools", role="toolbar", aria_label="Drawing")
    pane = element("div", svg, id="pane", tabindex="0", role="group", aria_label=f"Drawing. {_HELP}", title="")
    status = element("div", id="status", role="status", class_="status")
    note = element("p", _COPIES, class_="hint") if has_copies else ""
    return element("div", bar, pane, note, status, class_="drawing")


def table_tools() -> Html:
    """The search of the table."""
    label = element("label", "Search ", element("input", type="search", id="search", autocomplete="off"), for_="search")
    hint = element("kbd", "/", title="Press / to search")
    return element("div", label, hint, element("output", id="count"), class_="tools")


def details_element() -> Html:
    """The details of the chosen layer."""
    close = element("button", "×", type="button", id="close", title="Close (Esc)", aria_label="Close")
    hint = element("p", "Choose a layer in the drawing or the table: its working appears here.", class_="hint")
    return element("aside", close, element("div", hint, id="details"), aria_label="Layer")
