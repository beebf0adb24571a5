"""Counting a depot, on both databases: what is told, what is kept, and what happens when many do it at once."""

import datetime as dt
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.catalog.rules import Status
from lending.catalog.stocktakes.errors import AlreadyCounting, StocktakeClosed
from lending.catalog.stocktakes.rules import Finding
from lending.catalog.stocktakes.schemas import Closing, NewStocktake, ScanInput
from lending.catalog.stocktakes.service import Stocktakes
from lending.catalog.stocktakes.tables import Stocktake, StocktakeLine, StocktakeScan
from lending.catalog.tables import Copy
from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Conflict, Forbidden, NotFound
from lending.loans.queries.whereabouts import whereabouts
from lending.loans.schemas import DeskDecision, DeskScan
from lending.loans.service import Loans
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_depot, create_person

COPIES = 6
BIG = 1500


@pytest.fixture
def depot(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=COPIES)


@pytest.fixture
def stocktakes(depot: World) -> Stocktakes:
    return counting(depot.db, depot)


def counting(database: Database, world: World) -> Stocktakes:
    return Stocktakes(database, world.clock, whereabouts, world.loans.replan_title)


def scan(code: str, key: str | None = None, **facts: object) -> ScanInput:
    return ScanInput(**{"key": key or f"key-{code}-{random.random()}", "code": code} | facts)


def begin(stocktakes: Stocktakes, world: World, shelf: str = "") -> int:
    return stocktakes.open(world.staff, world.depot.id, NewStocktake(shelf)).summary.id


def report(world: World, stocktake_id: int) -> dict[int, str]:
    with world.db.read() as session:
        rows = session.scalars(select(StocktakeLine).where(StocktakeLine.stocktake_id == stocktake_id))
        return {row.copy_id: row.finding for row in rows}


def take_back(world: World, code: str) -> None:
    decision = DeskDecision(action="take_back", note_seen=True)
    world.loans.desk(world.staff, DeskScan(code=code, depot_id=world.depot.id, decision=decision))


def test_a_count_says_what_each_copy_is(depot: World, stocktakes: Stocktakes, clock: FixedClock) -> None:
    away, forgotten, late_scan, strange, lost, missing = depot.copies
    with depot.db.write() as session:
        other = create_depot(session, depot.association, name="Annexe")
        session.get_one(Copy, strange.id).depot_id = other.id
        session.get_one(Copy, lost.id).status = "lost"
    depot.hand_over(depot.reserve(0, 3), away)
    depot.hand_over(depot.reserve(0, 3), forgotten)
    clock.advance(minutes=5)
    count = begin(stocktakes, depot)
    clock.advance(minutes=5)
    told = stocktakes.scan(depot.staff, count, [scan(one.code) for one in (forgotten, late_scan, strange, lost)])
    assert [line.copy.finding for line in told.lines if line.copy] == [
        Finding.SHOULD_BE_OUT,
        Finding.COUNTED,
        Finding.MISPLACED,
        Finding.FOUND_AGAIN,
    ]
    clock.advance(minutes=5)
    depot.hand_over(depot.reserve(0, 3), late_scan)
    assert stocktakes.scan(depot.staff, count, [scan("QUOI?")]).lines[0].copy is None
    closed = stocktakes.close(depot.staff, count, Closing())
    assert closed.unknown == ["QUOI?"]
    assert report(depot, count) == {
        away.id: "out",
        forgotten.id: "should_be_out",
        late_scan.id: "counted",
        strange.id: "misplaced",
        lost.id: "found_again",
        missing.id: "missing",
    }
    assert closed.numbers == dict(Counter(report(depot, count).values())) | {"handled": 0}


def test_a_copy_that_came_back_while_others_counted_is_not_missing(
    depot: World, stocktakes: Stocktakes, clock: FixedClock
) -> None:
    depot.hand_over(depot.reserve(0, 3), depot.copies[0])
    count = begin(stocktakes, depot)
    clock.advance(minutes=5)
    take_back(depot, depot.copies[0].code)
    stocktakes.scan(depot.staff, count, [scan(one.code) for one in depot.copies[1:]])
    stocktakes.close(depot.staff, count, Closing(missing_are_lost=True))
    assert report(depot, count)[depot.copies[0].id] == "handled"
    assert depot.copy_status(depot.copies[0]) == Status.LENDABLE


