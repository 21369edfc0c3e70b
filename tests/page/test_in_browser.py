"""The report page in a real browser: choosing, folding, searching, sorting, links, keys, and nothing over anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from tests.browser import Browser, Page
from tests.page.pages import written

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
BOXES = "[...document.querySelectorAll('g.box, g.folded, g.input')].filter(g => !g.hasAttribute('hidden'))"
AREAS = f"{BOXES}.map(g => g.querySelector('rect').getBoundingClientRect()).map(r => [r.x, r.y, r.right, r.bottom])"
SCALE = "(g => [g.getBoundingClientRect().right, g.getScreenCTM().a])(document.querySelector('#graph'))"
CLICK = "e => e.dispatchEvent(new MouseEvent('click', {bubbles: true}))"


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens the page of a model; each file is written once."""
    folder = tmp_path_factory.mktemp("pages")
    pages: list[Page] = []

    def open_page(name: str, *, link: str = "", **look: int) -> Page:
        path = folder / f"{name}.html"
        address = path.as_uri() if path.exists() else written(path, name)
        pages.append(browser.page(address + link, **look))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [400, 1000, 1600])
@pytest.mark.parametrize("name", ["lenet5", "resnet50"])
def test_a_page_opens_without_a_complaint_and_fits_its_width(name: str, width: int, opened: Open) -> None:
    """The console is empty, and nothing sticks out sideways."""
    page = opened(name, width=width, dark=width == 1000)
    assert page.complaints() == []
    assert page.run("document.documentElement.scrollWidth") <= width


def test_a_click_in_the_drawing_shows_the_working(opened: Open) -> None:
    """The layer is marked in the drawing and in the table, and the address is a link to it."""
    page = opened("lenet5", width=1600)
    page.click("#box-3")
    assert page.texts("aside h2") == ["c3"]
    assert "2,416" in "".join(page.texts("aside section"))
    assert page.run("document.querySelector('g.chosen').id") == "box-3"
    assert page.texts("tr[aria-selected=true] a") == ["c3"]
    assert page.run("location.hash") == "#c3"
    assert page.run("document.querySelectorAll('aside math mfrac').length") > 0
    assert page.run("document.querySelectorAll('aside .picture svg').length") == 1


def test_a_click_in_the_table_unfolds_the_block(opened: Open) -> None:
    """The layer's box is visible inside its pane, however deep it is."""
    page = opened("resnet50")
    page.click("#fold")
    assert page.texts("g.box title") == []
    page.run("document.querySelectorAll('#layers tbody tr')[60].querySelector('a').click()")
    box = "document.querySelector('g.box.chosen').getBoundingClientRect()"
    assert page.run(f"document.querySelector('#pane').getBoundingClientRect().bottom > {box}.bottom - 1")


def test_a_link_leads_to_a_layer(opened: Open) -> None:
    """The address may name any layer of the model."""
    page = opened("resnet50", link="#stage2.1.conv_2")
    assert page.texts("aside h2") == ["stage2.1.conv_2"]
    page.run("location.hash = '#stem'")
    page.run("new Promise(resolve => setTimeout(resolve, 50))")
    assert page.texts("aside h2") == ["stem"]


def test_blocks_fold_and_unfold(opened: Open) -> None:
    """A click on a title folds its block to one box, a click on the box unfolds it."""
    page = opened("resnet50")
    before = page.run(f"{BOXES}.length")
    page.click(".frame.foldable text")
    assert page.run(f"{BOXES}.length") < before
    page.click("g.folded:not([hidden])")
    assert page.run(f"{BOXES}.length") == before


def test_search_and_sorting(opened: Open) -> None:
    """Words are searched in all cells; a click on a title sorts, largest first, and a second one turns it round."""
    page = opened("lenet5")
    page.click(".c-params button")
    assert page.texts("#layers tbody a")[:2] == ["c5", "f6"]
    page.click(".c-params button")
    assert page.texts("#layers tbody a")[-1] == "c5"
    page.press("/")
    for character in "pool":
        page.press(character)
    assert page.texts("#layers tbody a") == ["s2", "s4"]
    assert page.texts("#count") == ["2 of 8 layers"]
    page.press("Escape")
    assert len(page.texts("#layers tbody a")) == 8


