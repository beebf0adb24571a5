"""Counting tries in the database, so that every process counts together and a restart forgets nothing."""

import datetime as dt

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import case

from lending.accounts.rules import seconds_to_wait
from lending.accounts.tables import RateLimit


def count_try(session: Session, key: str, now: dt.datetime, limit: int, window: dt.timedelta) -> int:
    """Count one try; the seconds to wait if it was one too many, else 0. It must be committed either way."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    over = RateLimit.started_at <= now - window
    statement = insert(RateLimit).values(key=key[:200], started_at=now, hits=1)
    statement = statement.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "hits": case((over, 1), else_=RateLimit.hits + 1),
            "started_at": case((over, now), else_=RateLimit.started_at),
        },
    )
    row = session.execute(statement.returning(RateLimit.started_at, RateLimit.hits)).one()
    return seconds_to_wait(row.started_at, row.hits, now, limit, window)


def forget_old_tries(session: Session, now: dt.datetime) -> None:
    """Drop windows that are long over."""
    session.execute(delete(RateLimit).where(RateLimit.started_at < now - dt.timedelta(days=1)))