def test_the_close_puts_right_what_it_is_told_to(depot: World, stocktakes: Stocktakes) -> None:
    moved, missing = depot.copies[:2]
    with depot.db.write() as session:
        other = create_depot(session, depot.association, name="Annexe")
        session.get_one(Copy, moved.id).depot_id = other.id
    count = begin(stocktakes, depot)
    stocktakes.scan(depot.staff, count, [scan(one.code) for one in (moved, *depot.copies[2:])])
    stocktakes.close(depot.staff, count, Closing(missing_are_lost=True, misplaced_belong_here=True))
    assert depot.copy_status(missing) == Status.LOST
    with depot.db.read() as session:
        assert session.get_one(Copy, moved.id).depot_id == depot.depot.id


def test_a_reservation_whose_copy_is_noted_as_lost_moves_to_another(depot: World, stocktakes: Stocktakes) -> None:
    booking = depot.reserve(5, 5)
    planned = depot.booking(booking.id).copy_id
    count = begin(stocktakes, depot)
    stocktakes.scan(depot.staff, count, [scan(one.code) for one in depot.copies if one.id != planned])
    stocktakes.close(depot.staff, count, Closing(missing_are_lost=True))
    assert depot.booking(booking.id).copy_id not in {None, planned}


def test_what_is_sent_twice_is_kept_once(depot: World, stocktakes: Stocktakes) -> None:
    count, once = begin(stocktakes, depot), scan(depot.copies[0].code, key="the-same-key")
    first = stocktakes.scan(depot.staff, count, [once, once])
    assert stocktakes.scan(depot.staff, count, [once]).lines[0].copy == first.lines[0].copy
    with depot.db.read() as session:
        assert len(session.scalars(select(StocktakeScan)).all()) == 1


def test_a_device_that_tells_later_counts_from_when_it_read(
    depot: World, stocktakes: Stocktakes, clock: FixedClock
) -> None:
    count = begin(stocktakes, depot)
    clock.advance(hours=1)
    read_at, an_hour = clock.now(), dt.timedelta(hours=1)
    clock.advance(minutes=10)
    depot.hand_over(depot.reserve(0, 3), depot.copies[0])
    clock.advance(minutes=10)
    # Its clock is an hour slow, and it says so.
    told = scan(depot.copies[0].code, device_at=read_at - an_hour, offset_ms=3_600_000)
    (line,) = stocktakes.scan(depot.staff, count, [told]).lines
    assert line.copy is not None
    assert line.copy.finding == Finding.COUNTED


def test_after_the_close_nothing_counts_any_more(depot: World, stocktakes: Stocktakes) -> None:
    count = begin(stocktakes, depot)
    stocktakes.close(depot.staff, count, Closing())
    with pytest.raises(StocktakeClosed):
        stocktakes.scan(depot.staff, count, [scan(depot.copies[0].code)])
    with pytest.raises(StocktakeClosed):
        stocktakes.close(depot.staff, count, Closing())
    assert set(report(depot, count).values()) == {"missing"}


def test_the_same_place_is_counted_once_at_a_time(depot: World, stocktakes: Stocktakes) -> None:
    first = begin(stocktakes, depot, "A")
    begin(stocktakes, depot, "B")
    for shelf in ("A", ""):
        with pytest.raises(AlreadyCounting) as caught:
            begin(stocktakes, depot, shelf)
    assert caught.value.stocktake_id == first
    stocktakes.close(depot.staff, first, Closing())
    begin(stocktakes, depot, "A")


def test_the_database_refuses_a_second_count_of_a_place_and_a_close_without_its_hour(depot: World) -> None:
    facts = {"depot_id": depot.depot.id, "shelf": "A", "opened_at": depot.clock.now()}
    with pytest.raises(IntegrityError), depot.db.write() as session:
        session.add_all([Stocktake(**facts), Stocktake(**facts)])
    with pytest.raises(IntegrityError), depot.db.write() as session:
        session.add(Stocktake(**facts, state="closed"))


