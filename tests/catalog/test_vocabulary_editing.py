"""The federation edits its vocabularies, on both databases."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownVocabulary, VersionChanged
from lending.catalog.queries import terms
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import Term
from lending.catalog.vocabularies.errors import EmptyLabel, LabelTaken, UnknownParent
from lending.catalog.vocabularies.rules import code_for
from lending.catalog.vocabularies.schemas import EditTerm, NewTerm, TermDetail
from lending.catalog.vocabularies.service import Vocabularies
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.core.i18n import language
from lending.core.tables import OutboxRow
from lending.network import queries as network
from lending.network.tables import Organisation
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_person


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    world = create_world(database, clock, copies=1)
    with database.write() as session:
        load_vocabularies(session)
    return world


@pytest.fixture
def vocabularies(world: World) -> Vocabularies:
    return Vocabularies(world.db, world.clock)


@pytest.fixture
def admin(world: World) -> Actor:
    with world.db.write() as session:
        path = network.root_path(session)
        federation = session.scalars(select(Organisation).where(Organisation.path == path)).one()
        return create_person(session, Role.ADMIN, federation)


def the(found: list[TermDetail], code: str) -> TermDetail:
    return next(one for one in found if one.code == code)


def test_a_word_is_added_at_the_end(vocabularies: Vocabularies, admin: Actor) -> None:
    added = vocabularies.add_term(admin, "theme", NewTerm(label_fr="  Égalité des  cœurs "))
    assert (added.code, added.label_fr, added.titles) == ("egalite-des-coeurs", "Égalité des cœurs", 0)
    assert vocabularies.terms(admin, "theme")[-1] == added
    again = vocabularies.add_term(admin, "theme", NewTerm(label_fr="Egalité des cœurs !"))
    assert again.code == "egalite-des-coeurs-2"


def test_a_renamed_word_follows_on_titles_and_in_search(world: World, vocabularies: Vocabularies, admin: Actor) -> None:
    before = the(vocabularies.terms(admin, "theme"), "cooperation")
    with world.db.write() as session:
        for row in session.scalars(select(OutboxRow)):
            session.delete(row)
    edit = EditTerm(label_fr="Coopérer", label_en="Working together", version=before.version)
    after = vocabularies.edit_term(admin, "theme", "cooperation", edit)
    assert (after.label_fr, after.titles, after.version) == ("Coopérer", before.titles, before.version + 1)
    with world.db.write() as session:
        assert [row.subject for row in session.scalars(select(OutboxRow))] == [f"title:{world.title.id}"]
        load_vocabularies(session)
        token = language.set("en")
        assert next(one.label for one in terms(session, "theme") if one.code == "cooperation") == "Working together"
        language.reset(token)
    with pytest.raises(VersionChanged):
        vocabularies.edit_term(admin, "theme", "cooperation", edit)


def test_what_cannot_be_is_refused(vocabularies: Vocabularies, admin: Actor, world: World) -> None:
    with pytest.raises(EmptyLabel):
        vocabularies.add_term(admin, "theme", NewTerm(label_fr=" … "))
    with pytest.raises(LabelTaken):
        vocabularies.add_term(admin, "theme", NewTerm(label_fr="Coopération"))
    with pytest.raises(UnknownParent):
        vocabularies.add_term(admin, "level", NewTerm(label_fr="Prépa", parent="cp"))
    with pytest.raises(NotFound):
        vocabularies.edit_term(admin, "theme", "nix", EditTerm(label_fr="Rien"))
    with pytest.raises(UnknownVocabulary):
        vocabularies.terms(admin, "nix")
    assert vocabularies.add_term(admin, "level", NewTerm(label_fr="UEE", parent="c1")).parent == "c1"
    for nobody in (world.staff, world.teacher):
        with pytest.raises(Forbidden):
            vocabularies.add_term(nobody, "theme", NewTerm(label_fr="À moi"))
        with pytest.raises(Forbidden):
            vocabularies.terms(nobody, "theme")


def test_the_database_keeps_words_apart(world: World, vocabularies: Vocabularies) -> None:
    twice = {"vocabulary": "theme", "label_fr": "Coopération", "label_en": "", "rank": 99}
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.add(Term(code="again", **twice))


def test_the_same_word_at_the_same_instant_is_there_once(vocabularies: Vocabularies, admin: Actor) -> None:
    said: list[str] = []
    ready = threading.Barrier(6)

    def add() -> None:
        ready.wait()
        try:
            said.append(vocabularies.add_term(admin, "theme", NewTerm(label_fr="Philatélie")).code)
        except LabelTaken:
            said.append("taken")

    threads = [threading.Thread(target=add) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["philatelie"] + ["taken"] * 5


def test_the_products_own_words_give_way_to_the_federations(
    world: World, vocabularies: Vocabularies, admin: Actor, tmp_path: Path
) -> None:
    vocabularies.add_term(admin, "theme", NewTerm(label_fr="Astronomie du soir"))
    file = tmp_path / "vocabularies.json"
    file.write_text(
        '{"levels": [], "themes": [{"code": "soir", "label_fr": "Astronomie du soir", "label_en": "Evening"}]}',
        encoding="utf-8",
    )
    with world.db.write() as session:
        assert load_vocabularies(session, file) == 0


@given(st.text(max_size=80), st.sets(st.sampled_from(["a", "a-2", "jeu", "jeu-2"])))
def test_codes_are_plain_and_new(label: str, taken: set[str]) -> None:
    try:
        code = code_for(label, taken)
    except EmptyLabel:
        return
    assert code not in taken
    assert len(code) <= 40
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
