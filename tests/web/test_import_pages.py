"""The pages of imports and exports, without a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def send(browser: Browser, path: str, content: str, expected: int = 303, **fields: str) -> str:
    answer = browser.client.post(
        path, files={"file": ("Inventaire 2026.csv", content.encode())}, data=fields, follow_redirects=False
    )
    assert answer.status_code == expected, answer.text
    return str(answer.headers["location"]) if expected == 303 else answer.text


def base(world: World) -> str:
    return f"/staff/{world.association.id}/imports"


def test_a_sheet_is_checked_applied_and_undone_on_its_page(browser: Browser, world: World) -> None:
    assert "Aucun import" in words_of(browser.get(base(world)))
    assert base(world) in browser.get(f"/organisations/{world.association.id}")
    run = send(browser, base(world), "Type;Titre;Niveaux\nJeu;Loto;\nJeu;Dés;CE9\n")
    words = words_of(browser.get(run))
    assert "Vérifié, pas encore importé" in words
    assert "Refusées (1) Nouvelles (1)" in words
    assert "« CE9 » n’est pas un niveau." in words
    assert "1 ligne refusée ne sera pas importée." in words
    assert browser.post(f"{run}/apply", skip_refused="1") == run
    words = words_of(browser.get(run))
    assert "Importé" in words
    assert "Annuler 1 ligne" in words
    assert browser.post(f"{run}/undo") == run
    assert "1 ligne annulée." in words_of(browser.get(run))
    assert "Inventaire 2026.csv" in words_of(browser.get(base(world)))


def test_unknown_headings_are_told_by_hand(browser: Browser, world: World) -> None:
    run = send(browser, base(world), "Chose;Sorte\nUne malle;Malle\n")
    page = browser.get(run)
    assert "Colonnes à indiquer" in words_of(page)
    assert "Colonnes trouvées : Chose, Sorte." in words_of(page)
    wrong = browser.post(f"{run}/mapping", 400, **{"column-1": "name", "column-2": "name"})
    assert "Deux colonnes ne peuvent pas donner la même information : Titre." in words_of(wrong)
    browser.post(f"{run}/mapping", **{"column-1": "name", "column-2": "kind"})
    assert "Importer 1 ligne" in words_of(browser.get(run))


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(browser: Browser, world: World) -> None:
    page = send(browser, base(world), "Titre\n\0\n", 400)
    assert 'aria-describedby="file-error"' in page
    assert "octets nuls" in page
    assert "Envoi trop volumineux" in send(browser, base(world), "x" * 25_000_000, 413)


def test_the_page_follows_the_work_of_a_large_import(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lending.catalog.imports.service.AT_ONCE", 1)
    run = send(browser, base(world), "Type;Titre\nJeu;Loto\nJeu;Dés\n")
    browser.post(f"{run}/apply", skip_refused="")
    answer = browser.client.get(run)
    assert answer.headers["refresh"] == "3"
    assert "0 lignes sur 2" in answer.text
    assert browser.services.imports.work() == 2
    answer = browser.client.get(run)
    assert "refresh" not in answer.headers
    assert "Importé" in answer.text


def test_the_stock_is_exported(browser: Browser, world: World) -> None:
    answer = browser.client.get(f"/staff/{world.association.id}/exports?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert world.copies[0].code[:3] in answer.text


def test_nobody_else_gets_in(browser: Browser, world: World) -> None:
    run = send(browser, base(world), "Type;Titre\nJeu;Loto\n")
    browser.sign_in(world.teacher)
    for path in (base(world), run, f"/staff/{world.association.id}/exports"):
        browser.get(path, 403)


def test_undoing_keeps_a_copy_that_is_booked_and_says_why(browser: Browser, world: World) -> None:
    sheet = "Type;Titre;Publication;Code\nMalle;Malle du loup;publié;A1\nMalle;Malle de la mer;publié;A2\n"
    run = send(browser, base(world), sheet)
    browser.post(f"{run}/apply", skip_refused="")
    rows = browser.services.imports.rows(world.staff, world.association.id, int(run.rpartition("/")[2]))
    booking = world.reserve(3, 5, title_id=rows.items[0].title_id)
    assert booking.copy_id is not None
    browser.post(f"{run}/undo")
    words = words_of(browser.get(run))
    assert "1 ligne annulée. 1 ligne gardée" in words
    assert "servent déjà (réservation" in words
    assert world.booking(booking.id).copy_id == booking.copy_id
    assert words_of(browser.get(f"/titles/{rows.items[0].title_id}"))
    browser.get(f"/titles/{rows.items[1].title_id}", 404)


def test_long_lists_go_on_and_speak_english(browser: Browser, world: World) -> None:
    run = send(browser, base(world), "Type;Titre\n" + "".join(f"Jeu;Jeu {n}\n" for n in range(150)))
    assert "Lignes suivantes" in words_of(browser.get(run))
    assert "Jeu 149" in words_of(browser.get(f"{run}?show=new&after=101"))
    assert "Aucune ligne." in words_of(browser.get(f"{run}?show=new&after={10**30}"))
    browser.post("/language", language="en", next="/")
    words = words_of(browser.get(run))
    assert "Checked, not yet imported" in words
    assert "Import 150 rows" in words
    assert "Kind Game · Title Jeu 97" in words