def test_only_the_depots_staff_counts(depot: World, stocktakes: Stocktakes) -> None:
    count = begin(stocktakes, depot)
    with depot.db.write() as session:
        stranger = create_person(session, Role.STAFF, create_association(session, depot.union, code="44"))
    for nobody in (depot.teacher, stranger):
        with pytest.raises(Forbidden):
            stocktakes.open(nobody, depot.depot.id, NewStocktake())
        with pytest.raises(Forbidden):
            stocktakes.view(nobody, count)
        with pytest.raises(Forbidden):
            stocktakes.scan(nobody, count, [scan(depot.copies[0].code)])
        with pytest.raises(Forbidden):
            stocktakes.close(nobody, count, Closing())
        with pytest.raises(Forbidden):
            stocktakes.stocktakes(nobody, depot.depot.id)
    with pytest.raises(NotFound):
        stocktakes.view(depot.staff, 999_999)


def test_two_who_begin_at_once_begin_one_count(depot: World) -> None:
    url, start = depot.db.engine.url.render_as_string(hide_password=False), threading.Barrier(8)

    def begin_too(_number: int) -> bool:
        database = Database(url)
        start.wait()
        try:
            counting(database, depot).open(depot.staff, depot.depot.id, NewStocktake())
        except Conflict:
            return False
        finally:
            database.dispose()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin_too, range(8))) == 1


def test_1500_copies_two_devices_one_without_network_and_a_desk_at_work(depot: World, clock: FixedClock) -> None:
    with depot.db.write() as session:
        title = create_title(session, depot.federation, name="Jeu", kind="game")
        stock = create_copies(session, title, depot.depot, BIG - COPIES)
    chance = random.Random(7)
    missing = {one.id for one in chance.sample(stock, 40)}
    codes = [one.code for one in (*depot.copies[3:], *stock) if one.id not in missing]
    chance.shuffle(codes)
    for one in depot.copies[:3]:
        depot.hand_over(depot.reserve(0, 3), one)
    clock.advance(minutes=5)
    url = depot.db.engine.url.render_as_string(hide_password=False)
    databases = [Database(url) for _ in range(3)]
    near, far = (counting(database, depot) for database in databases[:2])
    count = begin(near, depot)
    clock.advance(minutes=30)

    def with_network(own: list[str]) -> None:
        for code in own:
            near.scan(depot.staff, count, [scan(code, key=f"near-{code}")])

    def without_network(own: list[str]) -> None:
        # Half arrives before the network goes; then one batch whose answer is lost is sent again with the rest.
        scans = [scan(code, key=f"far-{code}", device_at=clock.now()) for code in own]
        for start in range(0, len(scans) // 2, 20):
            far.scan(depot.staff, count, scans[start : start + 20])
        for start in range(len(scans) // 2 - 40, len(scans), 100):
            far.scan(depot.staff, count, scans[start : start + 100])

    def desk() -> None:
        loans = Loans(databases[2], clock)
        decision = DeskDecision(action="take_back", note_seen=True)
        loans.desk(depot.staff, DeskScan(code=depot.copies[0].code, depot_id=depot.depot.id, decision=decision))

    # Some copies are read by both.
    shares = (codes[:220], codes[200:])
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(with_network, shares[0]), pool.submit(without_network, shares[1]), pool.submit(desk)]:
            done.result()
    view = near.close(depot.staff, count, Closing())
    for database in databases:
        database.dispose()
    found = report(depot, count)
    back, out = depot.copies[0].id, {one.id for one in depot.copies[1:3]}
    expected = {one.id: "counted" for one in (*depot.copies[3:], *stock)}
    expected |= dict.fromkeys(missing, "missing") | dict.fromkeys(out, "out") | {back: "handled"}
    assert found == expected
    assert view.numbers["counted"] == BIG - 3 - 40
    with depot.db.read() as session:
        assert len(session.scalars(select(StocktakeScan.id)).all()) == len(codes) + 20
