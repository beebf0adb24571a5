"""Senders that are killed in the middle of their work, and what a mailbox sees of it.

Each sender writes its name into the letters that it carries, so that every double can be laid at the door of the
senders that carried it: all but the last of them must have been killed with just that letter in hand.
"""

import datetime as dt
import multiprocessing
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage, Message
from itertools import count
from multiprocessing.process import BaseProcess

from sqlalchemy import func, select

from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.notices.ports import Carrier, PostOffice
from lending.notices.tables import Notice
from lending.notices.transport import post_office
from tests.kit.mail import FakeFacts, MailServer, create_notices, create_reader, tell

SENDERS = 3
# Much longer than a sender takes for a letter even on a busy machine, much shorter than a test may last.
LEASE = dt.timedelta(seconds=10)
SHARE_PUT_OFF = 0.05
CARRIED_BY = "X-Carried-By"
FORKING = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Plan:
    """How many letters, at most how many kills, and how long (seconds) there is between two of them."""

    letters: int
    most_kills: int
    pause: tuple[float, float]
    longest_seconds: float


@dataclass(frozen=True)
class Outcome:
    """What stands in the database and in the mailbox afterwards."""

    letters: int
    unsent: int
    kills: int
    put_off: int
    seconds: float
    lost: int
    doubled: int
    unexplained: Sequence[str]


@dataclass(frozen=True)
class Signing:
    """A post office whose carriers sign each letter with their sender's name."""

    inner: PostOffice
    name: str

    @contextmanager
    def open(self) -> Iterator["SigningCarrier"]:
        with self.inner.open() as carrier:
            yield SigningCarrier(carrier, self.name)

    def check(self) -> None:
        self.inner.check()


@dataclass(frozen=True)
class SigningCarrier:
    inner: Carrier
    name: str

    def carry(self, key: str, message: EmailMessage) -> None:
        message[CARRIED_BY] = self.name
        self.inner.carry(key, message)


def kill_senders(database: Database, plan: Plan, seed: int = 7) -> Outcome:
    """Keep some senders running and kill one after the other until everything is sent."""
    person_id, dice = create_reader(database), random.Random(seed)
    # The processes must not inherit open connections.
    database.dispose()
    started, put_off = time.monotonic(), []

    def answer(message: Message) -> str | None:
        """Takes its time and sometimes says « later »."""
        time.sleep(0.004)
        if dice.random() >= SHARE_PUT_OFF:
            return None
        put_off.append(message["Message-ID"])
        return "451 try later"

    with MailServer(answer) as server:
        killed = _storm(database, server.url, person_id, plan, random.Random(seed))
    return Outcome(
        letters=plan.letters,
        unsent=_unsent(database, plan.letters),
        kills=len(killed),
        put_off=len(put_off),
        seconds=time.monotonic() - started,
        lost=plan.letters - len({message["Message-ID"] for message in server.taken}),
        doubled=len(server.taken) - len({message["Message-ID"] for message in server.taken}),
        unexplained=unexplained(server.taken, killed),
    )


def unexplained(taken: Sequence[Message], killed: set[str]) -> list[str]:
    """The doubles that no kill explains, by Message-ID.

    A letter may be taken again only if whoever brought it before was killed, and brought nothing after it.
    """
    carriers, last_of = defaultdict(list), {}
    for message in taken:
        carriers[message["Message-ID"]].append(message[CARRIED_BY])
        last_of[message[CARRIED_BY]] = message["Message-ID"]
    return [
        number
        for number, names in carriers.items()
        for name in names[:-1]
        if name not in killed or last_of[name] != number
    ]


def _send(database_url: str, mail_url: str, person_id: int, letters: int, name: str) -> None:
    """What a worker process does: run the job that announces everything, then send until nothing is left."""
    db, clock = Database(database_url), SystemClock()
    for number in range(letters):
        tell(db, clock, person_id, key=f"changed:{number}")
    notices = create_notices(db, clock, Signing(post_office(mail_url), name), FakeFacts(), lease=LEASE)
    while _unsent(db, letters):
        notices.send_waiting()
        time.sleep(0.05)


def _unsent(db: Database, letters: int) -> int:
    with db.read() as session:
        announced = session.scalar(select(func.count()).select_from(Notice)) or 0
        done = session.scalar(select(func.count()).where(OutboxRow.state == "done")) or 0
    return letters - done if announced == letters else letters


def _storm(db: Database, mail_url: str, person_id: int, plan: Plan, dice: random.Random) -> set[str]:
    """The names of those that were killed."""
    url = db.engine.url.render_as_string(hide_password=False)
    names, killed, running = count(1), set[str](), list[BaseProcess]()
    ends_at = time.monotonic() + plan.longest_seconds
    while _unsent(db, plan.letters) and time.monotonic() < ends_at:
        running = [process for process in running if process.is_alive()]
        while len(running) < SENDERS:
            name = f"sender-{next(names)}"
            arguments = (url, mail_url, person_id, plan.letters, name)
            process = FORKING.Process(target=_send, args=arguments, name=name, daemon=True)
            process.start()
            running.append(process)
        time.sleep(dice.uniform(*plan.pause))
        if len(killed) < plan.most_kills:
            victim = dice.choice(running)
            victim.kill()
            victim.join()
            if victim.exitcode:
                killed.add(victim.name)
    for process in running:
        process.join(LEASE.total_seconds())
        process.kill()
        process.join()
    return killed
