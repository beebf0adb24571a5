"""A simulated autumn in short: the right reminders, each once; and a check that notices when they are not."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.message import EmailMessage

import pytest
from click.testing import CliRunner

from lending.cli import main
from lending.simulating.checking import REMINDERS, Verdict, kind_of
from lending.simulating.mailbox import Letter, Mailbox
from lending.simulating.report import check, utilisation
from lending.simulating.world import Size
from lending.simulating.year import Lived, live
from lending.wiring import Services
from lending.worker.scheduler import Job
from lending.worker.table import jobs_of

SEED = 2026
AUTUMN = Size(associations=1, schools=10, copies=20, days=92)


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live(AUTUMN, SEED)


def reminder(lived: Lived) -> Letter:
    """One in the middle of the autumn."""
    found = [one for one in lived.letters if kind_of(one.key) in ("due-soon", "overdue")]
    return found[len(found) // 2]


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return len(verdict.missing), len(verdict.extra), len(verdict.doubled)


def checked(lived: Lived, letters: Sequence[Letter]) -> tuple[int, int, int]:
    return counts(check(replace(lived, letters=letters)))


def test_every_reminder_arrives_once_on_its_day(lived: Lived) -> None:
    verdict = check(lived)
    assert (verdict.missing, verdict.extra, verdict.doubled) == ([], [], [])
    assert verdict.is_clean
    assert (lived.unsent, lived.journal.failed_jobs) == (0, 0)


def test_the_autumn_is_alive(lived: Lived) -> None:
    sent = {kind_of(one.key) for one in lived.letters}
    assert {"booking-confirmed", "ready", "handed-over", "due-soon", "due-tomorrow", "overdue"} <= sent
    assert lived.journal.done["hand-over"] > 10
    assert 0 < lived.late < lived.returned
    assert 0.05 < utilisation(lived) < 0.95


def test_a_reminder_that_is_dropped_is_missing(lived: Lived) -> None:
    gone = reminder(lived)
    assert checked(lived, [one for one in lived.letters if one != gone]) == (1, 0, 0)


def test_a_reminder_that_comes_twice_is_doubled_on_the_same_day_and_later(lived: Lived) -> None:
    again = reminder(lived)
    assert checked(lived, [*lived.letters, again]) == (0, 0, 1)
    later = replace(again, arrived_at=again.arrived_at + dt.timedelta(days=1))
    assert checked(lived, [*lived.letters, later]) == (0, 1, 2)


def test_a_reminder_on_the_wrong_day_or_to_the_wrong_person_is_missing_and_extra(lived: Lived) -> None:
    moved = reminder(lived)
    others = [one for one in lived.letters if one != moved]
    early = replace(moved, arrived_at=moved.arrived_at - dt.timedelta(days=1))
    assert checked(lived, [*others, early]) == (1, 1, 0)
    elsewhere = replace(moved, to=next(one.to for one in lived.letters if one.to != moved.to))
    assert checked(lived, [*others, elsewhere]) == (1, 1, 0)


def without(name: str) -> Callable[[Services], Sequence[Job]]:
    return lambda services: [job for job in jobs_of(services) if job.name != name]


def test_a_job_that_does_not_run_is_noticed() -> None:
    lived = live(replace(AUTUMN, schools=6, copies=10, days=60), SEED, without("announce-due-soon"))
    missing = {kind_of(one.key) for one in check(lived).missing}
    assert missing == {"due-soon", "due-tomorrow"}


def test_a_letter_that_is_marked_and_not_carried_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[str] = []
    carry = Mailbox.carry

    def lose_the_first(self: Mailbox, key: str, message: EmailMessage) -> None:
        if kind_of(key) in REMINDERS and not lost:
            lost.append(key)
        else:
            carry(self, key, message)

    monkeypatch.setattr(Mailbox, "carry", lose_the_first)
    lived = live(replace(AUTUMN, schools=6, copies=10, days=60), SEED)
    assert [one.key for one in check(lived).missing] == lost
    assert len(lost) == 1


def test_the_command_asks_what_to_simulate() -> None:
    answer = CliRunner().invoke(main, ["simulate"])
    assert (answer.exit_code, "--year" in answer.output) == (2, True)
