"""A plan is ready: those who coordinate are told once, of the best of the plans that were asked for together."""

import pytest

from lending.core.actor import Role
from lending.notices.facts import FactsBySubject
from lending.notices.service import Notices
from lending.shipping.rebalancing.notice_facts import PlanNoticeFacts
from lending.shipping.rebalancing.schemas import MoveChoice
from lending.shipping.rebalancing.service import solving
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_person
from tests.shipping.rebalancing.conftest import Region

ALL = MoveChoice(is_all=True)


@pytest.fixture
def post() -> FakePost:
    return FakePost()


@pytest.fixture
def notices(region: Region, post: FakePost) -> Notices:
    facts = FactsBySubject({"plan": PlanNoticeFacts()})
    return create_notices(region.world.db, region.world.clock, post, facts)


def solve(region: Region) -> int:
    return region.rebalancing.solve_next(seconds=5.0)


def readers(post: FakePost) -> list[str]:
    return sorted(str(one["To"].addresses[0].addr_spec) for one in post.letters)


def test_who_coordinates_there_is_told_when_the_plan_is_solved(
    region: Region, notices: Notices, post: FakePost
) -> None:
    with region.world.db.write() as session:
        other = create_person(session, Role.COORDINATOR, region.world.union, "Maud Rio")
    region.refuse(12)
    plan = region.rebalancing.ask(region.coordinator, region.question())
    assert notices.send_waiting() == 0
    assert solve(region) == 1
    assert notices.send_waiting() == 2
    assert readers(post) == sorted([region.coordinator.email, other.email])
    moves = len(region.rebalancing.plan(region.coordinator, plan.id).moves)
    body = post.letters[0].get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert f"Un plan de {moves} déplacement" in text
    assert f"/plans/{plan.id}" in text
    assert "vous coordonnez les prêts pour Bretagne" in text.replace("\n", " ")
    assert notices.send_waiting() == 0


def test_variants_make_one_message_when_the_last_is_there(region: Region, notices: Notices, post: FakePost) -> None:
    region.refuse(12)
    asked = [
        region.rebalancing.ask(region.coordinator, region.question(name=name, budget_cents=budget))
        for name, budget in (("Sans budget", None), ("Petit budget", 1), ("Équitable", None))
    ]
    for _ in asked[1:]:
        solve(region)
        assert notices.send_waiting() == 0
    solve(region)
    assert notices.send_waiting() == 1
    best = max(region.rebalancing.plans(region.coordinator, region.world.union.id), key=lambda one: one.value_cents)
    with region.world.db.read() as session:
        facts = PlanNoticeFacts().facts(session, "plan-ready", f"plan:{best.id}")
    assert facts is not None
    assert (facts.moves, facts.cost_cents) == (best.moves, best.cost_cents)
    assert "Bretagne" in str(post.letters[0]["Subject"])


def test_a_plan_that_moves_nothing_says_nothing(region: Region, notices: Notices) -> None:
    region.solved()
    assert notices.send_waiting() == 0


def test_a_plan_that_was_decided_on_meanwhile_is_no_news(region: Region, notices: Notices) -> None:
    region.refuse(12)
    plan = region.solved()
    region.rebalancing.accept(region.coordinator, plan.plan.id, ALL)
    assert notices.send_waiting() == 0


def test_a_variant_that_fails_keeps_nobody_waiting_for_the_others(
    region: Region, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    region.refuse(12)
    for name in ("Première", "Seconde"):
        region.rebalancing.ask(region.coordinator, region.question(name=name))
    solve(region)
    assert notices.send_waiting() == 0

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(solving, "first_answer", breaks)
    with pytest.raises(RuntimeError):
        solve(region)
    assert notices.send_waiting() == 1


def test_a_plan_that_nobody_could_solve_is_not_ready(
    region: Region, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(solving, "first_answer", breaks)
    region.rebalancing.ask(region.coordinator, region.question())
    with pytest.raises(RuntimeError):
        solve(region)
    assert notices.send_waiting() == 0


def test_plans_of_other_days_do_not_wait_for_each_other(region: Region, notices: Notices) -> None:
    region.refuse(12)
    region.rebalancing.ask(region.coordinator, region.question(name="Hier"))
    region.world.clock.advance(days=1)
    region.rebalancing.ask(region.coordinator, region.question(name="Aujourd’hui"))
    solve(region)
    assert notices.send_waiting() == 1
    solve(region)
    assert notices.send_waiting() == 1
