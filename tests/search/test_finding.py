"""What the database adds to hits, and what is offered when nothing is found."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.core.actor import ANONYMOUS, Role
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.loans.schemas import NewReservation
from lending.loans.service import Loans
from lending.network.tables import Organisation, School
from lending.search.embedded import EmbeddedIndex
from lending.search.highlight import BEGIN, plain
from lending.search.remembering import Remembered
from lending.search.rules import PlaceMissing
from lending.search.schemas import Place, Relaxation, SearchQuery, SearchResults
from lending.search.service import Search
from lending.search.synonym_list import SynonymList
from lending.search.synonyms import BadSynonyms
from tests.kit.catalog import create_alias, create_contents, create_copies, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)

START = dt.date(2027, 3, 1)


class Library:
    """Two associations far apart: one with a trunk about wolves, the other with a game."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database, self.clock = database, clock
        with database.write() as session:
            federation = create_federation(session)
            union = create_union(session, federation)
            near, far = create_association(session, union, code="35"), create_association(session, union, code="83")
            school = create_school(session, near)
            place = session.get_one(School, school.id)
            place.latitude, place.longitude = 48.11, -1.68
            self.teacher, self.school_id = create_person(session, Role.TEACHER, school), school.id
            self.admin = create_person(session, Role.ADMIN, federation)
            self.union_id = str(union.id)
            create_term(session, "level", "c2", label_fr="Cycle 2", label_en="Cycle 2")
            create_term(session, "level", "cp", label_fr="CP", label_en="CP", parent="c2")
            self.wolf = self._title(session, near, (48.2, -1.6), "Le loup", "trunk")
            self.game = self._title(session, far, (43.1, 6.0), "Jeu coopératif", "game")
        self.loans = Loans(database, clock)
        self.search = Search(database, clock, EmbeddedIndex(folder))
        self.search.sync()

    def _title(
        self, session: Session, association: Organisation, place: tuple[float, float], name: str, kind: str
    ) -> int:
        depot = create_depot(session, association)
        depot.latitude, depot.longitude = place
        title = create_title(session, association, name=name, kind=kind, levels=("cp",))
        title.isbn = "9780306406157" if kind == "game" else None
        create_contents(session, title, {"Livres": [("Album « Roule galette »", 5), ("Guide du maître", 1)]})
        (copy,) = create_copies(session, title, depot, 1)
        create_alias(session, copy, f"OLD-7-{kind.upper()}")
        return title.id

    def ask(self, **wishes: object) -> SearchResults:
        return self.search.search(SearchQuery(**wishes))  # type: ignore[arg-type]

    def found(self, **wishes: object) -> list[int]:
        return [hit.title.id for hit in self.ask(**wishes).hits]


@pytest.fixture
def library(database: Database, clock: FixedClock, tmp_path: Path) -> Library:
    return Library(database, clock, tmp_path / "search")


class TestHits:
    def test_a_hit_in_the_contents_says_which_line(self, library: Library) -> None:
        hit = next(hit for hit in library.ask(text="loup galette").hits if hit.title.id == library.wolf)
        assert hit.line is not None
        assert (hit.line.section, plain(hit.line.name)) == ("Livres", "Album « Roule galette »")
        assert f"{BEGIN}galette" in hit.line.name

    def test_a_card_that_answers_every_word_names_no_line(self, library: Library) -> None:
        assert [hit.line for hit in library.ask(text="loup").hits] == [None]

    def test_levels_cycles_and_kinds_are_words_too(self, library: Library) -> None:
        assert library.found(text="jeu cycle 2")[0] == library.game
        assert library.found(text="malle cp")[0] == library.wolf

    def test_a_mistyped_word_is_suggested_as_the_titles_write_it(self, library: Library) -> None:
        assert library.ask(text="coopratif").suggestion == "coopératif"
        assert library.ask(text="coopératif").suggestion is None

    @pytest.mark.parametrize("typed", ["OLD-7-GAME", " old-7-game ", "978-0-306-40615-7"])
    def test_a_code_names_its_title(self, library: Library, typed: str) -> None:
        assert library.ask(text=typed).direct_title_id == library.game

    def test_the_code_of_a_draft_names_nothing(self, library: Library) -> None:
        with library.database.write() as session:
            session.get_one(Title, library.game).visibility = "draft"
        assert library.ask(text="OLD-7-GAME").direct_title_id is None

    def test_a_reservation_is_found_by_its_reference_by_who_is_signed_in(self, library: Library) -> None:
        wish = NewReservation(title_id=library.wolf, school_id=library.school_id, starts_on=START, due_on=START)
        made = library.loans.reserve(library.teacher, wish)
        assert library.search.booking_named(library.teacher, f" {made.reference.lower()} ") == made.id
        assert library.search.booking_named(ANONYMOUS, made.reference) is None
        assert library.search.booking_named(library.teacher, "BBBB-2222") is None


