"""Loans by the school period, where nobody has told the school year."""

import datetime as dt

import pytest
from sqlalchemy import select

from lending.loans.rules.period_errors import CalendarUnknown, NotInOnePeriod
from lending.loans.tables import LoanRule
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.loans import World


@pytest.fixture
def by_period(world: World) -> World:
    with world.db.write() as session:
        for rule in session.scalars(select(LoanRule)):
            rule.period_mode = "period"
    return world


def test_c046_a_year_that_nobody_published_is_refused_and_not_taken_for_free(by_period: World) -> None:
    with pytest.raises(CalendarUnknown):
        by_period.reserve(3, 10)
    assert by_period.count_bookings() == 0


def test_c046_once_the_year_is_known_the_period_is_named(by_period: World) -> None:
    SchoolCalendars(by_period.db, by_period.clock).load_published()
    with pytest.raises(NotInOnePeriod) as refusal:
        by_period.reserve(3, 200)
    assert refusal.value.due_on >= by_period.today + dt.timedelta(days=3)
