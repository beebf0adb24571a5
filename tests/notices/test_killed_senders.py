"""Senders that are killed in the middle of their work lose nothing, and double at most the one letter in hand."""

import datetime as dt
import multiprocessing
import random
import threading
import time
from collections import Counter
from email.message import Message
from multiprocessing.process import BaseProcess

from sqlalchemy import func, select

from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.notices.tables import Notice
from lending.notices.transport import post_office
from tests.kit.mail import FakeFacts, MailServer, create_notices, create_reader, tell

LETTERS = 80
SENDERS = 3
MOST_KILLS = 15
# Much longer than the server takes for a letter, much shorter than a test may last.
LEASE = dt.timedelta(seconds=3)
LONGEST_SECONDS = 60
FORKING = multiprocessing.get_context("fork")


def work(database_url: str, mail_url: str, person_id: int) -> None:
    """What a worker process does: run the job that announces everything, then send until nothing is left."""
    db, clock = Database(database_url), SystemClock()
    for number in range(LETTERS):
        tell(db, clock, person_id, key=f"changed:{number}")
    notices = create_notices(db, clock, post_office(mail_url), FakeFacts(), lease=LEASE)
    while unsent(db):
        notices.send_waiting()
        time.sleep(0.05)


def unsent(db: Database) -> int:
    with db.read() as session:
        announced = session.scalar(select(func.count()).select_from(Notice)) or 0
        done = session.scalar(select(func.count()).where(OutboxRow.state == "done")) or 0
    return LETTERS - done if announced == LETTERS else LETTERS


def moody(dice: random.Random) -> MailServer:
    """A server that takes its time and sometimes says `later`."""

    def answer(_message: Message) -> str | None:
        time.sleep(0.004)
        return "451 try later" if dice.random() < 0.05 else None

    return MailServer(answer)


def storm(db: Database, mail_url: str, person_id: int, dice: random.Random) -> int:
    """Keep some senders running and kill one after the other; returns how many were killed."""
    url = db.engine.url.render_as_string(hide_password=False)
    running: list[BaseProcess] = []
    kills, ends_at = 0, time.monotonic() + LONGEST_SECONDS
    while unsent(db) and time.monotonic() < ends_at:
        running = [process for process in running if process.is_alive()]
        while len(running) < SENDERS:
            process = FORKING.Process(target=work, args=(url, mail_url, person_id), daemon=True)
            process.start()
            running.append(process)
        time.sleep(dice.uniform(0.05, 0.2))
        if kills < MOST_KILLS:
            victim = dice.choice(running)
            kills += victim.is_alive()
            victim.kill()
            victim.join()
    for process in running:
        process.join(LEASE.total_seconds())
        process.kill()
        process.join()
    return kills


def test_no_letter_is_lost_and_at_most_one_is_doubled_per_kill(database: Database) -> None:
    person_id = create_reader(database)
    # The processes must not inherit open connections.
    database.dispose()
    dice = random.Random(7)
    with moody(dice) as server:
        kills = storm(database, server.url, person_id, random.Random(7))
    times_taken = Counter(message["Message-ID"] for message in server.taken)
    assert unsent(database) == 0
    assert len(times_taken) == LETTERS
    assert sum(times_taken.values()) - LETTERS <= kills
    assert kills > 3


def test_senders_side_by_side_send_each_letter_once(database: Database) -> None:
    person_id, clock = create_reader(database), SystemClock()
    for number in range(40):
        tell(database, clock, person_id, key=f"changed:{number}")
    with MailServer() as server:
        senders = [
            threading.Thread(target=create_notices(database, clock, post_office(server.url), FakeFacts()).send_waiting)
            for _ in range(4)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert len({message["Message-ID"] for message in server.taken}) == len(server.taken) == 40
