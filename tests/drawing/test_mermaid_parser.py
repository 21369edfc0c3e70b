"""Mermaid's own parser and renderer accept the charts, where it is installed.

`CNNCALC_MERMAID` names its script; otherwise, `npm install mermaid` puts it into `node_modules`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.difference.diff import difference_of, examine_both
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import mermaid
from cnncalc.page.difference_chart import difference_chart
from tests.browser import Browser, Page
from tests.drawing.test_gallery import SPECS

pytestmark = pytest.mark.browser

SCRIPT = Path(os.environ.get("CNNCALC_MERMAID", "node_modules/mermaid/dist/mermaid.min.js"))
DRAWN = """(async () => {{
    try {{
        await mermaid.parse({text});
        const {{svg}} = await mermaid.render("chart", {text});
        const nodes = new DOMParser().parseFromString(svg, "text/html").querySelectorAll("g.node").length;
        return [nodes, ""];
    }} catch (error) {{
        return [0, String(error)];
    }}
}})()"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that has loaded Mermaid."""
    if not SCRIPT.is_file():
        pytest.skip(f"Mermaid is not installed: there is no {SCRIPT} (npm install mermaid, or set CNNCALC_MERMAID)")
    path = tmp_path_factory.mktemp("mermaid") / "page.html"
    path.write_text(f'<meta charset="utf-8"><script src="{SCRIPT.resolve().as_uri()}"></script>', encoding="utf-8")
    opened = browser.page(path.as_uri())
    opened.run("mermaid.initialize({startOnLoad: false})")
    yield opened
    opened.close()


def drawn(page: Page, text: str) -> list[object]:
    """The number of nodes that Mermaid draws, and its complaint."""
    found: list[object] = page.run(DRAWN.format(text=json.dumps(text)))
    return found


def test_mermaid_reports_a_wrong_chart(page: Page) -> None:
    """The other tests would not notice a parser that accepts everything."""
    nodes, complaint = drawn(page, 'flowchart TB\n  a["x\n')
    assert nodes == 0
    assert "error" in str(complaint).lower()


def test_mermaid_draws_every_bundled_spec(page: Page) -> None:
    """Each box is a node of Mermaid's picture."""
    for name in SPECS:
        found = diagram(*examine(name))
        assert drawn(page, mermaid.render(found, columns=("params", "macs"))) == [found.root.size, ""], name


def test_mermaid_draws_hostile_names(page: Page) -> None:
    """What Mermaid, HTML and Markdown would read is text."""
    found = diagram(*examine({"input": "8x8x3", "layers": ["conv 4 3x3"]}))
    for title in ('<script>"&\\_#$%{}', "end", "`a` **b** [x](y)", "%% comment", "1. list", "-->|x| n0"):
        for box in found.root.boxes():
            box.title = title
        assert drawn(page, mermaid.render(found)) == [2, ""], title


def test_mermaid_draws_a_difference(page: Page) -> None:
    """The chart that `cnncalc diff --draw` puts into a pull request."""
    old, new = examine_both("resnet18", "resnet34")
    nodes, complaint = drawn(page, difference_chart(old, new, difference_of(old, new)) or "")
    assert (complaint, nodes > 0) == ("", True)
