"""What the worker leaves alone because nothing would come of it: tried out, and undone."""

import datetime as dt
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lending.core.database import Database, ask, table_of
from lending.core.tables import OutboxRow
from lending.loans.service.replan import replan_title
from lending.loans.service.unsettled import unsettled
from lending.loans.tables import Booking, BookingEvent, Wish
from lending.notices.tables import Notice

WRITTEN = tuple(table_of(one) for one in (Booking, Wish, BookingEvent, Notice, OutboxRow))


def settling_changes_only_what_is_unsettled(db: Database, title_id: int, now: dt.datetime) -> None:
    """A title that is not called unsettled stays exactly as it is when it is settled all the same."""
    with db.rehearse() as session:
        if unsettled(session, [title_id], now):
            return
        before = _written(session)
        replan_title(session, title_id, now)
        session.flush()
        assert _written(session) == before


def _written(session: Session) -> list[list[Row[Any]]]:
    return [list(ask(session, select(table).order_by(*table.primary_key))) for table in WRITTEN]
