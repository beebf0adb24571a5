"""Proving who one is: links work once, passwords are counted, tokens rotate."""

import datetime as dt
import threading

import pytest
from sqlalchemy import select

from lending.accounts import rules
from lending.accounts.schemas import NewGrant
from lending.accounts.service import Accounts
from lending.accounts.service.base import TRIES_PER_PERSON, WINDOW
from lending.accounts.tables import ApiToken, LoginSession, MagicLink
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, TooMany, Unauthenticated
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_federation,
    create_person,
    create_school,
    create_union,
)

PASSWORD = "le loup est revenu"  # noqa: S105 - a password of the tests


@pytest.fixture
def accounts(database: Database, clock: FixedClock) -> Accounts:
    return Accounts(database, clock, base_url="https://malles.example.org/")


@pytest.fixture
def people(database: Database) -> dict[str, Actor]:
    with database.write() as session:
        federation = create_federation(session)
        union = create_union(session, federation)
        ille, loire = (create_association(session, union, code=code) for code in ("35", "37"))
        return {
            "teacher": create_person(session, Role.TEACHER, create_school(session, ille)),
            "staff": create_person(session, Role.STAFF, ille),
            "other_staff": create_person(session, Role.STAFF, loire),
            "admin": create_person(session, Role.ADMIN, federation),
        }


@pytest.fixture
def teacher(people: dict[str, Actor]) -> Actor:
    return people["teacher"]


def secret_of(link: str) -> str:
    return link.rpartition("/")[2]


