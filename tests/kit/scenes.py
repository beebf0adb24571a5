"""The demonstration with one of everything that people make by hand, so that every page has something to show."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from lending.accounts.tables import Person
from lending.catalog.imports.schemas import NewImport
from lending.catalog.stocktakes.schemas import NewStocktake
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor
from lending.core.database import Database
from lending.core.errors import Conflict
from lending.demo.accounts import ADMIN, COORDINATOR, DEMO_ACCOUNTS, STAFF, TEACHER
from lending.demo.service import load_demo
from lending.demo.towns import HOME, HOME_UNION
from lending.loans.schemas import FreePeriod
from lending.loans.schemas.basket import NewLine
from lending.loans.schemas.declarations import NewDeclaration
from lending.loans.schemas.reviews import NewReview
from lending.loans.tables import Booking
from lending.migrations.run import upgrade
from lending.network.rules import school_year_of
from lending.notices.announce import announce
from lending.notices.rules import NoticeKind
from lending.shipping.rebalancing.schemas import NewPlan
from lending.shipping.shipments.schemas import Departure, NewShipment, PackScan
from lending.wiring import Services
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY
from tests.kit.pictures import photo
from tests.kit.site import Site, serving

SEED = 7
SOLVING_SECONDS = 10.0
EVERYBODY = tuple(account.email for account in DEMO_ACCOUNTS)
SPREADSHEET = b"Titre;Type;Exemplaires\nMalle du vent;malle;2\n;jeu;1\n"


@contextmanager
def lively_demo(folder: Path) -> Iterator[Site]:
    """Serve it for the length of the block."""
    url, clock = f"sqlite:///{folder / 'demo.db'}", FixedClock()
    database = Database(url)
    upgrade(database)
    database.dispose()
    with serving(folder, url, clock, prepare=lambda services: load_demo(services, SEED), demo=True) as site:
        _import(site.services, person(site, STAFF.email))
        _count(site.services, person(site, STAFF.email))
        _lose(site.services, person(site, STAFF.email))
        _order(site.services, person(site, TEACHER.email), clock)
        _ship(site.services, person(site, STAFF.email))
        _plan(site.services, person(site, COORDINATOR.email))
        site.services.notices.send_waiting()
        _write_on_paper(site.services, person(site, STAFF.email))
        yield site


def remarkable(site: Site) -> tuple[str, ...]:
    """Addresses that link to pages which few things have: of a loan that is over, of a declaration, of an order."""
    teacher, staff = person(site, TEACHER.email), person(site, STAFF.email)
    loans, reviews = site.services.loans, site.services.reviews
    reviewed = reviews.wanted(teacher)[0]
    reviews.write(teacher, reviewed.id, NewReview(rating=5, tip="Commencez par le jeu des dés."))
    review = reviews.of_title(staff, reviewed.title_id).items[0]
    reviews.hide(person(site, ADMIN.email), review.id)
    declared = _declare(site, teacher)
    ordered = next(one for one in loans.reservations(teacher, "planned").items if one.order_reference)
    done = loans.reservations(teacher, "done").items[0]
    own = tuple(f"/reservations/{one}" for one in (ordered.id, done.id, declared))
    counted = f"/depots/{site.services.network.depots(home_of(site.services))[0].id}/stocktakes"
    return (counted, "/search?kind=sheet", f"/titles/{reviewed.title_id}", *own)


def _declare(site: Site, teacher: Actor) -> int:
    """A piece of a loan is broken, with a photo of it."""
    out = site.services.loans.reservations(teacher, "out").items[0]
    sections = site.services.declarations.contents(teacher, out.id)
    line_id = sections[0].lines[0].id if sections else None
    new = NewDeclaration(line_id=line_id, broken=1, note="Tombé pendant la séance.")
    site.services.declarations.declare(teacher, out.id, new, photo())
    return out.id


def person(site: Site, email: str) -> Actor:
    """Somebody of the demonstration."""
    accounts = site.services.accounts
    return accounts.authenticate(accounts.sign_in_demo(email).token)


def home_of(services: Services) -> int:
    """The association in which the demonstration's people are at home."""
    return next(one.id for one in services.network.associations() if one.code == HOME)


