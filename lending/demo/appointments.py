"""The demonstration's appointments: what is out and in time is expected back at an hour."""

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lending.demo.network import DemoNetwork
from lending.demo.towns import HOME
from lending.loans.queries.pools import IS_OUT
from lending.loans.service.appointing import follow
from lending.loans.tables import Booking
from lending.network.tables import Depot

MOST_RETURNS = 3


def load_appointments(session: Session, network: DemoNetwork, now: dt.datetime) -> None:
    """Agree on the returns of the home association, whose depots expect so many an hour."""
    home = network.associations[HOME]
    session.execute(update(Depot).where(Depot.association_id == home).values(max_returns_per_hour=MOST_RETURNS))
    in_time = (Booking.association_id == home, Booking.cause == "loan", Booking.ends_on > now.date())
    follow(session, session.scalars(select(Booking).where(IS_OUT, *in_time)), now)
