"""Every job once, one after the other: for those who have a timer of their own, such as cron."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lending.core.actor import SYSTEM
from lending.wiring import Services
from lending.worker.leader import leader_of
from lending.worker.scheduler import Ran, run_job
from lending.worker.table import jobs_of


@dataclass(frozen=True)
class OneRun:
    """What each job did; `is_led_elsewhere` when another worker works on this database, so that none ran."""

    ran: tuple[Ran, ...]
    is_led_elsewhere: bool = False

    @property
    def failed(self) -> int:
        """How many jobs failed."""
        return sum(bool(one.error) for one in self.ran)


def work_once(services: Services, say: Callable[[str], object]) -> int:
    """Run every job once and say what became of it; returns the exit code, 1 when a job failed."""
    done = run_once(services)
    for line in summary(done, services):
        say(line)
    return int(done.failed > 0)


def run_once(services: Services) -> OneRun:
    """Run every job once, in order. Two workers at once would disturb each other: the one that leads does it all."""
    leader = leader_of(services.db)
    if not leader.leads():
        return OneRun((), is_led_elsewhere=True)
    try:
        return OneRun(tuple(run_job(job) for job in jobs_of(services)))
    finally:
        leader.resign()


def summary(run: OneRun, services: Services) -> Iterator[str]:
    """The run in lines for a person: each job, then how many failed and how the mail stands."""
    if run.is_led_elsewhere:
        yield "Nothing was run: another worker leads, it runs the jobs."
        return
    for one in run.ran:
        yield f"{'BAD' if one.error else 'ok '} {one.name}: {one.error or f'did {one.count}'}"
    mail = services.notices.overview(SYSTEM, limit=1)
    yield f"{len(run.ran)} jobs were run, {run.failed} failed."
    yield f"Mail: {mail.waiting} wait, {mail.held} are held for quiet days, {mail.parked} failed."
