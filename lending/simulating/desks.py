"""What depots do on a day: prepare, hand over, take back, chase what does not come, close now and then."""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

from lending.core.errors import LendingError
from lending.loans.schemas import Completion, DeskDecision, DeskScan, FoundLine, ScanResult
from lending.network.schemas import NewClosure
from lending.simulating.stage import DAY, OpenBooking, Stage
from lending.simulating.world import Lender

GIVES_UP_AFTER, MENDS_AFTER = 60, 12
PREPARES_AHEAD = 1
# Once a year each depot closes for some days without having said so in September.
CLOSES_ON, CLOSED_AHEAD, CLOSED_DAYS = 60, 9, 5
AFFILIATES_A_DAY = 0.03


@dataclass
class Desks:
    """All depots. `mending` holds the copies that wait for their parts, and since when."""

    stage: Stage
    mending: dict[int, tuple[Lender, dt.date]] = field(default_factory=dict)

    def work(self, day: dt.date, number: int) -> None:
        """Everything that depots do on the day of this number."""
        for place, lender in enumerate(self.stage.world.lenders):
            if self.stage.calendar_of(lender).is_open(day):
                self._serve(lender, day)
            if number == CLOSES_ON + 7 * place:
                self._close(lender, day)
        self._mend(day)

    def affiliate(self, school_year: int) -> None:
        """Schools that were late bring their affiliation, one after the other."""
        for lender in self.stage.world.lenders:
            for borrower in lender.borrowers:
                if not borrower.is_affiliated and self.stage.chance.random() < AFFILIATES_A_DAY:
                    self.stage.services.network.affiliate(lender.staff, borrower.school_id, school_year)

    def _serve(self, lender: Lender, day: dt.date) -> None:
        found = self.stage.open_bookings(lender)
        for booking in found:
            if booking.state == "out":
                self._expect(lender, booking, day)
        for booking in found:
            if booking.state == "planned" and booking.code is not None:
                self._prepare(lender, booking, day)

    def _expect(self, lender: Lender, loan: OpenBooking, day: dt.date) -> None:
        habit = self.stage.habits.of(loan.id)
        late = (day - loan.due_on).days
        if habit.returns_after is not None and late >= habit.returns_after and day > loan.starts_on:
            self._take_back(lender, loan, habit.missing, day)
        elif habit.returns_after is None and late >= GIVES_UP_AFTER:
            incidents = self.stage.services.incidents
            self.stage.journal.attempt("lose", lambda: incidents.declare_lost(lender.staff, loan.id))

    def _take_back(self, lender: Lender, loan: OpenBooking, missing: int, day: dt.date) -> None:
        line = self._line_of(lender, loan, missing)
        decision = DeskDecision(action="take_back", found=line, claim="found" if loan.is_claimed else None)
        scan = DeskScan(code=loan.code or "", depot_id=lender.depot_id, decision=decision)
        answer = self.stage.journal.attempt("take-back", lambda: self.stage.services.loans.desk(lender.staff, scan))
        if line and isinstance(answer, ScanResult):
            self.stage.journal.done["incomplete"] += 1
            self.mending[answer.copy.id] = (lender, day)

    def _line_of(self, lender: Lender, loan: OpenBooking, missing: int) -> list[FoundLine]:
        """What the desk counts, where something is missing."""
        if not missing:
            return []
        shown = self.stage.services.loans.scan(lender.staff, lender.depot_id, loan.code or "")
        line = shown.checklist[0].lines[0]
        return [FoundLine(line.id, line.quantity - missing)]

    def _prepare(self, lender: Lender, booking: OpenBooking, day: dt.date) -> None:
        loans, journal = self.stage.services.loans, self.stage.journal
        habit = self.stage.habits.of(booking.id)
        if not booking.is_pinned and booking.starts_on <= day + PREPARES_AHEAD * DAY:
            answer = journal.attempt("make-ready", lambda: loans.make_ready(lender.staff, booking.id))
            if isinstance(answer, LendingError):
                return
        if habit.collects_after is not None and day >= booking.starts_on + habit.collects_after * DAY:
            scan = (lender.staff, lender.depot_id, booking.code or "", booking.id)
            journal.attempt("hand-over", lambda: loans.check_out(*scan))

    def _mend(self, day: dt.date) -> None:
        due = [copy_id for copy_id, (_, since) in self.mending.items() if (day - since).days >= MENDS_AFTER]
        loans = self.stage.services.loans
        for copy_id in due:
            lender, _ = self.mending.pop(copy_id)
            self.stage.journal.attempt("complete", partial(loans.complete_copy, lender.staff, copy_id, Completion()))

    def _close(self, lender: Lender, day: dt.date) -> None:
        starts_on = day + CLOSED_AHEAD * DAY
        new = NewClosure(starts_on=starts_on, ends_on=starts_on + CLOSED_DAYS * DAY, reason="Inventaire")
        closures, journal = self.stage.services.closures, self.stage.journal
        journal.attempt("close", lambda: closures.announce(lender.staff, [lender.depot_id], new))
        self.stage.learn_calendars()