def home_union_of(services: Services) -> int:
    """The union above that association."""
    return next(one.id for one in services.network.unions() if one.name == HOME_UNION)


def _import(services: Services, staff: Actor) -> None:
    services.imports.check_file(staff, home_of(services), NewImport(name="malles.csv", content=SPREADSHEET))


def _count(services: Services, staff: Actor) -> None:
    depot = services.network.depots(home_of(services))[0]
    services.stocktakes.open(staff, depot.id, NewStocktake())


def _lose(services: Services, staff: Actor) -> None:
    late = services.loans.loans(staff, home_of(services), "late").items[0]
    services.incidents.declare_lost(staff, late.id)


def _ship(services: Services, staff: Actor) -> None:
    """A parcel on its way to the next depot, another being packed."""
    here, there = services.network.depots()[:2]
    depot = next(one for one in services.network.depots(home_of(services)))
    there = there if there.id != depot.id else here
    with services.db.read() as session:
        free = select(Copy.code).where(Copy.depot_id == depot.id, Copy.status == "lendable").order_by(Copy.id.desc())
        codes = session.scalars(free.limit(40)).all()
    for is_sent in (True, False):
        new = NewShipment(from_depot_id=depot.id, to_depot_id=there.id)
        shipment_id = services.shipments.prepare(staff, new).summary.id
        _pack(services, staff, shipment_id, codes)
        if is_sent:
            services.shipments.send(staff, shipment_id, Departure(carrier="Camionnette du dépôt"))


def _pack(services: Services, staff: Actor, shipment_id: int, codes: Sequence[str]) -> None:
    """The first copy that can leave today."""
    for code in codes:
        try:
            services.shipments.pack(staff, shipment_id, PackScan(code=code, unplanned=True))
        except Conflict:
            continue
        return


def _order(services: Services, teacher: Actor, clock: FixedClock) -> None:
    title_id, free = _what_is_free(services, clock)
    school = services.network.my_schools(teacher)[0]
    wanted = NewLine(title_id=title_id, school_id=school.id, starts_on=free.starts_on, due_on=free.due_on)
    services.baskets.add(teacher, wanted)
    services.baskets.confirm(teacher, wants_all=True)


def _write_on_paper(services: Services, staff: Actor) -> None:
    """No mail reaches somebody with a reservation: one letter is printed, the next one waits."""
    home, now = home_of(services), services.clock.now()
    with services.db.write() as session:
        query = select(Booking, Person).join(Person, Person.id == Booking.person_id).where(Booking.state == "planned")
        mine = query.where(Booking.association_id == home, Person.email.not_in(EVERYBODY)).order_by(Booking.id)
        booking, reader = session.execute(mine.limit(1)).one()
        reader.email, booking_id, reader_id = "plus d’adresse", booking.id, reader.id
    for kind in (NoticeKind.CHANGED, NoticeKind.BOOKING_CONFIRMED):
        with services.db.write() as session:
            subject, key = f"booking:{booking_id}", f"{kind}:{booking_id}:on-paper"
            who = {"person_id": reader_id, "association_id": home}
            announce(session, kind=kind, subject=subject, key=key, now=now, **who)
        services.notices.send_waiting()
        if kind == NoticeKind.CHANGED:
            services.paper_letters.print_batch(staff, home)


def _plan(services: Services, coordinator: Actor) -> None:
    """Ask for a plan of moves and let it be solved."""
    today = services.rebalancing.today()
    new = NewPlan(
        organisation_id=home_union_of(services),
        name="Printemps",
        school_year=school_year_of(today),
        first_period=3,
        last_period=5,
        leaves_on=today + 14 * DAY,
    )
    services.rebalancing.ask(coordinator, new)
    services.rebalancing.solve_next(seconds=SOLVING_SECONDS)


def _what_is_free(services: Services, clock: FixedClock) -> tuple[int, FreePeriod]:
    home, start = home_of(services), clock.now().date() + 14 * DAY
    with services.db.read() as session:
        games = session.scalars(select(Title.id).where(Title.kind == "game").order_by(Title.id)).all()
    periods = ((one, services.loans.nearest_free_periods(one, start, start + 4 * DAY, home)) for one in games)
    return next((one, found[0]) for one, found in periods if found)
