"""The whole journey in a browser: find with a typo, book, fetch, be reminded, bring back incomplete."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.kit.browser import violations
from tests.kit.patience import eventually
from tests.kit.servers import environment, free_port, server

OPEN_AT_EVERY_DEPOT = 1  # Tuesday


@pytest.fixture
def base_url(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    """The demonstration as `make run` serves it."""
    port = free_port()
    settings = environment(tmp_path, sqlite_url, port)
    with server(settings, tmp_path / "web.log", "run", "--port", str(port)):
        yield settings["LENDING_BASE_URL"]


def two_days() -> tuple[dt.date, dt.date]:
    """A Tuesday some weeks ahead and the Tuesday after the next, when no depot of the demonstration is away."""
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=14)
    while day.weekday() != OPEN_AT_EVERY_DEPOT or is_away(day) or is_away(day + dt.timedelta(days=14)):
        day += dt.timedelta(days=1)
    return day, day + dt.timedelta(days=14)


def is_away(day: dt.date) -> bool:
    here = (day.month, day.day)
    return here >= (12, 15) or here <= (1, 10) or (7, 10) <= here <= (8, 31)


def become(page: Page, base_url: str, name: str) -> None:
    page.goto(f"{base_url}/demo")
    page.get_by_role("button", name=f"Entrer {name}").click()
    expect(page.get_by_text(name).first).to_be_visible()


def move_clock(page: Page, base_url: str, days: int) -> None:
    page.goto(f"{base_url}/demo")
    page.locator("#days").fill(str(days))
    page.locator("form.clock-form button").click()
    expect(page.get_by_role("status").first).to_contain_text("horloge")


def mails(page: Page, base_url: str) -> str:
    page.goto(f"{base_url}/demo/inbox")
    return page.locator("main").inner_text()


def scan(page: Page, code: str) -> None:
    """What a scanner does: it types, wherever the focus is, and presses Enter."""
    page.locator("h1").click()
    page.keyboard.type(code.replace(" ", ""))
    page.keyboard.press("Enter")


@pytest.mark.timeout(170)
def test_from_a_search_with_a_typo_to_a_copy_that_waits_for_a_part(page: Page, base_url: str) -> None:
    starts_on, due_on = two_days()
    title_url, booking_url, name = find_and_book(page, base_url, starts_on, due_on)
    eventually(lambda: name in mails(page, base_url))
    today = dt.datetime.now(dt.UTC).date()
    become(page, base_url, "Dominique Le Goff")
    move_clock(page, base_url, (starts_on - today).days)
    code = hand_over(page, base_url, booking_url)
    before = mails(page, base_url).count(name)
    # The day before, when the reminder goes out whatever day it is: earlier ones wait for the end of quiet days.
    move_clock(page, base_url, (due_on - starts_on).days - 1)
    eventually(lambda: mails(page, base_url).count(name) > before)
    missing = take_back_incomplete(page, base_url, code)
    become(page, base_url, "Camille Martin")
    page.goto(title_url)
    expect(page.get_by_text("Incomplet ou en réparation")).to_be_visible()
    expect(page.locator("main")).to_contain_text(missing)
    assert violations(page) == []


def find_and_book(page: Page, base_url: str, starts_on: dt.date, due_on: dt.date) -> tuple[str, str, str]:
    become(page, base_url, "Camille Martin")
    page.goto(f"{base_url}/search?association=35&kind=trunk")
    page.get_by_role("searchbox", name="Que cherchez-vous").fill("coopration")
    expect(page.locator("#results mark").first).to_be_visible()
    page.locator("#starts_on").fill(starts_on.isoformat())
    page.locator("#due_on").fill(due_on.isoformat())
    expect(page.locator("#results").get_by_text("Libre à ces dates").first).to_be_visible()
    page.locator("#results h3 a").first.click()
    expect(page.locator("#starts_on")).to_have_value(starts_on.isoformat())
    title_url, name = page.url.split("?")[0], page.locator("h1").inner_text()
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    assert violations(page) == []
    return title_url, page.url.split("?")[0], name


def planned_copy(page: Page, booking_url: str) -> str:
    """The copy that the booking counts on today: another one than at first where a loan before it is late."""
    page.goto(booking_url)
    found = re.search(r"\d{3} \d{5} \d{2}", page.locator("main").inner_text())
    assert found
    return found[0]


def hand_over(page: Page, base_url: str, booking_url: str) -> str:
    code = ""

    def is_ready() -> bool:
        # The night's work may still be looking for another copy.
        nonlocal code
        code = planned_copy(page, booking_url)
        open_desk(page, base_url, code)
        return page.get_by_role("button", name="Remettre").count() == 1

    eventually(is_ready, seconds=60)
    page.get_by_role("button", name="Remettre").click()
    expect(page.get_by_role("button", name="Remettre")).to_have_count(0)
    expect(page.locator("#desk-result")).to_contain_text("Remis")
    assert violations(page) == []
    return code


def take_back_incomplete(page: Page, base_url: str, code: str) -> str:
    open_desk(page, base_url, code)
    page.get_by_text("Compter ligne par ligne").click()
    line = page.locator(".checklist input[type=number]").first
    label = page.locator(".checklist label").first.inner_text().split("attendu")[0].strip()
    line.fill(str(int(line.input_value()) - 1))
    page.get_by_role("button", name="Enregistrer le retour").click()
    expect(page.locator(".checklist")).to_have_count(0)
    expect(page.locator("#desk-result")).to_contain_text("manque")
    expect(page.locator("#desk-result")).to_contain_text(label)
    assert violations(page) == []
    return label


def open_desk(page: Page, base_url: str, code: str) -> None:
    """The desk of whichever depot keeps the copy."""
    for depot in (1, 2):
        page.goto(f"{base_url}/desk?depot={depot}")
        scan(page, code)
        expect(page.locator("#desk-result")).not_to_be_empty()
        page.wait_for_timeout(400)
        if page.locator("#desk-result form.desk-action").count():
            return
    pytest.fail(page.locator("#desk-result").inner_text())
