"""A night of reminders in short, on both databases: what the measurement counts is what the loans ask for."""

from sqlalchemy import text

from lending.bench.night import a_night
from lending.core.database import Database


def test_a_night_tells_each_loan_once_and_a_second_run_nobody(database: Database) -> None:
    night = a_night(database, 300)
    assert (night.announced, night.waiting, night.again) == (300, 300, 0)
    assert (night.missing, night.needless) == (0, 0)
    with database.connect() as connection:
        kinds = {kind for (kind,) in connection.execute(text("select distinct kind from notice"))}
    assert kinds == {"due-soon", "due-tomorrow", "overdue"}
