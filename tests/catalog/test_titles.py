"""Titles: what pages show, who sees what, how they change."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from lending.catalog.errors import (
    BadAges,
    BadIsbn,
    BlankName,
    LineHasHistory,
    UnknownContentLine,
    UnknownLevel,
    UnknownOwner,
    UnknownTheme,
    UnknownVocabulary,
    VersionChanged,
)
from lending.catalog.requests import (
    EditTitle,
    LineInput,
    NewTitle,
    SectionInput,
    TitleFilter,
)
from lending.catalog.rules import Kind, Visibility
from lending.catalog.service import Catalog
from lending.catalog.service.record_check import record_check
from lending.catalog.tables import Copy, Title
from lending.core.actor import ANONYMOUS
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.i18n import speaking
from lending.core.idempotency import KeyUsedForAnotherRequest
from lending.core.paging import BadCursor
from lending.core.tables import OutboxRow
from lending.network.tables import Depot, Organisation
from tests.catalog.conftest import World
from tests.kit.catalog import create_copy, create_document, create_title


def nudges(database: Database) -> list[str]:
    with database.read() as session:
        return [row.subject for row in session.scalars(select(OutboxRow).where(OutboxRow.topic == "search"))]


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


class TestTitlePage:
    def test_it_tells_levels_themes_and_contents_in_order(self, catalog: Catalog, world: World) -> None:
        page = catalog.title_page(ANONYMOUS, world.title_id)
        assert [term.code for term in page.levels] == ["cp", "ce1"]
        assert [term.label for term in page.themes] == ["Coopération"]
        assert [section.name for section in page.contents] == ["Livres", "Jeux"]
        assert page.things == 8
        assert (page.copies, page.lendable, page.held_back) == (2, 2, [])

    def test_labels_come_in_the_language_in_force(self, catalog: Catalog, world: World) -> None:
        with speaking("en"):
            assert catalog.title_page(ANONYMOUS, world.title_id).themes[0].label == "Cooperation"

    def test_it_counts_copies_by_association_and_depot(
        self, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            title, depot = (
                session.get_one(Title, world.title_id),
                session.get_one(Depot, world.other_depot_id),
            )
            for status in ("lendable", "repair", "lost", "withdrawn"):
                create_copy(session, title, depot, status=status)
        page = catalog.title_page(ANONYMOUS, world.title_id)
        assert [(one.code, one.copies, one.lendable) for one in page.holdings] == [("35", 2, 2), ("37", 2, 1)]
        assert [depot.copies for depot in page.holdings[1].depots] == [2]

    def test_it_says_what_a_blocked_copy_lacks(
        self, catalog: Catalog, database: Database, world: World, clock: Clock
    ) -> None:
        with database.write() as session:
            record_check(session, world.copy_ids[0], "return", {world.line_ids[0]: 4}, None, clock.now())
            session.get_one(Copy, world.copy_ids[0]).status = "blocked"
        page = catalog.title_page(ANONYMOUS, world.title_id)
        (held,) = page.held_back
        assert (held.id, held.status, held.checked_at) == (world.copy_ids[0], "blocked", clock.now())
        assert [(line.name, line.missing) for line in held.missing] == [("Album « Le loup »", 1)]
        assert (page.copies, page.lendable) == (2, 1)

    def test_it_lists_documents(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            document_id = create_document(session, session.get_one(Title, world.title_id)).id
        (shown,) = catalog.title_page(ANONYMOUS, world.title_id).documents
        assert shown.url == f"/documents/{document_id}/file"

    def test_only_the_owners_staff_may_edit(self, catalog: Catalog, world: World) -> None:
        actors = (ANONYMOUS, world.teacher, world.other_staff, world.staff)
        answers = [catalog.title_page(actor, world.title_id).can_edit for actor in actors]
        assert answers == [False, False, False, True]

    def test_a_draft_exists_for_the_owners_staff_only(self, catalog: Catalog, world: World) -> None:
        assert catalog.title_page(world.staff, world.draft_id).visibility == "draft"
        for actor in (ANONYMOUS, world.teacher, world.other_staff):
            for read in (catalog.title_page, catalog.checklist, catalog.copies_of):
                with pytest.raises(NotFound):
                    read(actor, world.draft_id)
            with pytest.raises(NotFound):
                catalog.edit_title(actor, world.draft_id, EditTitle(), 1)

    def test_a_checklist_is_for_everybody(self, catalog: Catalog, world: World) -> None:
        checklist = catalog.checklist(ANONYMOUS, world.title_id)
        assert [line.quantity for section in checklist.sections for line in section.lines] == [5, 1, 2]
        with pytest.raises(NotFound):
            catalog.checklist(ANONYMOUS, 999_999)

    def test_an_unknown_title_is_not_found(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(NotFound):
            catalog.title_page(world.staff, 999_999)


class TestLists:
    def test_summaries_keep_the_order_and_leave_out_what_may_not_be_seen(
        self, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            third = create_title(session, session.get_one(Organisation, world.other_id), name="Le jeu du loup").id
        asked = [third, world.draft_id, 999_999, world.title_id]
        assert [one.id for one in catalog.title_summaries(ANONYMOUS, asked)] == [third, world.title_id]
        assert [one.id for one in catalog.title_summaries(world.staff, asked)] == [
            third,
            world.draft_id,
            world.title_id,
        ]

    def test_summaries_cost_as_many_queries_for_many_titles_as_for_one(
        self, catalog: Catalog, database: Database, world: World
    ) -> None:
        with database.write() as session:
            home = session.get_one(Organisation, world.home_id)
            ids = [create_title(session, home, themes=["cooperation"], levels=["cp"]).id for _ in range(20)]
        with counted_queries(database) as one:
            catalog.title_summaries(ANONYMOUS, ids[:1])
        with counted_queries(database) as many:
            assert len(catalog.title_summaries(ANONYMOUS, ids)) == 20
        assert len(many) == len(one)

    def test_a_summary_names_levels_themes_and_lenders(self, catalog: Catalog, world: World) -> None:
        (summary,) = catalog.title_summaries(ANONYMOUS, [world.title_id])
        assert summary.level_labels == ["cp", "ce1"]
        assert summary.theme_labels == ["Coopération"]
        assert [lender.code for lender in summary.lenders] == ["35"]

    def test_the_newest_lent_titles_come_first(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            home, depot = session.get_one(Organisation, world.home_id), session.get_one(Depot, world.depot_id)
            newer = create_title(session, home, name="Nouveau", created_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
            create_copy(session, newer, depot)
            create_title(session, home, name="Sans exemplaire")
            ids = [newer.id, world.title_id]
        assert [one.id for one in catalog.recently_added(ANONYMOUS)] == ids
        assert [one.id for one in catalog.recently_added(ANONYMOUS, limit=1)] == ids[:1]
        assert catalog.recently_added(ANONYMOUS, association_id=world.other_id) == []

    def test_counts_speak_of_published_titles(self, catalog: Catalog, world: World) -> None:
        assert [(one.code, one.titles) for one in catalog.theme_counts()] == [("cooperation", 1)]
        assert [(one.kind, one.titles) for one in catalog.kind_counts()] == [("trunk", 1)]
        (stock,) = catalog.stock_counts(world.home_id)
        assert (stock.kind, stock.titles, stock.copies, stock.lendable, stock.lost) == ("trunk", 1, 2, 2, 0)
        assert catalog.stock_counts(world.other_id) == []

    def test_a_lost_copy_is_counted_apart(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            for copy_id in world.copy_ids:
                session.get_one(Copy, copy_id).status = "lost"
        (stock,) = catalog.stock_counts(world.home_id)
        assert (stock.titles, stock.copies, stock.lendable, stock.lost) == (0, 0, 0, 2)

    def test_terms_come_in_order(self, catalog: Catalog, world: World) -> None:
        del world
        assert [term.code for term in catalog.terms("level")] == ["cycle2", "cp", "ce1", "ce2"]
        with pytest.raises(UnknownVocabulary):
            catalog.terms("colour")


class TestStaffList:
    def test_pages_neither_skip_nor_repeat(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            home = session.get_one(Organisation, world.home_id)
            for name in ("Même nom", "Même nom", "Abeilles", "Zèbres"):
                create_title(session, home, name=name)
        seen, cursor = [], None
        for _ in range(10):
            page = catalog.titles_of(world.staff, world.home_id, cursor, limit=2)
            seen += [one.id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 6

    def test_it_shows_what_is_owned_and_what_is_held(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            title, depot = (
                session.get_one(Title, world.title_id),
                session.get_one(Depot, world.other_depot_id),
            )
            create_copy(session, title, depot, status="blocked")
        (held,) = catalog.titles_of(world.other_staff, world.other_id).items
        assert (held.id, held.copies, held.lendable) == (world.title_id, 1, 0)
        owned = catalog.titles_of(world.staff, world.home_id).items
        assert {(one.id, one.copies) for one in owned} == {(world.title_id, 2), (world.draft_id, 0)}

    def test_another_associations_draft_is_not_shown(self, catalog: Catalog, database: Database, world: World) -> None:
        with database.write() as session:
            title, depot = (
                session.get_one(Title, world.draft_id),
                session.get_one(Depot, world.other_depot_id),
            )
            create_copy(session, title, depot)
        assert catalog.titles_of(world.other_staff, world.other_id).items == []

    def test_it_can_be_narrowed(self, catalog: Catalog, world: World) -> None:
        def ids(wanted: TitleFilter) -> list[int]:
            return [one.id for one in catalog.titles_of(world.staff, world.home_id, wanted=wanted).items]

        assert ids(TitleFilter(visibility=Visibility.DRAFT)) == [world.draft_id]
        assert ids(TitleFilter(kind=Kind.GAME)) == []
        assert ids(TitleFilter(text=" PRÉPARATION".lower())) == [world.draft_id]
        assert ids(TitleFilter(text="%")) == []

    def test_others_may_not_read_it(self, catalog: Catalog, world: World) -> None:
        for actor in (world.other_staff, world.teacher):
            with pytest.raises(Forbidden):
                catalog.titles_of(actor, world.home_id)
        with pytest.raises(Unauthenticated):
            catalog.titles_of(ANONYMOUS, world.home_id)

    def test_a_made_up_cursor_is_refused(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(BadCursor):
            catalog.titles_of(world.staff, world.home_id, "zzz")


class TestAddTitle:
    @pytest.fixture
    def new(self, world: World) -> NewTitle:
        return NewTitle(
            owner_id=world.home_id,
            kind=Kind.BOOK,
            name="  Le  loup \n est revenu ",
            isbn="2-07-036822-X",
            levels=["cp"],
            themes=["cooperation"],
            contents=[SectionInput(name="Livres", lines=[LineInput(name="Album", quantity=6)])],
        )

    def test_it_begins_as_a_draft_with_tidy_facts(
        self, catalog: Catalog, database: Database, world: World, new: NewTitle
    ) -> None:
        page = catalog.add_title(world.staff, new)
        assert (page.name, page.isbn, page.visibility) == ("Le loup est revenu", "9782070368228", "draft")
        assert page.contents[0].lines[0].quantity == 6
        assert page.can_edit
        assert f"title:{page.id}" in nudges(database)

    def test_a_repeated_request_adds_one_title(self, catalog: Catalog, world: World, new: NewTitle) -> None:
        assert catalog.add_title(world.staff, new, "k1").id == catalog.add_title(world.staff, new, "k1").id
        assert catalog.add_title(world.staff, new, "k2").id != catalog.add_title(world.staff, new, "k1").id

    def test_a_key_serves_one_request_only(self, catalog: Catalog, world: World, new: NewTitle) -> None:
        catalog.add_title(world.staff, new, "k1")
        other = NewTitle(owner_id=world.home_id, kind=Kind.GAME, name="Jeu")
        with pytest.raises(KeyUsedForAnotherRequest):
            catalog.add_title(world.staff, other, "k1")

    def test_others_may_not(self, catalog: Catalog, world: World, new: NewTitle) -> None:
        for actor in (world.other_staff, world.teacher):
            with pytest.raises(Forbidden):
                catalog.add_title(actor, new)

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"name": " \t"}, BlankName),
            ({"isbn": "9782070368229"}, BadIsbn),
            ({"min_age": 9, "max_age": 6}, BadAges),
            ({"levels": ["nope"]}, UnknownLevel),
            ({"themes": ["nope"]}, UnknownTheme),
            ({"owner_id": 999_999}, UnknownOwner),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_nothing_is_written(
        self,
        catalog: Catalog,
        database: Database,
        world: World,
        facts: dict[str, object],
        error: type[Exception],
    ) -> None:
        given = {"owner_id": world.home_id, "kind": Kind.BOOK, "name": "Livre"} | facts
        with pytest.raises(error):
            catalog.add_title(world.staff, NewTitle(**given))  # type: ignore[arg-type]  # the facts vary by case
        assert nudges(database) == []


class TestEditTitle:
    def test_only_what_is_sent_changes(self, catalog: Catalog, database: Database, world: World) -> None:
        page = catalog.edit_title(world.staff, world.title_id, EditTitle(subtitle="Cycle 2", min_age=6), 1)
        assert (page.name, page.subtitle, page.min_age, page.version) == (
            "Malle coopération",
            "Cycle 2",
            6,
            2,
        )
        assert [term.code for term in page.levels] == ["cp", "ce1"]
        assert page.things == 8
        assert nudges(database) == [f"title:{world.title_id}"]

    def test_a_fact_can_be_taken_back(self, catalog: Catalog, world: World) -> None:
        catalog.edit_title(world.staff, world.title_id, EditTitle(min_age=6, isbn="9782070368228"), 1)
        page = catalog.edit_title(world.staff, world.title_id, EditTitle(min_age=None, isbn="", levels=[]), 2)
        assert (page.min_age, page.isbn, page.levels) == (None, None, [])

    def test_a_bound_is_checked_against_the_one_that_was_there(self, catalog: Catalog, world: World) -> None:
        catalog.edit_title(world.staff, world.title_id, EditTitle(max_age=8), 1)
        with pytest.raises(BadAges):
            catalog.edit_title(world.staff, world.title_id, EditTitle(min_age=9), 2)

    def test_of_two_people_who_edit_one_version_the_second_is_told(self, catalog: Catalog, world: World) -> None:
        catalog.edit_title(world.staff, world.title_id, EditTitle(name="Premier"), 1)
        with pytest.raises(VersionChanged) as refused:
            catalog.edit_title(world.staff, world.title_id, EditTitle(name="Second"), 1)
        assert refused.value.version == 2
        assert catalog.title_page(world.staff, world.title_id).name == "Premier"

    def test_of_two_who_save_at_once_one_wins(self, catalog: Catalog, world: World) -> None:
        def save(name: str) -> str | None:
            try:
                return catalog.edit_title(world.staff, world.title_id, EditTitle(name=name), 1).name
            except VersionChanged:
                return None

        with ThreadPoolExecutor(4) as pool:
            saved = [name for name in pool.map(save, "ABCD") if name]
        assert len(saved) == 1
        assert catalog.title_page(world.staff, world.title_id).name == saved[0]

    def test_who_sees_a_title_but_does_not_own_it_may_not_edit_it(self, catalog: Catalog, world: World) -> None:
        with pytest.raises(Forbidden):
            catalog.edit_title(world.other_staff, world.title_id, EditTitle(name="À moi"), 1)
        with pytest.raises(Unauthenticated):
            catalog.edit_title(ANONYMOUS, world.title_id, EditTitle(name="À moi"), 1)

    def test_publishing_shows_and_archiving_hides(self, catalog: Catalog, world: World) -> None:
        catalog.publish(world.staff, world.draft_id, 1)
        assert catalog.title_page(ANONYMOUS, world.draft_id).visibility == "published"
        catalog.archive(world.staff, world.draft_id, 2)
        with pytest.raises(NotFound):
            catalog.title_page(ANONYMOUS, world.draft_id)


class TestEditContents:
    def contents(self, catalog: Catalog, world: World) -> list[SectionInput]:
        sections = catalog.checklist(world.staff, world.title_id).sections
        return [
            SectionInput(
                id=section.id,
                name=section.name,
                lines=[LineInput(id=line.id, name=line.name, quantity=line.quantity) for line in section.lines],
            )
            for section in sections
        ]

    def edit(self, catalog: Catalog, world: World, contents: list[SectionInput]) -> list[tuple[str, list[str]]]:
        page = catalog.edit_title(world.staff, world.title_id, EditTitle(contents=contents), None)
        return [(section.name, [line.name for line in section.lines]) for section in page.contents]

    def test_sections_and_lines_can_change_places_and_keep_their_ids(self, catalog: Catalog, world: World) -> None:
        books, games = self.contents(catalog, world)
        swapped = SectionInput(id=books.id, name="Lire", lines=[*books.lines[::-1], *games.lines])
        assert self.edit(catalog, world, [SectionInput(id=games.id, name="Jouer", lines=[]), swapped]) == [
            ("Jouer", []),
            ("Lire", ["Guide de l’enseignant", "Album « Le loup »", "Jeu de l’oie"]),
        ]
        after = catalog.checklist(world.staff, world.title_id).sections[1]
        assert {line.id for line in after.lines} == set(world.line_ids)

    def test_what_is_left_out_goes_and_what_is_new_comes(self, catalog: Catalog, world: World) -> None:
        books, _ = self.contents(catalog, world)
        kept = SectionInput(id=books.id, name="Livres", lines=[LineInput(name="Carnet"), books.lines[0]])
        new = SectionInput(name="Affiches", lines=[LineInput(name="Affiche", quantity=3)])
        assert self.edit(catalog, world, [kept, new]) == [
            ("Livres", ["Carnet", "Album « Le loup »"]),
            ("Affiches", ["Affiche"]),
        ]

    def test_a_line_that_a_check_speaks_of_cannot_go(
        self, catalog: Catalog, database: Database, world: World, clock: Clock
    ) -> None:
        with database.write() as session:
            record_check(session, world.copy_ids[0], "return", {world.line_ids[0]: 4}, None, clock.now())
        with pytest.raises(LineHasHistory, match="Le loup"):
            self.edit(catalog, world, [])
        assert len(catalog.checklist(world.staff, world.title_id).sections) == 2

    def test_a_line_of_another_title_is_refused(self, catalog: Catalog, world: World) -> None:
        stray = SectionInput(name="Livres", lines=[LineInput(id=999_999, name="Intrus")])
        with pytest.raises(UnknownContentLine):
            self.edit(catalog, world, [stray])

    def test_one_line_cannot_stand_twice(self, catalog: Catalog, world: World) -> None:
        line = LineInput(id=world.line_ids[0], name="Double")
        with pytest.raises(UnknownContentLine):
            self.edit(catalog, world, [SectionInput(name="Livres", lines=[line, line])])
