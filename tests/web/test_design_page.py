"""The design system: shown whole, readable in both themes, light to load."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page

from lending.core.database import Database
from lending.web.design_tokens import STATIC, contrast, pairs, symbols, tokens
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing
from tests.kit.site import Site, serving

ENOUGH = 4.5
FIRST_PAINT_BYTES = 100_000
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock)


@pytest.fixture
def visitor(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        yield browser


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def test_every_token_and_every_drawing_is_shown(visitor: Browser) -> None:
    page = visitor.get("/design")
    names = [f"--{token.name}" for token in tokens()] + [*symbols("icons.svg"), *symbols("covers.svg")]
    assert len(names) > 60
    assert [name for name in names if f"<code>{name}</code>" not in page] == []


def test_every_token_that_is_used_exists() -> None:
    used = {name for sheet in STATIC.glob("*.css") for name in re.findall(r"var\(--([a-z0-9-]+)\)", sheet.read_text())}
    assert used - {token.name for token in tokens()} - {"kind", "kind-tint"} == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_is_readable_on_its_ground(theme: str) -> None:
    weak = {(one.text, one.ground): getattr(one, theme) for one in pairs() if getattr(one, theme) < ENOUGH}
    assert weak == {}


def test_contrast_of_black_on_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours, colours)
def test_contrast_does_not_ask_which_colour_stands_above(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.001


def test_a_swatch_has_the_colour_of_its_theme(site: Site, page: Page) -> None:
    for scheme, colour in (("light", "rgb(250, 245, 234)"), ("dark", "rgb(26, 22, 17)")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{site.address}/design")
        assert page.locator(".swatch rect").first.evaluate("one => getComputedStyle(one).fill") == colour


@pytest.mark.parametrize("path", ["/", "/search", "/titles/1", "/desk", "/today"])
def test_a_first_paint_is_light(site: Site, context: BrowserContext, page: Page, world: World, path: str) -> None:
    """What a first visit loads without pictures, as it goes over the wire: no server in front need compress it."""
    site.sign_in(context, world.staff if path in {"/desk", "/today"} else world.teacher)
    loaded: dict[str, int] = {}
    page.on("requestfinished", lambda asked: loaded.setdefault(asked.url, asked.sizes()["responseBodySize"]))
    page.goto(site.address + path, wait_until="networkidle")
    without_pictures = {url: size for url, size in loaded.items() if "/media/" not in url}
    assert any(".css" in url for url in without_pictures)
    assert all(size > 0 for size in without_pictures.values())
    assert sum(without_pictures.values()) < FIRST_PAINT_BYTES
