"""Builders of organisations, depots and people."""

import datetime as dt
from itertools import count

from sqlalchemy.orm import Session

from lending.accounts.queries import actor_of
from lending.accounts.tables import Person, RoleGrant
from lending.core.actor import Actor, Role
from lending.network.rules import uai_letter
from lending.network.tables import Affiliation, Association, Closure, Depot, Opening, Organisation, School

numbers = count(1)


def create_organisation(session: Session, kind: str, parent: Organisation | None, name: str) -> Organisation:
    row = Organisation(kind=kind, parent_id=parent.id if parent else None, path=f"?{next(numbers)}", name=name)
    session.add(row)
    session.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    session.flush()
    return row


def create_federation(session: Session) -> Organisation:
    return create_organisation(session, "federation", None, "Fédération")


def create_union(session: Session, federation: Organisation, name: str = "Bretagne") -> Organisation:
    return create_organisation(session, "union", federation, name)


def create_association(
    session: Session, union: Organisation, *, code: str = "35", time_zone: str = "Europe/Paris"
) -> Organisation:
    row = create_organisation(session, "association", union, f"Association {code}")
    number = int(code) if code.isdecimal() else 900 + next(numbers) % 99
    session.add(Association(organisation_id=row.id, code=code, number=number, holiday_zone="B", time_zone=time_zone))
    session.flush()
    return row


def create_depot(
    session: Session,
    association: Organisation,
    name: str = "Dépôt",
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
) -> Depot:
    depot = Depot(association_id=association.id, name=name, commune="Rennes")
    session.add(depot)
    session.flush()
    for weekday in weekdays:
        session.add(Opening(depot_id=depot.id, weekday=weekday, opens_at=dt.time(9), closes_at=dt.time(17)))
    session.flush()
    return depot


def create_closure(session: Session, depot: Depot, starts_on: dt.date, ends_on: dt.date) -> Closure:
    closure = Closure(depot_id=depot.id, starts_on=starts_on, ends_on=ends_on, reason="Vacances")
    session.add(closure)
    session.flush()
    return closure


def create_school(
    session: Session,
    association: Organisation,
    *,
    name: str = "École Jean-Moulin",
    years: tuple[int, ...] = (2026,),
) -> Organisation:
    digits = f"{350_000 + next(numbers):07d}"
    row = create_organisation(session, "school", association, name)
    session.add(School(organisation_id=row.id, uai=digits + uai_letter(digits), commune="Rennes", pupils=120))
    session.flush()
    for year in years:
        session.add(Affiliation(school_id=row.id, school_year=year, affiliated_on=dt.date(year, 9, 10)))
    session.flush()
    return row


def create_person(session: Session, role: Role, organisation: Organisation, name: str = "Camille Martin") -> Actor:
    email = f"person{next(numbers)}@ecole.example.org"
    person = Person(email=email, name=name, language="fr", created_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role=role.value, organisation_id=organisation.id))
    session.flush()
    return actor_of(session, person.id)
