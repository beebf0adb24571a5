"""Without an index people still find something, administrators see why, and nothing unpublished leaks."""

from pathlib import Path

import pytest

from lending.core import outbox
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound
from lending.core.readiness import Readiness
from lending.search.embedded import EmbeddedIndex
from lending.search.port import IndexDown, IndexRefused
from lending.search.schemas import IndexPage, SearchQuery
from lending.search.service import Search
from lending.search.sync import TOPIC
from lending.search.upkeep import IndexUpkeep
from tests.kit.catalog import create_copies, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import create_association, create_depot, create_federation, create_person, create_union


class Broken(EmbeddedIndex):
    """An index that can be told not to answer."""

    error: Exception | None = None

    def search(self, query: SearchQuery) -> IndexPage:
        if self.error:
            raise self.error
        return super().search(query)

    def document_ids(self) -> set[int]:
        if self.error:
            raise self.error
        return super().document_ids()


class House:
    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database, self.clock = database, clock
        with database.write() as session:
            federation = create_federation(session)
            association = create_association(session, create_union(session, federation))
            self.admin = create_person(session, Role.ADMIN, federation)
            self.staff = create_person(session, Role.STAFF, association)
            create_term(session, "level", "CE1")
            self.wolf = create_title(session, association, name="Le loup gris", levels=["CE1"]).id
            create_title(session, association, name="Le loup secret", visibility="draft")
            water = create_title(session, association, name="100 % d’eau", kind="game")
            create_copies(session, water, create_depot(session, association), 1)
            self.water = water.id
        self.index = Broken(folder)
        self.search = Search(database, clock, self.index)
        self.search.sync()
        self.upkeep = IndexUpkeep(database, clock, self.search.freshness, self.search.reindex)

    def park(self, subject: str, error: str = "too long") -> None:
        with self.database.write() as session:
            outbox.enqueue(session, TOPIC, subject, self.clock.now())
            for item in outbox.claim(session, TOPIC, self.clock.now(), self.clock.now() - self.clock.now()):
                outbox.fail(session, item.id, error, self.clock.now(), permanent=True)


@pytest.fixture
def house(database: Database, clock: FixedClock, tmp_path: Path) -> House:
    return House(database, clock, tmp_path / "search")


class TestDegraded:
    @pytest.mark.parametrize("error", [IndexDown(), IndexRefused(code="invalid_api_key", reason="wrong")])
    def test_a_plain_list_is_given_and_says_so(self, house: House, error: Exception) -> None:
        house.index.error = error
        results = house.search.search(SearchQuery(text="LOUP gris"))
        assert [hit.title.id for hit in results.hits] == [house.wolf]
        assert (results.total, results.is_degraded) == (1, True)

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            (SearchQuery(), {"wolf", "water"}),
            (SearchQuery(text="secret"), set()),
            (SearchQuery(text="100 %"), {"water"}),
            (SearchQuery(text="_"), set()),
            (SearchQuery(text="\x00"), {"wolf", "water"}),
            (SearchQuery(kind=("game",)), {"water"}),
            (SearchQuery(level=("CE1",)), {"wolf"}),
            (SearchQuery(association=("35",)), {"water"}),
            (SearchQuery(theme=("x",)), set()),
            (SearchQuery(language=("fr",)), {"wolf", "water"}),
            (SearchQuery(language=("br",)), set()),
            (SearchQuery(owner=("x", "99999999999999")), set()),
            (SearchQuery(age=7, players=3, minutes=20), {"wolf", "water"}),
        ],
    )
    def test_it_keeps_to_the_choices_and_to_what_is_published(
        self, house: House, query: SearchQuery, names: set[str]
    ) -> None:
        house.index.error = IndexDown()
        results = house.search.search(query)
        assert {hit.title.id for hit in results.hits} == {getattr(house, name) for name in names}
        assert results.total == len(names)

    def test_it_ends_as_soon_as_the_index_answers(self, house: House) -> None:
        house.index.error = IndexDown()
        assert house.search.search(SearchQuery()).is_degraded
        house.index.error = None
        assert not house.search.search(SearchQuery()).is_degraded


class TestReadiness:
    def test_a_process_without_an_index_serves_and_says_what_is_missing(self, house: House) -> None:
        house.index.error = IndexDown()
        checks = {"search": house.search.trouble}
        state = Readiness(checks, dispensable=["search"], figures={"search": house.upkeep.figures}).examine()
        assert state.ready
        assert state.checks == {"search": "search-unavailable"}
        assert not Readiness(checks).examine().ready

    def test_freshness_is_told_in_figures(self, house: House) -> None:
        with house.database.write() as session:
            outbox.enqueue(session, TOPIC, f"title:{house.wolf}", house.clock.now())
        house.clock.advance(minutes=2)
        assert house.upkeep.figures() == {"waiting": 1, "oldest_seconds": 120, "parked": 0}

    def test_figures_that_cannot_be_had_are_left_out(self) -> None:
        def failing() -> dict[str, int]:
            raise OSError

        state = Readiness({}, figures={"search": failing}).examine()
        assert (state.ready, state.figures) == (True, {"search": {}})


class TestUpkeep:
    def test_what_was_set_aside_is_shown_with_its_title_and_the_reason(self, house: House) -> None:
        house.park(f"title:{house.wolf}")
        house.park("title:nonsense")
        state = house.upkeep.state(house.admin)
        assert [(one.title_id, one.name, one.error) for one in state.parked] == [
            (house.wolf, "Le loup gris", "too long"),
            (None, "title:nonsense", "too long"),
        ]
        assert state.freshness is not None
        assert state.freshness.parked == 2

    def test_a_second_try_sends_it_again(self, house: House) -> None:
        house.park(f"title:{house.wolf}")
        house.upkeep.retry(house.admin, house.upkeep.state(house.admin).parked[0].row_id)
        assert house.search.sync() == 1
        assert house.upkeep.state(house.admin).parked == []

    def test_an_index_that_does_not_answer_is_shown_as_such(self, house: House) -> None:
        house.index.error = IndexDown()
        assert house.upkeep.state(house.admin).freshness is None

    def test_only_administrators_look_after_it(self, house: House) -> None:
        for forbidden in (house.upkeep.state, house.upkeep.rebuild, lambda actor: house.upkeep.retry(actor, 1)):
            with pytest.raises(Forbidden):
                _call(forbidden, house.staff)

    def test_only_what_was_set_aside_can_be_tried_again(self, house: House) -> None:
        with pytest.raises(NotFound):
            house.upkeep.retry(house.admin, 4711)

    def test_a_rebuild_says_how_many_titles_it_holds(self, house: House) -> None:
        assert house.upkeep.rebuild(house.admin) == 2


def _call(action: object, actor: Actor) -> None:
    assert callable(action)
    action(actor)
