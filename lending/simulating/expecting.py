"""Which reminders had to arrive on which day: computed anew, without a line of the code that sends them.

Deliberately simple and slow: every loan is looked at on every turn. It knows loans from the diary only, and of the
product no more than what it promises: when an association reminds, what a person wants, which days are quiet.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from lending.simulating.diary import LoanSeen, Turn

SUNDAY = 6
MORNING = dt.time(7)
# Lateness, copies of it and the early reminder wait for a better day; « tomorrow » cannot.
CAN_WAIT = ("due-soon", "overdue", "overdue-copy")


@dataclass(frozen=True, slots=True)
class Told:
    """A letter by its key, the local day on which its reader gets it, and the address."""

    day: dt.date
    key: str
    to: str


@dataclass(frozen=True, slots=True)
class StepSaid:
    """A reminder so many days after the last day, with a copy to the union or without."""

    after_days: int
    tells_union: bool = False


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How an association reminds. `days_before` is by kind of title; `coordinators` are persons of its union."""

    time_zone: str
    steps: Sequence[StepSaid]
    days_before: Mapping[str, int]
    coordinators: Sequence[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person said, and since when, about mail of one kind: `never` or `digest`."""

    kind: str
    delivery: str
    since_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who is written to. `taught` are the stretches `[first day, day after the last)` between holidays.

    Empty: no holidays are known.
    """

    email: str
    time_zone: str
    is_reachable: bool
    taught: Sequence[tuple[dt.date, dt.date]] = ()
    wishes: Sequence[Wish] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A message that waits for its day. `stem` and `rank`: a later one of the same stem makes it needless."""

    key: str
    kind: str
    person_id: int
    loan: LoanSeen
    stem: str
    rank: int


@dataclass
class _Desk:
    """What was ever written down, what waits, and how far each stem has come."""

    written: set[str] = field(default_factory=set)
    waiting: dict[str, _Written] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)

    def write(self, one: _Written) -> bool:
        """Keep a message that is new; the same is never told twice."""
        if one.key in self.written or self.latest.get(one.stem, -1) > one.rank:
            return False
        self.written.add(one.key)
        self.waiting[one.key] = one
        self.latest[one.stem] = one.rank
        return True


def expected(turns: Sequence[Turn], policies: Mapping[int, Policy], readers: Mapping[int, Reader]) -> list[Told]:
    """Every reminder that had to arrive, in order. Policies are by association, readers by person."""
    desk, told = _Desk(), list[Told]()
    for turn in turns:
        loans = {loan.booking_id: loan for loan in turn.loans if not loan.is_claimed}
        found = _of_loans(loans.values(), policies, turn.at)
        fresh = {one.key for one in found if desk.write(one)}
        for one in list(desk.waiting.values()):
            reader = readers[one.person_id]
            now = turn.at.astimezone(ZoneInfo(reader.time_zone))
            is_quiet = one.kind in CAN_WAIT and _is_quiet(now.date(), reader)
            if one.key not in fresh and (is_quiet or now.time() < MORNING):
                continue
            is_told = _is_wanted(one, reader, turn.at) and _is_true(one, desk, loans, policies, turn.at)
            if is_told and is_quiet:
                continue
            del desk.waiting[one.key]
            if is_told and reader.is_reachable:
                told.append(Told(now.date(), one.key, reader.email))
    return told


def _of_loans(loans: Iterable[LoanSeen], policies: Mapping[int, Policy], at: dt.datetime) -> Iterator[_Written]:
    for loan in loans:
        policy = policies[loan.association_id]
        left = _days_left(loan, policy, at)
        if left >= 0:
            yield from _before(loan, policy, left)
        else:
            yield from _late(loan, policy, -left)


def _before(loan: LoanSeen, policy: Policy, left: int) -> Iterator[_Written]:
    """The day before the last one has a word of its own, after which nothing else is said before the end."""
    about, stem = f"{loan.booking_id}:{loan.due_on}", f"before:{loan.booking_id}:{loan.due_on}"
    if left == 1:
        yield _Written(f"due-tomorrow:{about}", "due-tomorrow", loan.person_id, loan, stem, 1)
    elif left <= max(1, policy.days_before[loan.kind]):
        yield _Written(f"due-soon:{about}", "due-soon", loan.person_id, loan, stem, 0)


def _late(loan: LoanSeen, policy: Policy, late: int) -> Iterator[_Written]:
    """The last step that is reached; whoever is told too gets a copy."""
    reached = [number for number, step in enumerate(policy.steps, start=1) if step.after_days <= late]
    if not reached:
        return
    number = reached[-1]
    about = f"{loan.booking_id}:{loan.due_on}"
    yield _Written(f"overdue:{about}:{number}", "overdue", loan.person_id, loan, f"late:{about}", number)
    if policy.steps[number - 1].tells_union:
        for one in policy.coordinators:
            yield _Written(f"overdue-copy:{about}:{number}:{one}", "overdue-copy", one, loan, f"copy:{about}:{one}", 0)


def _is_quiet(day: dt.date, reader: Reader) -> bool:
    is_holiday = bool(reader.taught) and not any(first <= day < end for first, end in reader.taught)
    return day.weekday() == SUNDAY or is_holiday


def _is_wanted(one: _Written, reader: Reader, at: dt.datetime) -> bool:
    """Whether it comes as a letter of its own: not what the person put off, nor what waits for a digest."""
    return not any(wish.kind == one.kind and wish.since_at <= at for wish in reader.wishes)


def _is_true(
    one: _Written, desk: _Desk, loans: Mapping[int, LoanSeen], policies: Mapping[int, Policy], at: dt.datetime
) -> bool:
    """Whether the loan still stands as the message says, and nothing later was said meanwhile."""
    if desk.latest[one.stem] > one.rank:
        return False
    loan = loans.get(one.loan.booking_id)
    if loan is None or loan.due_on != one.loan.due_on:
        return False
    left = _days_left(loan, policies[loan.association_id], at)
    return {"due-soon": left >= 0, "due-tomorrow": left == 1}.get(one.kind, left < 0)


def _days_left(loan: LoanSeen, policy: Policy, at: dt.datetime) -> int:
    return (loan.due_on - at.astimezone(ZoneInfo(policy.time_zone)).date()).days
