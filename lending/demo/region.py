"""The rest of the home region: small depots, things that rest there, and requests that nobody there could fill."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog.tables import Copy, Title
from lending.core.barcodes import make_code
from lending.demo.network import DemoNetwork, load_depots
from lending.demo.towns import HOME, REGION_DEPARTMENTS
from lending.loans.tables import Booking
from lending.search.unmet.queries import record_unmet
from lending.search.unmet.rules import words_kept
from lending.search.unmet.schemas import UnmetWish

# Titles of each department: so many whose copies rest, so many that were asked for in vain, and how often.
RESTING, WANTED, TIMES = 6, 8, 10
COPIES = 2
FIRST_SERIAL = 1
# Asked for last year in the season that comes next.
A_YEAR = dt.timedelta(days=365)


def load_region(session: Session, network: DemoNetwork, today: dt.date) -> None:
    """Copies that rest in the region's departments, and refusals for titles that rest at home or next door."""
    resting = iter(_resting_at_home(session, network))
    for place, code in enumerate(REGION_DEPARTMENTS):
        load_depots(session, network, code, today)
        _copies(session, network, code, _busy_at_home(session, network, place))
        for number, title in enumerate(islice(resting, WANTED)):
            _refuse(session, code, title, today - A_YEAR + dt.timedelta(days=30 + 9 * number), TIMES)


def _busy_at_home(session: Session, network: DemoNetwork, place: int) -> list[Title]:
    """Titles that Rennes lends most: their copies elsewhere could help there. Each department has its own."""
    query = (
        select(Title)
        .join(Booking, Booking.title_id == Title.id)
        .where(Booking.association_id == network.associations[HOME], Title.is_local.is_(False))
        .group_by(Title.id)
        .order_by(func.count().desc(), Title.id)
        .offset(place * RESTING)
        .limit(RESTING)
    )
    return list(session.scalars(query))


def _resting_at_home(session: Session, network: DemoNetwork) -> list[Title]:
    """Titles of which home has several copies that nobody reserved."""
    used = select(Booking.copy_id).where(Booking.copy_id.is_not(None))
    query = (
        select(Title)
        .join(Copy, Copy.title_id == Title.id)
        .where(Copy.owner_id == network.associations[HOME], Copy.id.not_in(used), Title.is_local.is_(False))
        .group_by(Title.id)
        .having(func.count() >= COPIES)
        .order_by(Title.id)
    )
    return list(session.scalars(query))


def _copies(session: Session, network: DemoNetwork, code: str, titles: list[Title]) -> None:
    association_id = network.associations[code]
    for serial, title in enumerate(_twice(titles), start=FIRST_SERIAL):
        session.add(
            Copy(
                title_id=title.id,
                code=make_code(network.numbers[association_id], serial),
                owner_id=association_id,
                depot_id=network.depots[association_id][0],
                shelf=f"A{serial}",
            )
        )
    session.flush()


def _twice(titles: list[Title]) -> Iterator[Title]:
    for title in titles:
        yield from [title] * COPIES


def _refuse(session: Session, code: str, title: Title, day: dt.date, times: int) -> None:
    words = words_kept(title.name)
    for _ in range(times):
        wish = UnmetWish(reason="reservation", words=words, filters=f"month={day:%Y-%m}", association_code=code)
        record_unmet(session, wish, day)
