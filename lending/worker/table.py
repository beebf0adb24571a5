"""The table of jobs. No clock time lies between 2 and 3, the hour that summer time drops or doubles."""

import datetime as dt

from lending.core.idempotency import forget_old_answers
from lending.loans import jobs as loans_jobs
from lending.search import jobs as search_jobs
from lending.shipping.rebalancing import jobs as rebalancing_jobs
from lending.wiring import Services
from lending.worker.scheduler import Job

# A worker that runs by the clock of somebody else, once in a while, must keep up with a night of reminders.
LETTERS_IN_A_TURN = 1000


def jobs_of(services: Services) -> list[Job]:
    """The table of jobs, in the order in which one run of all of them makes sense."""
    is_demo = services.settings.demo
    slow, quick = (10, 2) if is_demo else (600, 5)
    loans, search = services.loans, services.search
    return [
        Job("grow-overdue", lambda: loans_jobs.grow_overdue(loans), slow),
        Job("serve-waiting", services.wishes.serve, slow),
        Job("announce-due-soon", lambda: loans_jobs.announce_due_soon(loans), slow),
        Job("announce-overdue", lambda: loans_jobs.announce_overdue(loans), slow),
        Job("announce-affiliations-ending", lambda: loans_jobs.announce_affiliations_ending(loans), at=dt.time(6, 30)),
        Job("announce-digests", lambda: loans_jobs.announce_digests(loans), at=dt.time(6, 40)),
        Job("announce-arrivals", services.shipments.tell_arrivals, slow),
        Job("age-overdue", lambda: loans_jobs.age_overdue(services.incidents), slow),
        Job("send-mail", lambda: services.notices.send_waiting(LETTERS_IN_A_TURN), quick),
        Job("sync-search", lambda: search_jobs.sync(search), 1),
        Job("apply-imports", services.imports.work, quick),
        Job("solve-plans", lambda: rebalancing_jobs.solve_next(services.rebalancing), quick),
        Job("bring-plans-home", lambda: rebalancing_jobs.bring_home(services.rebalancing), at=dt.time(4, 45)),
        Job("reconcile-search", lambda: search_jobs.reconcile(search), at=dt.time(4, 10)),
        Job("turn-rotations", services.rotations.turn, at=dt.time(4, 40)),
        Job("load-school-calendars", services.school_calendars.load_published, at=dt.time(4, 20)),
        Job("remove-unused-media", services.media_sweep.remove_unused, at=dt.time(4, 50)),
        Job("clean-up", lambda: clean_up(services), at=dt.time(4, 30)),
    ]


def clean_up(services: Services) -> int:
    """Forget old sessions, links, stored answers and what desks can take back no more."""
    now = services.clock.now()
    with services.db.write() as session:
        forget_old_answers(session, now)
    forgotten = services.desk_acts.forget_old() + services.unmet.forget_old() + services.imports.forget_old()
    return services.accounts.clean_up() + forgotten
