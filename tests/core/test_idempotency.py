"""A request that comes twice is done once and answered twice, also when both come together."""

import threading

import msgspec
import pytest

from lending.core.database import Database
from lending.core.idempotency import KeyUsedForAnotherRequest, earlier_answer, forget_old_answers, remember_answer
from tests.kit.clock import FixedClock


class Wish(msgspec.Struct, frozen=True):
    name: str


class Answer(msgspec.Struct, frozen=True):
    number: int


class Desk:
    """Does something once per key, and counts how often it really did."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock, self.done = database, clock, 0

    def ask(self, key: str | None, wish: Wish, person_id: int = 1) -> Answer:
        with self.database.write() as session:
            if earlier := earlier_answer(session, person_id, key, wish, Answer):
                return earlier
            self.done += 1
            answer = Answer(self.done)
            remember_answer(session, person_id, key, wish, answer, self.clock.now())
            return answer


@pytest.fixture
def desk(database: Database, clock: FixedClock) -> Desk:
    return Desk(database, clock)


def test_the_second_time_the_first_answer_is_given_again(desk: Desk) -> None:
    assert desk.ask("k", Wish("loup")) == desk.ask("k", Wish("loup")) == Answer(1)
    assert desk.done == 1


def test_without_a_key_each_request_counts(desk: Desk) -> None:
    assert desk.ask(None, Wish("loup")) != desk.ask(None, Wish("loup"))


def test_a_key_belongs_to_its_person(desk: Desk) -> None:
    assert desk.ask("k", Wish("loup"), 1) != desk.ask("k", Wish("loup"), 2)


def test_a_key_for_another_request_is_refused(desk: Desk) -> None:
    desk.ask("k", Wish("loup"))
    with pytest.raises(KeyUsedForAnotherRequest):
        desk.ask("k", Wish("renard"))


def test_eight_at_once_are_one(desk: Desk) -> None:
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(desk.ask("k", Wish("loup")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [Answer(1)] * 8


def test_old_answers_are_forgotten(desk: Desk) -> None:
    desk.ask("k", Wish("loup"))
    desk.clock.advance(days=8)
    with desk.database.write() as session:
        forget_old_answers(session, desk.clock.now())
    assert desk.ask("k", Wish("loup")) == Answer(2)
