"""`cnncalc explain --draw` and `--format html`: explanations with the pictures of their windows."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli._group import group

if TYPE_CHECKING:
    from tests.browser import Browser


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["explain", *arguments], catch_exceptions=False)


def test_markdown_embeds_the_picture() -> None:
    """The image is an SVG of the window, after the explanation; a layer without a window has none."""
    text = run("8x8x1 -> conv 2 3x3 -> flatten", "--format", "markdown", "--draw").stdout
    ((title, data),) = re.findall(r"^!\[(.*?)\]\(data:image/svg\+xml;base64,(.*?)\)$", text, re.MULTILINE)
    texts = [
        element.text for element in ElementTree.fromstring(b64decode(data)).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert (title, texts[:2]) == ("The window of conv_1", ["input 8×8", "output 6×6"])
    assert text.index("### conv") < text.index("![The") < text.index("### flatten")


@pytest.mark.parametrize(("words", "pictures"), [((), 0), (("--draw",), 5)])
def test_html_is_a_page_with_a_picture_for_each_window(words: tuple[str, ...], pictures: int) -> None:
    """LeNet-5 has eight layers, among them three convolutions and two pools."""
    page = run("lenet5", "--format", "html", *words).stdout
    HTMLParser().feed(page)
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<article") == 8
    assert "2,416" in page
    assert page.count("<svg") == pictures


def test_draw_needs_a_form_that_has_pictures() -> None:
    """Text and LaTeX have none."""
    done = run("lenet5", "--draw")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--draw is for --format markdown or html" in done.stderr


@pytest.mark.browser
def test_the_page_opens_without_a_complaint(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The console is empty, and a picture is visible."""
    path = tmp_path_factory.mktemp("page") / "explain.html"
    path.write_text(run("lenet5", "c1", "--format", "html", "--draw").stdout, encoding="utf-8")
    page = browser.page(path.as_uri())
    assert page.complaints() == []
    assert page.run("document.querySelector('svg').getBoundingClientRect().width > 100")
    page.close()
