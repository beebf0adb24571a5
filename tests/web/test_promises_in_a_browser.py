"""Rules, baskets, waiting, changes and the month of copies in a real browser, on a phone and a desktop."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lending.loans.schemas.basket import NewLine
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.baskets import Baskets
from lending.loans.service.wishes import Wishes
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.browser import violations
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_rule
from tests.kit.site import Site, serving


@dataclass
class Scene:
    """A loan, a request that waits for approval, a basket, an offer and two who wait."""

    teacher: list[str]
    staff: list[str]


@pytest.fixture
def scene(world: World) -> Scene:
    SchoolCalendars(world.db, world.clock).load_published()
    with world.db.write() as session:
        conditions = {"needs_approval": True, "agreement": "loan", "deposit_form": "cheque", "deposit_cents": 8000}
        rare = create_title(session, world.federation, name="Malle rare", kind="trunk", levels=["CE1"])
        create_copies(session, rare, world.depot, 1)
    out = world.hand_over(world.reserve(0, 5))
    with world.db.write() as session:
        create_rule(session, world.association.id, **conditions)
    asked = world.reserve(14, 5)
    place = {"title_id": rare.id, "school_id": world.school.id}
    first = world.today + 7 * DAY
    taken = world.reserve(7, 57, title_id=rare.id)
    wishes = Wishes(world.db, world.clock)
    for _ in range(2):
        school, who = world.school_with_teacher()
        wishes.join(
            who, NewWish(**place | {"school_id": school.id}, starts_on=first, until_on=first + 30 * DAY, length_days=20)
        )
    world.loans.cancel(world.teacher, taken.id)
    wishes.join(world.teacher, NewWish(**place, starts_on=first, until_on=first + 19 * DAY, length_days=15))
    Baskets(world.db, world.clock).add(
        world.teacher,
        NewLine(title_id=world.title.id, school_id=world.school.id, starts_on=first, due_on=first + 4 * DAY),
    )
    organisation, title = world.association.id, world.title.id
    return Scene(
        teacher=[
            "/basket",
            "/waiting",
            f"/reservations/{out.id}/change",
            f"/reservations/{asked.id}",
            f"/titles/{title}",
        ],
        staff=[
            f"/organisations/{organisation}/rules",
            f"/staff/waiting?association={organisation}",
            f"/staff/titles/{title}/timeline?depot={world.depot.id}",
            f"/reservations/{asked.id}",
            f"/reservations/{asked.id}/change",
            f"/reservations/{out.id}/change",
        ],
    )


@pytest.fixture
def site(scene: Scene, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    assert scene
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def visit(site: Site, context: BrowserContext, page: Page, world: World, scene: Scene) -> Iterator[str]:
    for actor, paths in ((world.teacher, scene.teacher), (world.staff, scene.staff)):
        site.sign_in(context, actor)
        for path in paths:
            answer = page.goto(site.address + path)
            assert answer is not None
            assert answer.status == 200, path
            page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
            yield path


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_pages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, page: Page, world: World, scene: Scene, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {path: violations(page) for path in visit(site, context, page, world, scene)}
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_nothing_is_wider_than_a_small_phone(
    site: Site, context: BrowserContext, page: Page, world: World, scene: Scene
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    wide = [
        path for path in visit(site, context, page, world, scene) if page.evaluate("document.body.scrollWidth") > 320
    ]
    assert wide == []


def test_a_basket_is_filled_and_confirmed_without_scripts(site: Site, browser: Browser, world: World) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    site.sign_in(context, world.teacher)
    page = context.new_page()
    page.goto(f"{site.address}/titles/{world.title.id}")
    page.get_by_label("Retrait le").fill((world.today + 21 * DAY).isoformat())
    page.get_by_label("Retour le").fill((world.today + 25 * DAY).isoformat())
    page.get_by_role("button", name="Ajouter au panier").click()
    expect(page.get_by_role("heading", level=1, name="Mon panier")).to_be_visible()
    page.get_by_role("button", name="Tout réserver").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Commande")
    context.close()
