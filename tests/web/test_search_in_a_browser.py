"""A teacher's way through search in a real browser: typing with typos, choosing dates, opening a hit, going back."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lending.core.database import Database
from lending.search.tables import UnmetSearch
from tests.kit.browser import violations
from tests.kit.catalog import create_copies, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.patience import eventually
from tests.kit.site import Site, serving

SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
MISSPELT = "jeu coopratif cylce 2"


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    """Two cooperative games for « cycle 2 », one of which is lent in the weeks to come; and other things."""
    world = create_world(Database(sqlite_url), clock, weekdays=(0, 1, 2, 3, 4))
    with world.db.write() as session:
        create_term(session, "level", "CE1")
        names = ("Jeu coopératif du verger, cycle 2", "Jeu coopératif de la rivière, cycle 2")
        games = [create_title(session, world.federation, name=name, kind="game", levels=["CE1"]) for name in names]
        for title in (*games, create_title(session, world.federation, name="Malle électricité")):
            create_copies(session, title, world.depot, 1)
        lent = games[1].id
    world.reserve(0, 12, title_id=lent)
    return world


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        assert len(world.copies) > 0
        yield site


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    width, height = SIZES[request.param]
    page.set_viewport_size({"width": width, "height": height})
    return page


def open_filters(page: Page) -> None:
    """On a phone the filters are folded away."""
    first_day = page.get_by_label("du", exact=True)
    if not first_day.is_visible():
        page.get_by_text("Dates et filtres").click()
    expect(first_day).to_be_visible()


def choose_dates(page: Page, first: dt.date, last: dt.date) -> None:
    open_filters(page)
    page.get_by_label("du", exact=True).fill(first.isoformat())
    page.get_by_label("au", exact=True).fill(last.isoformat())


def test_typing_choosing_dates_opening_a_hit_and_going_back(site: Site, sized: Page, clock: FixedClock) -> None:
    sized.goto(f"{site.address}/search")
    sized.get_by_role("searchbox").press_sequentially(MISSPELT, delay=15)
    expect(sized.get_by_role("heading", level=2, name="2 résultats")).to_be_visible()
    expect(sized.locator("ul.cards mark").first).to_be_visible()

    choose_dates(sized, clock.now().date(), clock.now().date() + dt.timedelta(days=4))
    expect(sized.get_by_role("heading", level=2, name=re.compile("^1 résultat$"))).to_be_visible()
    hit = sized.locator("ul.cards").get_by_role("link", name=re.compile("verger"))
    expect(hit).to_be_visible()
    expect(sized.get_by_text("Libre à ces dates")).to_be_visible()
    assert sized.evaluate("document.body.scrollWidth") <= sized.viewport_size["width"]  # type: ignore[index]  # it was set
    assert violations(sized) == []
    searched = sized.url

    hit.click()
    expect(sized.get_by_role("heading", level=1, name=re.compile("verger"))).to_be_visible()
    sized.go_back()
    expect(sized).to_have_url(searched)
    expect(sized.get_by_role("searchbox")).to_have_value(MISSPELT)
    expect(sized.get_by_role("heading", level=2, name=re.compile("^1 résultat$"))).to_be_visible()
    open_filters(sized)
    expect(sized.get_by_label("du", exact=True)).to_have_value(clock.now().date().isoformat())


def test_the_address_of_a_search_shows_it_to_somebody_else(site: Site, sized: Page) -> None:
    sized.goto(f"{site.address}/search?q=jeu+coopratif+cylce+2&level=CE1")
    expect(sized.get_by_role("heading", level=2, name="2 résultats")).to_be_visible()
    expect(sized.get_by_role("link", name=re.compile("CE1"))).to_be_visible()


def test_who_stops_typing_at_nothing_is_counted_once(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/search")
    page.get_by_role("searchbox").press_sequentially("marionnettes", delay=15)
    expect(page.get_by_text("Rien ne correspond")).to_be_visible()

    def counted() -> list[tuple[str, int]]:
        """the search is counted"""
        with site.services.db.read() as session:
            return [(one.words, one.times) for one in session.scalars(select(UnmetSearch))]

    assert eventually(counted) == [("marionnettes", 1)]
