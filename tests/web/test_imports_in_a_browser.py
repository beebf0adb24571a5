"""The pages of imports in a real browser, on a phone and a desktop, in every state."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from lending.catalog.imports.schemas import NewImport
from tests.kit.browser import violations
from tests.kit.clock import FixedClock
from tests.kit.loans import World
from tests.kit.site import Site, serving

SHEET = "Réf;Type;Titre;Éditeur;Code\nR1;Jeu;Loto;Djeco;A1\nR2;Vélo;Dés;;\nR3;Jeu;Un titre qui est plutôt long;;A2\n"


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    assert world.title
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


def paths(site: Site, world: World) -> list[str]:
    """The list, and an import checked, unmapped, at work, applied, undone."""
    imports, home = site.services.imports, world.association.id

    def check(text: str) -> int:
        return imports.check_file(world.staff, home, NewImport(name="liste.csv", content=text.encode())).id

    checked, unmapped, applied, undone = check(SHEET), check("Chose\nx\n"), check(SHEET), check("Type;Titre\nJeu;B\n")
    imports.apply(world.staff, home, undone)
    imports.undo(world.staff, home, undone)
    imports.apply(world.staff, home, applied, skip_refused=True)
    changed = check("Réf;Éditeur\nR1;Haba\n")
    runs = [f"/staff/{home}/imports/{one}" for one in (checked, unmapped, applied, undone, changed)]
    return [f"/staff/{home}/imports", *runs, f"{runs[0]}?show=new"]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_pages_keep_to_the_rules_of_accessibility(
    site: Site, context: BrowserContext, page: Page, world: World, width: int, scheme: str
) -> None:
    site.sign_in(context, world.staff)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path in paths(site, world):
        page.goto(site.address + path)
        folded = page.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        found[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert {path: one for path, one in found.items() if one} == {}


def test_a_file_is_chosen_checked_and_imported_by_hand(
    site: Site, context: BrowserContext, page: Page, world: World, tmp_path: Path
) -> None:
    sheet = tmp_path / "Inventaire.csv"
    sheet.write_text(SHEET, encoding="cp1252")
    site.sign_in(context, world.staff)
    page.goto(f"{site.address}/staff/{world.association.id}/imports")
    page.get_by_label("Fichier", exact=True).set_input_files(sheet)
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_role("button", name="Importer 2 lignes").click()
    page.get_by_text("Importé", exact=True).wait_for()
    page.get_by_text("Annuler cet import").click()
    page.get_by_role("button", name="Annuler 2 lignes").click()
    page.get_by_text("2 lignes annulées.").wait_for()