class TestLinks:
    def test_a_link_signs_in_the_person_it_was_made_for(self, accounts: Accounts, teacher: Actor) -> None:
        link = accounts.issue_link(teacher.person_id or 0)
        assert link.startswith("https://malles.example.org/sign-in/link/")
        signed_in = accounts.redeem_link(secret_of(link))
        assert accounts.authenticate(signed_in.token) == teacher

    def test_a_link_works_once(self, accounts: Accounts, teacher: Actor) -> None:
        secret = secret_of(accounts.issue_link(teacher.person_id or 0))
        accounts.redeem_link(secret)
        with pytest.raises(rules.LinkExpired):
            accounts.redeem_link(secret)

    def test_of_sixteen_simultaneous_clicks_one_wins(self, accounts: Accounts, teacher: Actor) -> None:
        secret, outcomes = secret_of(accounts.issue_link(teacher.person_id or 0)), []

        def click() -> None:
            try:
                accounts.redeem_link(secret)
                outcomes.append("in")
            except rules.LinkExpired:
                outcomes.append("refused")

        threads = [threading.Thread(target=click) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["in"] + ["refused"] * 15

    def test_a_link_is_over_after_its_time(self, accounts: Accounts, teacher: Actor, clock: FixedClock) -> None:
        secret = secret_of(accounts.issue_link(teacher.person_id or 0))
        clock.advance(minutes=16)
        with pytest.raises(rules.LinkExpired):
            accounts.redeem_link(secret)

    def test_a_new_link_replaces_the_earlier_one(self, accounts: Accounts, teacher: Actor) -> None:
        first = secret_of(accounts.issue_link(teacher.person_id or 0))
        accounts.issue_link(teacher.person_id or 0)
        with pytest.raises(rules.LinkExpired):
            accounts.redeem_link(first)

    def test_an_unknown_address_gets_no_link_and_no_error(self, accounts: Accounts, teacher: Actor) -> None:
        assert accounts.wish_link("nobody@example.org", "127.0.0.1") is None
        assert accounts.wish_link(teacher.email.upper(), "127.0.0.1") == teacher.person_id

    @pytest.mark.parametrize("email", ["", "camille", "a@b", "a b@c.fr", "a@c.fr\nBcc: x@y.fr"])
    def test_what_is_no_address_is_refused_beside_its_field(self, accounts: Accounts, email: str) -> None:
        with pytest.raises(rules.BadEmail) as refused:
            accounts.wish_link(email, "127.0.0.1")
        assert refused.value.field == "email"


class TestPasswords:
    def test_the_right_password_signs_in(self, accounts: Accounts, teacher: Actor) -> None:
        accounts.set_password(teacher, PASSWORD)
        assert accounts.sign_in(teacher.email, PASSWORD, "127.0.0.1").actor == teacher

    @pytest.mark.parametrize("email", [None, "nobody@example.org"])
    def test_a_wrong_one_tells_nobody_which_part_is_wrong(
        self, accounts: Accounts, teacher: Actor, email: str | None
    ) -> None:
        accounts.set_password(teacher, PASSWORD)
        with pytest.raises(rules.WrongPassword):
            accounts.sign_in(email or teacher.email, "wrong password", "127.0.0.1")

    def test_a_person_without_a_password_cannot_sign_in_with_one(self, accounts: Accounts, teacher: Actor) -> None:
        with pytest.raises(rules.WrongPassword):
            accounts.sign_in(teacher.email, "", "127.0.0.1")

    def test_too_many_tries_must_wait_even_with_the_right_password(
        self, accounts: Accounts, teacher: Actor, clock: FixedClock
    ) -> None:
        accounts.set_password(teacher, PASSWORD)
        for _ in range(TRIES_PER_PERSON):
            with pytest.raises(rules.WrongPassword):
                accounts.sign_in(teacher.email, "wrong password", "127.0.0.1")
        with pytest.raises(TooMany) as refused:
            accounts.sign_in(teacher.email, PASSWORD, "127.0.0.1")
        assert refused.value.resets_in_seconds == WINDOW.total_seconds()
        clock.advance(minutes=15)
        assert accounts.sign_in(teacher.email, PASSWORD, "127.0.0.1").actor == teacher

    def test_a_short_password_is_refused(self, accounts: Accounts, teacher: Actor) -> None:
        with pytest.raises(rules.WeakPassword):
            accounts.set_password(teacher, "short")

    def test_a_new_password_ends_every_session(self, accounts: Accounts, teacher: Actor) -> None:
        token = accounts.sign_in_demo(teacher.email).token
        accounts.set_password(teacher, PASSWORD)
        assert not accounts.authenticate(token).is_signed_in


class TestSessions:
    def test_the_token_is_new_at_each_sign_in_and_the_old_one_is_worth_nothing(
        self, accounts: Accounts, teacher: Actor
    ) -> None:
        first = accounts.sign_in_demo(teacher.email).token
        second = accounts.sign_in_demo(teacher.email, old_token=first).token
        assert first != second
        assert not accounts.authenticate(first).is_signed_in
        assert accounts.authenticate(second) == teacher

    def test_a_session_ends_with_its_time_and_with_sign_out(
        self, accounts: Accounts, teacher: Actor, clock: FixedClock
    ) -> None:
        token, other = accounts.sign_in_demo(teacher.email).token, accounts.sign_in_demo(teacher.email).token
        accounts.sign_out(other)
        assert not accounts.authenticate(other).is_signed_in
        clock.advance(days=31)
        assert not accounts.authenticate(token).is_signed_in

    def test_no_secret_is_in_the_database(self, accounts: Accounts, teacher: Actor, database: Database) -> None:
        token = accounts.sign_in_demo(teacher.email).token
        link = secret_of(accounts.issue_link(teacher.person_id or 0))
        bearer = accounts.create_token(teacher.email, "script")
        with database.read() as session:
            kept = [
                *session.scalars(select(LoginSession.token_hash)),
                *session.scalars(select(MagicLink.token_hash)),
                *session.scalars(select(ApiToken.token_hash)),
            ]
        assert len(kept) == 3
        for secret in (token, link, bearer):
            assert secret.encode() not in kept

    def test_cleaning_up_forgets_what_is_over(self, accounts: Accounts, teacher: Actor, clock: FixedClock) -> None:
        accounts.sign_in_demo(teacher.email)
        accounts.issue_link(teacher.person_id or 0)
        assert accounts.clean_up() == 0
        clock.advance(days=31)
        assert accounts.clean_up() == 2


class TestTokens:
    def test_a_token_acts_for_its_person(self, accounts: Accounts, teacher: Actor) -> None:
        assert accounts.authenticate_bearer(accounts.create_token(teacher.email, "script")) == teacher

    @pytest.mark.parametrize("token", ["", "x", "len_aaaaaaaa_" + "b" * 43])
    def test_anything_else_is_refused(self, accounts: Accounts, token: str) -> None:
        with pytest.raises(Unauthenticated):
            accounts.authenticate_bearer(token)

    def test_a_token_with_a_wrong_secret_is_refused(self, accounts: Accounts, teacher: Actor) -> None:
        token = accounts.create_token(teacher.email, "script")
        with pytest.raises(Unauthenticated):
            accounts.authenticate_bearer(token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_a_token_is_over_after_its_time(self, accounts: Accounts, teacher: Actor, clock: FixedClock) -> None:
        token = accounts.create_token(teacher.email, "script", dt.timedelta(days=1))
        clock.advance(days=1)
        with pytest.raises(Unauthenticated):
            accounts.authenticate_bearer(token)


class TestRoles:
    def test_staff_give_the_staff_role_in_their_own_association_only(
        self, accounts: Accounts, people: dict[str, Actor]
    ) -> None:
        own = people["staff"].grants[0].organisation_id
        other = people["other_staff"].grants[0].organisation_id
        given = NewGrant(email="new@example.org", name="Dominique", role=Role.STAFF, organisation_id=own)
        assert accounts.grant_role(people["staff"], given).name == "Dominique"
        with pytest.raises(Forbidden):
            accounts.grant_role(
                people["staff"],
                NewGrant(email="x@example.org", name="", role=Role.STAFF, organisation_id=other),
            )

    def test_staff_cannot_make_administrators(self, accounts: Accounts, people: dict[str, Actor]) -> None:
        own = people["staff"].grants[0].organisation_id
        with pytest.raises(Forbidden):
            accounts.grant_role(
                people["staff"],
                NewGrant(email="x@example.org", name="", role=Role.ADMIN, organisation_id=own),
            )

    def test_a_role_is_taken_back_but_never_ones_own(self, accounts: Accounts, people: dict[str, Actor]) -> None:
        staff, own = people["staff"], people["staff"].grants[0].organisation_id
        with pytest.raises(Forbidden):
            accounts.revoke_role(staff, staff.person_id or 0, Role.STAFF, own)
        accounts.revoke_role(people["admin"], staff.person_id or 0, Role.STAFF, own)
        assert accounts.people(people["admin"], own) == []

    def test_a_teacher_does_not_see_who_works_where(self, accounts: Accounts, people: dict[str, Actor]) -> None:
        with pytest.raises(Forbidden):
            accounts.people(people["teacher"], people["staff"].grants[0].organisation_id)
