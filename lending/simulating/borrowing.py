"""What teachers do on a day: reserve, wait for what is taken, change their minds, keep things longer."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from lending.core.errors import LendingError
from lending.loans.rules.errors import NoCopyFree
from lending.loans.schemas import NewReservation
from lending.loans.schemas.changes import RenewalWish
from lending.loans.schemas.waiting import NewWish
from lending.notices.rules import Delivery, NoticeKind
from lending.simulating.expecting import Wish
from lending.simulating.stage import DAY, OpenBooking, Stage
from lending.simulating.world import Borrower, Lender, id_of, teaches

RESERVES_A_DAY = 0.065
# How lively each month is; nobody borrows in summer.
SEASON = {9: 0.6, 10: 1.0, 11: 1.3, 12: 0.8, 1: 1.3, 2: 1.0, 3: 1.3, 4: 0.9, 5: 1.0, 6: 0.3}
LAST_DUE = (7, 3)
TAKES_OTHER_DAYS, WAITS, TAKES_OFFER = 0.6, 0.5, 0.8
WAITS_LONGER_DAYS = 21
# How often somebody ends one kind of reminder: over a year about one teacher in twenty.
STOPS_A_DAY = 0.0002
STOPPABLE = (NoticeKind.DUE_SOON, NoticeKind.DUE_TOMORROW)


@dataclass
class Borrowing:
    """The teachers of all schools."""

    stage: Stage

    def live(self, day: dt.date) -> None:
        """Everything that teachers do on a day."""
        for lender in self.stage.world.lenders:
            if not teaches(lender.place, day, self.stage.first_year):
                continue
            self._look_after(lender, day)
            for borrower in lender.borrowers:
                self._wish_for(lender, borrower, day)
                self._choose_mail(borrower)

    def _look_after(self, lender: Lender, day: dt.date) -> None:
        actors = {one.school_id: one for one in lender.borrowers}
        for booking in self.stage.open_bookings(lender):
            self._touch(actors[booking.school_id], booking, day)
        for school_id in self._waiting(lender):
            self._answer_offers(actors[school_id])

    def _touch(self, borrower: Borrower, booking: OpenBooking, day: dt.date) -> None:
        habit, services = self.stage.habits.of(booking.id), self.stage.services
        attempt, actor = self.stage.journal.attempt, borrower.actor
        if booking.state == "planned":
            if habit.cancels_before is not None and day >= booking.starts_on - habit.cancels_before * DAY:
                attempt("cancel", lambda: services.loans.cancel(actor, booking.id))
            return
        left = (booking.due_on - day).days
        if habit.renews_before is not None and 0 <= left <= habit.renews_before and not habit.has_asked:
            habit.has_asked = True
            attempt("renew", lambda: services.changes.renew(actor, booking.id, RenewalWish()))
        if habit.claims_after is not None and -left >= habit.claims_after and not booking.is_claimed:
            attempt("claim", lambda: services.incidents.claim(actor, booking.id))

    def _wish_for(self, lender: Lender, borrower: Borrower, day: dt.date) -> None:
        chance = self.stage.chance
        if chance.random() >= RESERVES_A_DAY * SEASON.get(day.month, 0.0):
            return
        calendar = self.stage.calendar_of(lender)
        starts_on = calendar.next_open_day(day + chance.randint(3, 40) * DAY)
        due_on = calendar.next_open_day(starts_on + chance.randint(13, 30) * DAY) if starts_on else None
        last_due_on = dt.date(self.stage.first_year + 1, *LAST_DUE)
        if starts_on is None or due_on is None or due_on > last_due_on:
            return
        # What stands first is wanted most.
        weights = [1 / (rank + 5) for rank in range(len(lender.titles))]
        self._reserve(borrower, chance.choices(lender.titles, weights)[0], starts_on, due_on)

    def _reserve(self, borrower: Borrower, title_id: int, starts_on: dt.date, due_on: dt.date) -> None:
        answer = self._ask(borrower, title_id, starts_on, due_on)
        if not isinstance(answer, NoCopyFree):
            return
        if answer.nearest and self.stage.chance.random() < TAKES_OTHER_DAYS:
            nearest = answer.nearest[0]
            self._ask(borrower, title_id, nearest.starts_on, nearest.due_on)
        elif self.stage.chance.random() < WAITS:
            wish = NewWish(
                title_id=title_id,
                school_id=borrower.school_id,
                starts_on=starts_on,
                until_on=due_on + WAITS_LONGER_DAYS * DAY,
                length_days=(due_on - starts_on).days + 1,
            )
            self.stage.journal.attempt("wait", lambda: self.stage.services.wishes.join(borrower.actor, wish))

    def _ask(self, borrower: Borrower, title_id: int, starts_on: dt.date, due_on: dt.date) -> object | LendingError:
        wanted = NewReservation(title_id=title_id, school_id=borrower.school_id, starts_on=starts_on, due_on=due_on)
        loans = self.stage.services.loans
        return self.stage.journal.attempt("reserve", lambda: loans.reserve(borrower.actor, wanted))

    def _waiting(self, lender: Lender) -> list[int]:
        wishes = self.stage.services.wishes.of_association(lender.staff, lender.id)
        return [one.school_id for one in wishes if one.state == "offered"]

    def _answer_offers(self, borrower: Borrower) -> None:
        wishes, journal = self.stage.services.wishes, self.stage.journal
        for wish in wishes.mine(borrower.actor):
            if wish.state != "offered":
                continue
            if self.stage.chance.random() < TAKES_OFFER:
                journal.attempt("accept", partial(wishes.accept, borrower.actor, wish.id))
            else:
                journal.attempt("decline", partial(wishes.decline, borrower.actor, wish.id))

    def _choose_mail(self, borrower: Borrower) -> None:
        chance = self.stage.chance
        if chance.random() >= STOPS_A_DAY:
            return
        kind, person_id = chance.choice(STOPPABLE), id_of(borrower.actor)
        self.stage.services.preferences.choose(borrower.actor, {kind: Delivery.NEVER})
        said = Wish(kind.value, Delivery.NEVER.value, self.stage.clock.now())
        self.stage.wishes.setdefault(person_id, []).append(said)
        self.stage.journal.done["stop-mail"] += 1