class TestDistance:
    def test_from_a_school_the_nearest_comes_first_with_its_distance(self, library: Library) -> None:
        hits = library.ask(school_id=library.school_id, sort="nearest").hits
        assert [hit.title.id for hit in hits] == [library.wolf, library.game]
        assert [hit.distance_km and round(hit.distance_km, -1) for hit in hits] == [10, 820]

    def test_only_what_is_near_enough_remains(self, library: Library) -> None:
        near = Place(43.0, 6.0)
        assert library.found(near=near, within_km=50) == [library.game]

    def test_a_school_that_nobody_knows_leaves_the_usual_order(self, library: Library) -> None:
        assert len(library.found(school_id=10**6, sort="nearest")) == 2

    def test_nearest_from_nowhere_is_refused(self, library: Library) -> None:
        with pytest.raises(PlaceMissing):
            library.found(sort="nearest")
        with pytest.raises(PlaceMissing):
            library.found(within_km=10)


class TestNothingFound:
    def test_each_wish_that_stands_in_the_way_is_named_with_what_it_costs(self, library: Library) -> None:
        results = library.ask(text="loup", kind=("game",), association=("35",))
        assert results.relaxations == [Relaxation(without="kind", total=1)]

    def test_other_dates_come_first(self, library: Library) -> None:
        wish = NewReservation(
            title_id=library.wolf, school_id=library.school_id, starts_on=START, due_on=START + dt.timedelta(days=3)
        )
        library.loans.reserve(library.teacher, wish)
        library.search.sync()
        first, second = library.ask(text="loup", starts_on=START, due_on=START).relaxations
        assert first.starts_on is not None
        assert (first.without, first.total) == ("", 1)
        assert library.ask(text="loup", starts_on=first.starts_on, due_on=first.due_on).total == 1
        assert second == Relaxation(without="dates", total=1)

    def test_nothing_is_offered_for_words_that_nothing_has(self, library: Library) -> None:
        assert library.ask(text="zzzzzz", kind=("game",)).relaxations == []


class TestChoices:
    def test_values_of_a_facet_are_found_by_a_part_of_their_label(self, library: Library) -> None:
        named = library.search.facet_values("level", "CP", SearchQuery())
        assert [(one.code, one.count) for one in named] == [("cp", 2)]
        assert library.search.facet_values("level", "zz", SearchQuery()) == []

    def test_regions_and_languages_are_offered_and_narrow(self, library: Library) -> None:
        offers = library.search.offers()
        assert list(offers.regions) == [library.union_id]
        assert offers.languages == ["fr"]
        assert len(library.found(region=(library.union_id,), language=("fr",))) == 2
        assert library.found(region=("999999",)) == []


class TestSynonyms:
    def test_a_new_group_finds_titles_that_use_the_other_words(self, library: Library) -> None:
        kept = SynonymList(library.database, library.clock)
        assert library.found(text="canis") == []
        assert kept.keep(library.admin, ["loup,  canis lupus, loup", "", "BD, bande dessinée"]) == [
            "loup, canis lupus",
            "BD, bande dessinée",
        ]
        library.search.sync()
        assert library.found(text="canis") == [library.wolf]
        kept.keep(library.admin, [])
        library.search.sync()
        assert library.found(text="canis") == []

    @pytest.mark.parametrize("line", ["loup", "loup, LOUP,", ", ".join(["mot"] * 3), "a" * 299 + ", b"])
    def test_a_line_that_says_nothing_is_refused(self, library: Library, line: str) -> None:
        with pytest.raises(BadSynonyms) as refused:
            SynonymList(library.database, library.clock).keep(library.admin, ["un, une", line])
        assert refused.value.line == 2

    def test_only_administrators_keep_the_list(self, library: Library) -> None:
        with pytest.raises(Forbidden):
            SynonymList(library.database, library.clock).lines(library.teacher)


def test_what_hardly_changes_is_read_again_after_some_seconds() -> None:
    seconds, answers = [0.0], iter(("old", "new"))
    kept = Remembered(lambda: next(answers), lambda: seconds[0])
    assert [kept.value(), kept.value()] == ["old", "old"]
    seconds[0] = 6.0
    assert kept.value() == "new"
