"""A real browser: Debian's Chromium driven by playwright. A page that logs an error fails its test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DAY_IS_KEPT = """async () => {
  const all = await indexedDB.databases();
  if (!all.some((one) => one.name === "desk")) return false;
  const said = (request) => new Promise((kept, lost) => {
    request.onsuccess = () => kept(request.result);
    request.onerror = () => lost(request.error);
  });
  const database = await said(indexedDB.open("desk"));
  try {
    return Boolean(await said(database.transaction("facts").objectStore("facts").get("day")));
  } finally {
    database.close();
  }
}"""
WCAG_AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def browser_program() -> str:
    """Where Chromium is; without one the test fails where a browser is required, and is skipped elsewhere."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        reason = "no Chromium found"
        if os.environ.get("LENDING_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = browser_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor on a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose scripts must stay silent."""
    page, complaints = context.new_page(), []

    def note(message: ConsoleMessage) -> None:
        # The browser itself logs each answer of 400 and above; tests ask for those on purpose.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def violations(page: Page) -> list[str]:
    """What the page does against WCAG A and AA, one line each."""
    found = Axe().run(page, options=WCAG_AA).response["violations"]
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']]}" for one in found]


def wait_for_the_day(page: Page) -> None:
    """Wait until the desk has put the list of the day away: from then on it can do without network."""
    page.wait_for_function(DAY_IS_KEPT)
