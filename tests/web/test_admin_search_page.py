"""The administrators' page of the search index, and what visitors see while it does not answer."""

import pytest

from lending.core import outbox
from lending.core.actor import Role
from lending.search.port import IndexDown
from lending.search.sync import TOPIC
from tests.kit.loans import World
from tests.kit.network import create_person
from tests.kit.pages import Browser, words_of


@pytest.fixture
def admin(visitor: Browser, world: World) -> Browser:
    with world.db.write() as session:
        person = create_person(session, Role.ADMIN, world.federation)
    visitor.sign_in(person)
    return visitor


@pytest.fixture
def broken(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    def fail(*_: object) -> None:
        raise IndexDown

    index = visitor.services.search._index
    for name in ("search", "document_ids"):
        monkeypatch.setattr(index, name, fail)
    return visitor


def test_it_tells_how_the_index_stands_and_builds_it_anew(admin: Browser) -> None:
    assert "3 titres dans l’index 3 titres publiés" in words_of(admin.get("/admin/search"))
    assert admin.post("/admin/search/rebuild") == "/admin/search?done=index-rebuilt"
    assert "reconstruit" in words_of(admin.get("/admin/search?done=index-rebuilt"))
    assert 'href="/admin/search"' in admin.get("/admin")


def test_a_title_that_was_set_aside_can_be_sent_again(admin: Browser, world: World) -> None:
    now = admin.services.clock.now()
    with world.db.write() as session:
        outbox.enqueue(session, TOPIC, "title:1", now)
        for item in outbox.claim(session, TOPIC, now, now - now):
            outbox.fail(session, item.id, "refused", now, permanent=True)
    assert "refused" in words_of(admin.get("/admin/search"))
    assert "À voir" in words_of(admin.get("/admin"))
    admin.post(f"/admin/search/{item.id}/retry")
    assert "refused" not in words_of(admin.get("/admin/search"))


def test_others_are_kept_out(teacher: Browser) -> None:
    teacher.get("/admin/search", 403)
    teacher.post("/admin/search/rebuild", 403)


def test_visitors_get_a_plain_list_that_says_why(broken: Browser) -> None:
    said = words_of(broken.get("/search?q=émotions"))
    assert "Jeu des émotions" in said
    assert "La recherche est en panne" in said


def test_a_search_without_an_index_is_no_unmet_demand(broken: Browser, world: World) -> None:
    broken.get("/search?q=marionnettes")
    broken.get("/api/search?q=marionnettes")
    with world.db.write() as session:
        person = create_person(session, Role.ADMIN, world.federation)
    broken.sign_in(person)
    assert broken.client.get("/api/unmet").json() == []


def test_a_process_without_an_index_is_ready_and_says_what_is_missing(broken: Browser) -> None:
    answer = broken.client.get("/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"]["search"] == "search-unavailable"
    assert answer.json()["figures"]["search"] == {"waiting": 0, "oldest_seconds": 0, "parked": 0}
