"""What was looked for and not found is counted without saying by whom, and shown to those it concerns."""

import datetime as dt

import pytest
from sqlalchemy import inspect, select

from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, Unauthenticated
from lending.search.schemas import SearchQuery
from lending.search.tables import UnmetSearch
from lending.search.unmet import queries
from lending.search.unmet.rules import (
    KEPT_MONTHS,
    LONGEST_FILTERS,
    LONGEST_WORDS,
    LastDayBeforeFirst,
    filters_of,
    filters_text,
    oldest_kept,
    words_kept,
)
from lending.search.unmet.schemas import UnmetPeriod
from lending.search.unmet.service import UnmetDemand
from tests.kit.clock import FixedClock
from tests.kit.network import create_association, create_federation, create_person, create_school, create_union

MARCH = dt.date(2027, 3, 8)


class Network:
    """Two unions: 35 and 56 belong to the first one, 64 to the other."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        self.unmet = UnmetDemand(database, clock)
        with database.write() as session:
            federation = create_federation(session)
            west, south = create_union(session, federation), create_union(session, federation, "Aquitaine")
            here = create_association(session, west, code="35")
            self.here_id = here.id
            create_association(session, west, code="56")
            create_association(session, south, code="64")
            self.teacher = create_person(session, Role.TEACHER, create_school(session, here))
            self.west = create_person(session, Role.COORDINATOR, west)
            self.south = create_person(session, Role.COORDINATOR, south)
            self.admin = create_person(session, Role.ADMIN, federation)

    def seen(self, actor: Actor, period: UnmetPeriod | None = None) -> dict[tuple[str, str], int]:
        return {(one.association_code, one.words): one.times for one in self.unmet.listing(actor, period)}


@pytest.fixture
def network(database: Database, clock: FixedClock) -> Network:
    return Network(database, clock)


class TestCounting:
    def test_the_same_search_on_the_same_day_counts_up_however_it_is_typed(self, network: Network) -> None:
        for text in ("Marionnettes  géantes", "marionnettes geantes", "MARIONNETTES, géantes !"):
            network.unmet.note_search(network.teacher, SearchQuery(text=text))
        assert network.seen(network.west) == {("35", "marionnettes geantes"): 3}
        with network.database.read() as session:
            assert len(session.scalars(select(UnmetSearch)).all()) == 1

    def test_days_are_added_up_and_both_ends_are_told(self, network: Network) -> None:
        first = network.unmet.today()
        network.unmet.note_search(network.teacher, SearchQuery(text="loup"))
        network.clock.advance(days=3)
        network.unmet.note_search(network.teacher, SearchQuery(text="loup"))
        (found,) = network.unmet.listing(network.west)
        assert (found.times, found.first_on, found.last_on) == (2, first, first + dt.timedelta(days=3))

    def test_other_criteria_are_another_wish(self, network: Network) -> None:
        network.unmet.note_search(
            network.teacher, SearchQuery(text="loup", level=("ce1", "cp"), starts_on=MARCH, due_on=MARCH)
        )
        network.unmet.note_search(network.teacher, SearchQuery(text="loup"))
        found = {tuple(one.filters): one.filters for one in network.unmet.listing(network.west)}
        assert found == {(): {}, ("level", "month"): {"level": ["ce1", "cp"], "month": ["2027-03"]}}

    def test_a_search_for_nothing_and_further_pages_are_not_counted(self, network: Network) -> None:
        network.unmet.note_search(network.teacher, SearchQuery())
        network.unmet.note_search(network.teacher, SearchQuery(text="loup", page=2))
        assert network.seen(network.admin) == {}

    def test_a_refused_reservation_is_counted_where_the_title_was_wanted(self, network: Network) -> None:
        network.unmet.note_refusal(network.here_id, "Malle coopération", MARCH)
        (found,) = network.unmet.listing(network.west)
        assert (found.reason, found.words, found.association_code) == ("reservation", "malle cooperation", "35")
        assert found.filters == {"month": ["2027-03"]}

    def test_nonsense_fills_no_disk(self, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "MOST_PER_DAY", 3)
        for number in range(6):
            network.unmet.note_search(ANONYMOUS, SearchQuery(text=f"mot{number}"))
        assert len(network.seen(network.admin)) == 3


class TestNobodyIsNamed:
    def test_no_column_could_hold_a_person(self) -> None:
        columns = {column.key for column in inspect(UnmetSearch).columns}
        assert columns == {"id", "searched_on", "reason", "association_code", "words", "filters", "times"}

    @pytest.mark.parametrize("text", ["camille@ecole.example.org", "06 12 34 56 78", "0612345678", "a@b", "12-34-56"])
    def test_what_looks_like_an_address_or_a_number_of_somebody_is_not_kept(self, text: str) -> None:
        assert words_kept(f"loup {text}") == ""

    def test_texts_stay_within_their_columns(self) -> None:
        assert len(words_kept("a " * 500)) <= LONGEST_WORDS
        many = SearchQuery(theme=tuple(f"theme-é{number}" for number in range(200)))
        assert 0 < len(filters_text(many)) <= LONGEST_FILTERS
        assert filters_of(filters_text(SearchQuery(kind=("a&b=c",)))) == {"kind": ["a&b=c"]}


class TestWhere:
    def test_the_associations_chosen_count_before_ones_own(self, network: Network) -> None:
        network.unmet.note_search(network.teacher, SearchQuery(text="loup", association=("56", "64", "99")))
        assert network.seen(network.admin) == {("56", "loup"): 1, ("64", "loup"): 1}

    def test_a_visitor_without_a_choice_looks_everywhere(self, network: Network) -> None:
        network.unmet.note_search(ANONYMOUS, SearchQuery(text="loup"))
        assert network.seen(network.admin) == {("", "loup"): 1}
        assert network.seen(network.west) == {}

    def test_coordinators_see_their_associations_only(self, network: Network) -> None:
        network.unmet.note_search(ANONYMOUS, SearchQuery(text="loup", association=("35", "56", "64")))
        assert set(network.seen(network.west)) == {("35", "loup"), ("56", "loup")}
        assert set(network.seen(network.south)) == {("64", "loup")}

    def test_nobody_else_sees_anything(self, network: Network) -> None:
        with pytest.raises(Forbidden):
            network.unmet.listing(network.teacher)
        with pytest.raises(Unauthenticated):
            network.unmet.listing(ANONYMOUS)


class TestWhen:
    def test_both_ends_of_the_period_count(self, network: Network) -> None:
        day = network.unmet.today()
        network.unmet.note_search(network.teacher, SearchQuery(text="loup"))
        after = UnmetPeriod(day + dt.timedelta(days=1), day + dt.timedelta(days=9))
        assert network.seen(network.west, UnmetPeriod(day, day)) == {("35", "loup"): 1}
        assert network.seen(network.west, after) == {}

    def test_a_period_that_ends_before_it_begins_is_refused(self, network: Network) -> None:
        with pytest.raises(LastDayBeforeFirst):
            network.unmet.listing(network.west, UnmetPeriod(MARCH, MARCH - dt.timedelta(days=1)))

    def test_counts_are_forgotten_after_twenty_five_months(self, network: Network) -> None:
        network.unmet.note_search(network.teacher, SearchQuery(text="loup"))
        network.clock.advance(days=30 * KEPT_MONTHS)
        assert network.unmet.forget_old() == 0
        network.clock.advance(days=60)
        assert network.unmet.forget_old() == 1

    def test_records_are_kept_from_the_first_of_a_month(self) -> None:
        assert oldest_kept(dt.date(2027, 3, 31)) == dt.date(2025, 2, 1)
        assert oldest_kept(dt.date(2027, 1, 1)) == dt.date(2024, 12, 1)
