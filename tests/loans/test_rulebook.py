"""Rules of lending, written by several people."""

from functools import partial

import pytest

from lending.catalog.errors import VersionChanged
from lending.loans.schemas.rules import RuleWordsIn
from lending.loans.service.rulebook import RuleBook
from tests.kit.loans import World
from tests.kit.together import together


@pytest.mark.parametrize("known", [0, 1])
def test_of_those_who_write_a_rule_at_once_one_writes_it(world: World, known: int) -> None:
    book, association_id = RuleBook(world.db, world.clock), world.association.id

    def write(days: int, version: int) -> None:
        words = RuleWordsIn(kind="game", loan_days=days, version=version)
        book.set_rule(world.staff, association_id, words)

    for version in range(known):
        write(7, version)
    wishes = range(14, 20)
    wrong = together(*(partial(write, days, known) for days in wishes))
    told = [(type(one), getattr(one, "version", None)) for one in wrong]
    assert told == [(VersionChanged, known + 1)] * (len(wishes) - 1)
    rules = [one for one in book.rules(world.staff, association_id) if one.kind == "game"]
    assert [(one.version, one.said["loan_days"] in wishes) for one in rules] == [(known + 1, True)]


def test_a_rule_that_is_dropped_while_it_is_written_is_written_or_told(world: World) -> None:
    book, association_id = RuleBook(world.db, world.clock), world.association.id
    stored = book.set_rule(world.staff, association_id, RuleWordsIn(kind="game", loan_days=7, version=0))
    wrong = together(
        lambda: book.drop_rule(world.staff, stored.id),
        lambda: book.set_rule(world.staff, association_id, RuleWordsIn(kind="game", loan_days=14, version=1)),
    )
    assert [type(one) for one in wrong] in ([], [VersionChanged])
    assert [one for one in book.rules(world.staff, association_id) if one.kind == "game"] == []