def test_keys_move_fold_and_close(opened: Open) -> None:
    """Down to the next layer, left and right to fold and unfold its block, Escape to close."""
    page = opened("resnet50", link="#stage2.1.conv_2")
    page.run("document.querySelector('#pane').focus()")
    page.press("ArrowDown")
    assert page.texts("aside h2") == ["stage2.1.batch_norm_2"]
    before = page.run(f"{BOXES}.length")
    page.press("ArrowLeft")
    assert page.run(f"{BOXES}.length") < before
    page.press("ArrowRight")
    assert page.run(f"{BOXES}.length") == before
    page.press("Escape")
    assert page.texts("aside h2") == []


@pytest.mark.parametrize("models", ["resnet50", "unet", "googlenet", "mobilenet_v2 efficientnet_b0"])
def test_nothing_overlaps_whatever_is_folded(models: str, browser: Browser, tmp_path: Path) -> None:
    """Boxes are at least 5 units apart and inside the drawing: at first, all folded, all open, every third folded."""
    page = browser.page(written(tmp_path / "net.html", *models.split()))
    for script in ("nothing", "#fold", "#unfold", ".frame.foldable:nth-of-type(3n) > text"):
        page.run(f"document.querySelectorAll('{script}').forEach({CLICK})")
        areas = page.run(AREAS)
        assert len(areas) > 1
        right, scale = page.run(SCALE)
        for one, other in combinations(areas, 2):
            distance = max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
            assert distance >= 5 * scale, (script, one, other)
        assert max(area[2] for area in areas) <= right
    page.close()


def test_a_hostile_name_stays_text(browser: Browser, tmp_path: Path) -> None:
    """Names that are markup or script are shown; nothing runs and nothing is loaded."""
    name = "</script><img src=x onerror=document.title=1>"
    path = tmp_path / "net.yaml"
    path.write_text(f'name: "{name}"\ninput: 8x8x1\nlayers:\n  - conv: {{filters: 2, kernel: 3, name: a}}\n')
    page = browser.page(written(tmp_path / "a.html", str(path)), width=1600)
    assert page.run("document.title") == name
    assert page.texts("h1") == [name]
    assert page.run("document.querySelectorAll('img').length") == 0
    assert page.complaints() == []
    page.close()


def test_a_difference_is_marked_and_a_row_leads_to_its_box(browser: Browser, tmp_path: Path) -> None:
    """48 layers of ResNet-34 are new; the first one is shown when its row is chosen."""
    page = browser.page(written(tmp_path / "diff.html", "resnet18", "resnet34"), width=1600)
    assert page.complaints() == []
    assert page.texts(".legend .added") == ["+ 48 added"]
    page.run("document.querySelector('#layers tbody a').click()")
    assert page.run("document.querySelector('g.chosen').classList.contains('added')")
    assert page.run("decodeURIComponent(location.hash)") == "#stage1.2.conv_1"
    page.close()


@pytest.mark.parametrize("arguments", [("resnet18",), ("lenet5", "--style", "volumes")])
def test_a_drawing_alone_zooms(arguments: tuple[str, ...], browser: Browser, tmp_path: Path) -> None:
    """The buttons change the size of the drawing, and Fit brings it back."""
    path = tmp_path / "net.html"
    assert CliRunner().invoke(group, ["draw", *arguments, "-o", str(path)]).exit_code == 0
    page = browser.page(path.as_uri())
    width = "document.querySelector('#graph').getBoundingClientRect().width"
    before = page.run(width)
    page.click("#zoom-in")
    assert page.run(width) == pytest.approx(1.25 * before, rel=0.01)
    page.click("#fit")
    assert page.run(width) == pytest.approx(before, rel=0.01)
    assert page.complaints() == []
    page.close()


def test_the_drawing_is_dragged_without_choosing(opened: Open) -> None:
    """The pane scrolls as far as the mouse moves; a click after that chooses as before."""
    page = opened("resnet50", width=1600)
    page.drag("#box-2", 0, -60)
    assert page.run("document.querySelector('#pane').scrollTop") == 60
    assert page.texts("aside h2") == []
    page.click("#box-2")
    assert page.texts("aside h2") != []


def test_a_large_page_opens_like_a_small_one(opened: Open) -> None:
    """ResNet-152 has 50 times as many layers as LeNet; its page takes at most 15 times the CPU time."""
    small, large = (opened(name).metrics()["TaskDuration"] for name in ("lenet5", "resnet152"))
    assert large < 15 * small
