"""Refusals as pages: what is wrong, in the visitor's language, and nothing about the inside."""

import pytest

from lending.catalog.service import Catalog
from tests.kit.pages import Browser, words_of


def test_an_unknown_address_says_so_in_both_languages(visitor: Browser) -> None:
    assert "Introuvable" in words_of(visitor.get("/nothing", status=404))
    visitor.post("/language", language="en", next="/")
    assert "Not found" in words_of(visitor.get("/nothing", status=404))


def test_a_page_for_others_says_that_the_role_does_not_allow_it(teacher: Browser) -> None:
    assert "Action non autorisée" in words_of(teacher.get("/desk", status=403))


def test_a_visitor_is_offered_to_sign_in(visitor: Browser) -> None:
    page = visitor.get("/reservations", status=401)
    assert "/sign-in?next=/reservations" in page


def test_a_form_from_another_site_is_refused(teacher: Browser) -> None:
    answer = teacher.client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "Demande venue d’un autre site" in answer.text


def test_a_form_that_is_too_large_is_refused(teacher: Browser) -> None:
    answer = teacher.client.post("/titles/1/reservations", data={"starts_on": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "Envoi trop volumineux" in answer.text


def test_a_form_that_is_none_is_refused(teacher: Browser) -> None:
    headers = {"content-type": "application/json"}
    assert teacher.client.post("/titles/1/reservations", content="{", headers=headers).status_code in (400, 415)


def test_an_accident_tells_nothing_of_the_inside(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_catalog: Catalog) -> None:
        message = "secret of the inside"
        raise RuntimeError(message)

    monkeypatch.setattr(Catalog, "kind_counts", fail)
    page = visitor.get("/", status=500)
    assert "Erreur interne" in words_of(page)
    assert "secret of the inside" not in page


def test_a_wrong_method_is_a_page_too(visitor: Browser) -> None:
    answer = visitor.client.delete("/search")
    assert answer.status_code == 405
    assert "<h1>" in answer.text
