"""Senders that are killed in the middle of their work lose nothing, and double at most the one letter in hand."""

import threading
from email.message import Message

from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.notices.transport import post_office
from tests.kit.mail import FakeFacts, MailServer, create_notices, create_reader, tell
from tests.notices.killing import CARRIED_BY, Plan, kill_senders, unexplained

SHORT = Plan(letters=80, most_kills=15, pause=(0.05, 0.2), longest_seconds=60)


def test_no_letter_is_lost_and_each_double_is_explained_by_a_kill(database: Database) -> None:
    outcome = kill_senders(database, SHORT)
    assert (outcome.unsent, outcome.lost, outcome.unexplained) == (0, 0, [])
    assert outcome.doubled <= outcome.kills
    assert outcome.kills > 3
    assert outcome.put_off > 0


def letter(number: str, carrier: str) -> Message:
    message = Message()
    message["Message-ID"], message[CARRIED_BY] = number, carrier
    return message


def test_a_double_is_explained_by_the_death_of_who_brought_it_first_and_nothing_else() -> None:
    twice = [letter("a", "one"), letter("a", "two")]
    assert unexplained(twice, {"one"}) == []
    assert unexplained(twice, {"two"}) == ["a"]
    assert unexplained(twice, set()) == ["a"]
    went_on = [letter("a", "one"), letter("b", "one"), letter("a", "two")]
    assert unexplained(went_on, {"one"}) == ["a"]
    assert unexplained([letter("a", "one"), letter("b", "two")], set()) == []


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
