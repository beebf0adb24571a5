"""Whatever titles there are and whatever is asked: nothing leaks, and every count is what the database counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lending.catalog.rules import Visibility
from lending.catalog.tables import Copy, Title, TitleLevel, TitleTheme
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.network.tables import Association, Depot, Organisation
from lending.search.embedded import EmbeddedIndex
from lending.search.highlight import plain
from lending.search.meilisearch import MeilisearchIndex
from lending.search.port import SearchIndex
from lending.search.schemas import FACETS, SearchQuery, SearchResults
from lending.search.service import Search
from lending.search.unmet.service import UnmetDemand
from tests.kit.catalog import create_copies, create_term, create_title
from tests.kit.clock import FixedClock
from tests.kit.meili_server import running_meili
from tests.kit.network import create_association, create_depot, create_federation, create_person, create_union

WORDS = ("loup", "renard", "forêt", "coopération", "arc-en-ciel", "journaux", "eau")
# Words that only titles that are not published have.
SECRETS = ("zibeline", "zibelines", "zibel", "zi", "zibleine")
LEVELS, THEMES, CODES = ("CP", "CE1", "CM2"), ("nature", "debat"), ("35", "56")
KINDS = ("trunk", "game", "book", "sheet")
SEEN = Visibility.PUBLISHED.value


@dataclass(frozen=True)
class Plan:
    """A title to be made."""

    words: tuple[str, ...]
    kind: str
    visibility: str
    levels: frozenset[str]
    themes: frozenset[str]
    lenders: frozenset[str]

    @property
    def name(self) -> str:
        return " ".join(self.words if self.visibility == SEEN else (*self.words, SECRETS[0]))


plans = st.builds(
    Plan,
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple),
    kind=st.sampled_from(KINDS),
    visibility=st.sampled_from([SEEN, SEEN, *(one.value for one in Visibility)]),
    levels=st.frozensets(st.sampled_from(LEVELS)),
    themes=st.frozensets(st.sampled_from(THEMES)),
    lenders=st.frozensets(st.sampled_from(CODES)),
)


def choices(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


queries = st.builds(
    SearchQuery,
    text=st.lists(st.sampled_from((*WORDS, *SECRETS, "lo", "foret", "-loup")), max_size=2).map(" ".join),
    kind=choices(KINDS),
    level=choices(LEVELS),
    theme=choices((*THEMES, "other")),
    association=choices((*CODES, "99")),
    per_page=st.just(50),
)


class Ground:
    """A small network whose titles are made anew for each example."""

    def __init__(self, database: Database, clock: FixedClock, index: SearchIndex) -> None:
        self.database, self.clock = database, clock
        with database.write() as session:
            federation = create_federation(session)
            union = create_union(session, federation)
            owners = [create_association(session, union, code=code) for code in CODES]
            self.depots = {code: create_depot(session, owner).id for code, owner in zip(CODES, owners, strict=True)}
            for code in LEVELS:
                create_term(session, "level", code)
            for code in THEMES:
                create_term(session, "theme", code, label_fr=code, label_en=code)
            people = [create_person(session, role, owners[0]) for role in Role]
            self.owner_id, self.actors = owners[0].id, [ANONYMOUS, *people]
        self.index = index
        self.search = Search(database, clock, index)
        self.unmet = UnmetDemand(database, clock)

    def make(self, planned: list[Plan]) -> None:
        with self.database.write() as session:
            for table in (Copy, TitleLevel, TitleTheme, Title, OutboxRow):
                session.execute(delete(table))
            owner = session.get_one(Organisation, self.owner_id)
            for one in planned:
                facts = {"kind": one.kind, "visibility": one.visibility}
                title = create_title(session, owner, name=one.name, levels=one.levels, themes=one.themes, **facts)  # type: ignore[arg-type]  # facts are texts
                for code in one.lenders:
                    create_copies(session, title, session.get_one(Depot, self.depots[code]), 1)
        self.search.reindex()

    def allowed(self, query: SearchQuery, without: str = "") -> set[int]:
        """What the database lets everybody see under the choices; words narrow it further."""
        return {title_id for title_id, facts in self.facts().items() if _fits(facts, query, without)}

    def facts(self) -> dict[int, dict[str, set[str]]]:
        with self.database.read() as session:
            shown = session.scalars(select(Title).where(Title.visibility == SEEN)).all()
            lenders = select(Copy.title_id, Association.code).join(
                Association, Association.organisation_id == Copy.owner_id
            )
            rows = {
                "level": session.execute(select(TitleLevel.title_id, TitleLevel.level)).all(),
                "theme": session.execute(select(TitleTheme.title_id, TitleTheme.theme)).all(),
                "association": session.execute(lenders).all(),
            }
        found: dict[int, dict[str, set[str]]] = {one.id: {"kind": {one.kind}} for one in shown}
        for title_id, facts in found.items():
            facts |= {name: {value for one, value in pairs if one == title_id} for name, pairs in rows.items()}
        return found


def _fits(facts: dict[str, set[str]], query: SearchQuery, without: str) -> bool:
    return all(
        facet == without or not query.chosen(facet) or facts[facet] & set(query.chosen(facet)) for facet in FACETS
    )


@pytest.fixture(params=["embedded", "meilisearch"])
def ground(request: pytest.FixtureRequest, database: Database, clock: FixedClock, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "embedded":
        yield Ground(database, clock, EmbeddedIndex(tmp_path / "search"))
        return
    with running_meili() as server:
        index = MeilisearchIndex(server.url)
        yield Ground(database, clock, index)
        index.close()


def check_one(ground: Ground, query: SearchQuery) -> None:
    results = ground.search.search(query)
    found = {hit.title.id for hit in results.hits}
    assert not results.is_degraded
    assert found <= ground.allowed(query)
    assert results.total == len(found)
    check_facets(ground, query, results)
    check_silence(results)


def check_facets(ground: Ground, query: SearchQuery, results: SearchResults) -> None:
    """Without words the counts are what the database counts; with words each is what its own search would total."""
    for facet in FACETS:
        counts = {value.code: value.count for value in results.facets[facet] if value.count}
        if not query.text:
            facts = ground.facts()
            left = [facts[title_id][facet] for title_id in ground.allowed(query, facet)]
            assert counts == dict(Counter(value for values in left for value in values))
        assert all(count <= len(ground.allowed(query, facet)) for count in counts.values())


def check_silence(results: SearchResults) -> None:
    """No text that is shown tells of what is not published."""
    for hit in results.hits:
        assert SECRETS[0] not in plain(hit.name) + plain(hit.excerpt)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=st.lists(plans, max_size=8), asked=st.lists(queries, min_size=1, max_size=6))
def test_results_counts_and_facets_tell_what_the_database_allows_and_no_more(
    ground: Ground, planned: list[Plan], asked: list[SearchQuery]
) -> None:
    ground.make(planned)
    for query in (SearchQuery(per_page=50), *asked):
        check_one(ground, query)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=st.lists(plans, min_size=1, max_size=8))
def test_words_of_what_is_not_published_find_nothing(ground: Ground, planned: list[Plan]) -> None:
    ground.make(planned)
    for secret in SECRETS[:3]:
        results = ground.search.search(SearchQuery(text=secret))
        assert (results.hits, results.total) == ([], 0)
        assert not any(value.count for values in results.facets.values() for value in values)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=st.lists(plans, min_size=1, max_size=6), hidden=st.data())
def test_what_is_taken_back_is_gone_at_once_from_hits_and_after_a_turn_from_counts(
    ground: Ground, planned: list[Plan], hidden: st.DataObject
) -> None:
    ground.make(planned)
    shown = sorted(ground.facts())
    gone = set(hidden.draw(st.lists(st.sampled_from(shown)))) if shown else set()
    with ground.database.write() as session:
        for title_id in gone:
            session.get_one(Title, title_id).visibility = Visibility.DRAFT.value
    assert not gone & {hit.title.id for hit in ground.search.search(SearchQuery(per_page=50)).hits}
    ground.search.reconcile()
    check_one(ground, SearchQuery(per_page=50))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=st.lists(plans, max_size=6), query=queries, place=st.integers(0, len(Role)))
def test_what_was_not_found_is_told_to_coordinators_of_that_place_only(
    ground: Ground, planned: list[Plan], query: SearchQuery, place: int
) -> None:
    ground.make(planned)
    actor: Actor = ground.actors[place]
    ground.unmet.note_search(actor, query)
    coordinator = next(one for one in ground.actors if one.has_role(Role.COORDINATOR))
    assert {one.association_code for one in ground.unmet.listing(coordinator)} <= {CODES[0]}
