"""Who may borrow for a school, and who is written to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.tables import RoleGrant
from lending.core.actor import Actor, Role
from lending.loans.queries.counts import open_loans_by_kind
from lending.loans.queries.terms import Terms
from lending.loans.rules.borrowers import Borrowers, borrowers_of
from lending.loans.rules.errors import NotATeacherThere, SchoolOfAnotherAssociation
from lending.loans.rules.loan_rules import check_open_loans, check_open_of_kind
from lending.network import queries as network
from lending.network.schemas import SchoolView


def is_own_school(actor: Actor, school: SchoolView) -> bool:
    """Whether the person borrows for this school; staff act on its behalf. Raises Forbidden."""
    actor.require(school.path, Role.TEACHER, Role.STAFF)
    return Role.TEACHER in {g.role for g in actor.grants if school.path.startswith(g.path)}


def borrowers_at(session: Session, school: SchoolView, association_id: int) -> Borrowers:
    """What the school is to the association that lends."""
    return borrowers_of(network.path_of(session, association_id), school.path)


def check_lends(session: Session, school: SchoolView, terms: Terms) -> None:
    """Raise SchoolOfAnotherAssociation unless the rule in force opens the depot to such schools."""
    if not terms.rule.is_lendable:
        lender = network.association(session, terms.association_id)
        raise SchoolOfAnotherAssociation(school_name=school.name, association_name=lender.name)


def check_limit(session: Session, school: SchoolView, terms: Terms, kind: str) -> None:
    """Raise TooManyOpenLoans or TooManyOfKind when the school has all that it may have. Needs its lock."""
    by_kind = open_loans_by_kind(session, school.id)
    check_open_loans(sum(by_kind.values()), terms.rule)
    check_open_of_kind(by_kind.get(kind, 0), terms.rule)


def person_to_tell(session: Session, actor: Actor, school: SchoolView, wanted_id: int | None) -> int | None:
    """The teacher who is written to: the one named, else whoever reserves, else the school's first.

    Raises NotATeacherThere.
    """
    if is_own_school(actor, school):
        return actor.person_id
    query = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id == school.id, RoleGrant.role == Role.TEACHER.value
    )
    teachers = session.scalars(query.order_by(RoleGrant.person_id)).all()
    if wanted_id is not None and wanted_id not in teachers:
        raise NotATeacherThere(school_name=school.name)
    return wanted_id or next(iter(teachers), None)
