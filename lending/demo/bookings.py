"""A year of lending for the demonstration: what was, what is, and what is to come."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lending.core.clock import local_day
from lending.demo.network import DemoNetwork
from lending.demo.stock import DemoPool
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.periods import DAY, Period
from lending.loans.service.references import LETTERS
from lending.loans.tables import Booking

PAST_DAYS = 330
FUTURE_DAYS = 150
LATE_SHARE = 0.12
QUIET_SHARE = 0.45
OPEN_PER_SCHOOL = 3
# So that the first run of the jobs writes tens of mails, not hundreds.
ACCOUNT_SHARE = 0.09


@dataclass
class Timeline:
    """The life of one copy, told from the past into the future."""

    pool: DemoPool
    copy_id: int
    terms: Terms
    today: dt.date
    now: dt.datetime
    chance: random.Random

    def tell(self) -> Iterator[dict[str, object]]:
        """Bookings of the copy, none of which overlap."""
        gap = self.chance.choice((20, 45, 90))
        day = self.today - dt.timedelta(days=self.chance.randint(10, PAST_DAYS))
        while day < self.today + dt.timedelta(days=FUTURE_DAYS):
            booking = self._next(day + dt.timedelta(days=self.chance.randint(0, gap)))
            if booking is None:
                return
            yield booking
            ends_on = booking["blocked_ends_on"]
            day = ends_on if isinstance(ends_on, dt.date) else day
            # The next one is prepared on open days of its own.
            day = self.terms.calendar.after_open_days(day, self.terms.rule.preparation_days)

    def _next(self, day: dt.date) -> dict[str, object] | None:
        starts_on = self.terms.calendar.next_open_day(day)
        length = self.chance.randint(self.terms.rule.loan_days // 2, self.terms.rule.loan_days)
        due_on = self.terms.calendar.next_open_day(starts_on + length * DAY) if starts_on else None
        if starts_on is None or due_on is None:
            return None
        latest = starts_on + (self.terms.rule.max_loan_days - 1) * DAY
        if due_on > latest:
            due_on = self.terms.calendar.previous_open_day(latest) or starts_on
        period = Period.through(starts_on, due_on)
        return self._booking(period, self._state(period))

    def _state(self, period: Period) -> str:
        if period.starts_on > self.today:
            return "planned"
        if period.starts_on == self.today:
            return "planned" if self.chance.random() < 1 / 2 else "out"
        is_late = period.due_on > self.today - 20 * DAY and self.chance.random() < LATE_SHARE
        return "out" if period.due_on >= self.today or is_late else "done"

    def _booking(self, period: Period, state: str) -> dict[str, object]:
        blocked = self.terms.buffers.around(period)
        ends_on = blocked.ends_on
        if state == "out":
            ends_on = self.terms.buffers.end_while_out(period, ends_on, self.today)
        out_at = at_noon(period.starts_on) if state in ("out", "done") else None
        return {
            "copy_id": self.copy_id,
            "title_id": self.pool.title_id,
            "association_id": self.pool.association_id,
            "depot_id": self.pool.depot_id,
            "cause": "loan",
            "state": state,
            "pinned": False,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
            "blocked_starts_on": blocked.starts_on,
            "blocked_ends_on": ends_on,
            "created_at": min(self.now, at_noon(period.starts_on - 14 * DAY)),
            "checked_out_at": min(self.now, out_at) if out_at else None,
            "returned_at": at_noon(period.due_on) if state == "done" else None,
            "cancelled_at": None,
            "version": 1,
        }


def load_bookings(
    session: Session, chance: random.Random, network: DemoNetwork, pools: list[DemoPool], now: dt.datetime
) -> None:
    """Write the bookings of all copies, with borrowers."""
    book, rows = TermsBook(session, {pool.depot_id for pool in pools}), []
    limits: dict[int, int] = {}
    for pool in pools:
        terms = book.of(pool.depot_id, pool.kind)
        limits[pool.association_id] = terms.rule.max_open_loans
        today = local_day(now, terms.time_zone)
        for copy_id in pool.copy_ids:
            if chance.random() > QUIET_SHARE:
                rows += list(Timeline(pool, copy_id, terms, today, now, chance).tell())
    session.execute(insert(Booking), _lent(chance, network, rows, limits))


def _lent(
    chance: random.Random, network: DemoNetwork, rows: list[dict[str, object]], limits: dict[int, int]
) -> list[dict[str, object]]:
    """The bookings with borrowers; without those for which every school has all the loans it may have."""
    lent: list[dict[str, object]] = []
    references: set[str] = set()
    open_loans: Counter[int] = Counter()
    # In order of time: where schools are few, the far future stays free, not the shelves of whole titles.
    for row in sorted(rows, key=lambda one: (str(one["starts_on"]), str(one["copy_id"]))):
        association_id, is_open = int(str(row["association_id"])), row["state"] in ("planned", "out")
        borrower = _borrower(chance, network, association_id, open_loans, limits[association_id] if is_open else None)
        if borrower is None:
            continue
        open_loans[borrower[0]] += is_open
        facts = {"school_id": borrower[0], "person_id": borrower[1], "reference": reference(chance, references)}
        lent.append(row | facts)
    return lent


def _borrower(
    chance: random.Random, network: DemoNetwork, association_id: int, open_loans: Counter[int], limit: int | None
) -> tuple[int, int | None] | None:
    teachers = network.teachers[association_id]
    taken = {school_id for school_id, _ in teachers}
    free = [one for one in network.schools[association_id] if one not in taken]
    if limit is not None:
        teachers = [one for one in teachers if open_loans[one[0]] < OPEN_PER_SCHOOL]
        free = [one for one in free if open_loans[one] < limit]
    if teachers and chance.random() < ACCOUNT_SHARE:
        return chance.choice(teachers)
    return (chance.choice(free), None) if free else None


def reference(chance: random.Random, taken: set[str]) -> str:
    """A reference that is not taken yet: `K7QX-29MD`."""
    while True:
        letters = "".join(chance.choices(LETTERS, k=8))
        made = f"{letters[:4]}-{letters[4:]}"
        if made not in taken:
            taken.add(made)
            return made


def at_noon(day: dt.date) -> dt.datetime:
    """Noon of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
