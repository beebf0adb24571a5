"""The demonstration's network: real departments and schools, invented depots and people."""

import csv
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

import lending.network
from lending.accounts.tables import Person, RoleGrant
from lending.core.actor import Role
from lending.demo.accounts import ADMIN, COORDINATOR, STAFF, TEACHER, DemoAccount
from lending.demo.towns import COORDINATES, HOME, HOME_UNION, LENDING_DEPARTMENTS, POSTCODES, SECOND_DEPOTS, TOWNS
from lending.loans.tables import LoanRule, rule_scope
from lending.network.public_holidays import territory_of
from lending.network.rules import parse_uai, school_year_of
from lending.network.tables import (
    Affiliation,
    Association,
    Closure,
    Depot,
    ExceptionalOpening,
    Opening,
    Organisation,
    School,
)

DATA = Path(lending.network.__file__).parent / "data"
FIRST_NAMES = [
    "Alix",
    "Andrea",
    "Charlie",
    "Dany",
    "Eden",
    "Gaël",
    "Jo",
    "Lou",
    "Maxime",
    "Morgan",
    "Noa",
    "Robin",
    "Sasha",
    "Stéphane",
    "Yaël",
]
LAST_NAMES = [
    "Petit",
    "Robert",
    "Durand",
    "Leroy",
    "Moreau",
    "Simon",
    "Laurent",
    "Michel",
    "Garcia",
    "Roux",
    "Fournier",
    "Girard",
    "Bonnet",
]
AFFILIATED_SHARE = 0.9
TEACHERS_PER_ASSOCIATION = 6
NEIGHBOURS = 10
MAIN_WEEK, SECOND_WEEK = (0, 1, 2, 3, 4), (1, 2, 5)
WEDNESDAY, THURSDAY, SATURDAY = 2, 3, 5
NOON = dt.time(12, 30)
# Days of February and April by holiday zone; the Monday on or after them begins the week.
WINTER, SPRING = {"A": 15, "B": 22, "C": 8}, {"A": 12, "B": 19, "C": 5}


@dataclass
class DemoNetwork:
    """What the rest of the demonstration needs to know: ids by department code, borrowers by association.

    The home school and its neighbours are no longer among `schools`: chance must not fill up their loans.
    """

    federation_id: int
    associations: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    depots: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    schools: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    teachers: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    neighbours: list[int] = field(default_factory=list)
    home_school_id: int = 0
    home_teacher_id: int = 0


def load_network(session: Session, chance: random.Random, today: dt.date, now: dt.datetime) -> DemoNetwork:
    """Write organisations, depots, calendars, rules and people."""
    federation = organisation(session, "federation", None, "Fédération des coopératives scolaires")
    network = DemoNetwork(federation.id)
    unions: dict[str, Organisation] = {}
    homes: dict[str, Organisation] = {}
    for row in rows("departments.csv"):
        union = unions.get(row["union"])
        if union is None:
            union = unions[row["union"]] = organisation(session, "union", federation, row["union"])
        homes[row["code"]] = _association(session, network, union, row)
    _load_schools(session, chance, network, homes, today)
    for code in LENDING_DEPARTMENTS:
        load_depots(session, network, code, today)
    _load_rules(session, network)
    _load_people(session, chance, network, unions[HOME_UNION].id, now)
    return network


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of the network."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def organisation(session: Session, kind: str, parent: Organisation | None, name: str) -> Organisation:
    """A place in the tree; its path is known once it has an id."""
    row = Organisation(kind=kind, parent_id=parent.id if parent else None, path=f"{kind}:{name}"[:80], name=name)
    session.add(row)
    session.flush()
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    session.flush()
    return row


def _association(session: Session, network: DemoNetwork, union: Organisation, row: dict[str, str]) -> Organisation:
    made = organisation(session, "association", union, f"AD {row['code']} – {row['name']}")
    session.add(
        Association(
            organisation_id=made.id,
            code=row["code"],
            number=int(row["number"]),
            holiday_zone=row["holiday_zone"],
            holiday_territory=territory_of(row["code"]),
            time_zone=row["time_zone"],
            email=f"ad{row['code'].lower()}@demo.example.org",
        )
    )
    network.associations[row["code"]] = made.id
    network.numbers[made.id] = int(row["number"])
    return made


def _load_schools(
    session: Session, chance: random.Random, network: DemoNetwork, homes: dict[str, Organisation], today: dt.date
) -> None:
    found = list(rows("schools.csv"))
    parents = [homes[row["department"]] for row in found]
    ids = session.scalars(
        insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True),
        [
            {"kind": "school", "parent_id": parent.id, "path": f"school:{row['uai']}", "name": row["name"]}
            for row, parent in zip(found, parents, strict=True)
        ],
    ).all()
    placed = list(zip(ids, found, parents, strict=True))
    paths = [{"id": id_, "path": f"{parent.path}{id_}/"} for id_, _, parent in placed]
    session.bulk_update_mappings(Organisation.__mapper__, paths)
    session.execute(insert(School), [_school(id_, row) for id_, row, _ in placed])
    year = school_year_of(today)
    affiliations = []
    for id_, _, parent in placed:
        years = [one for one in (year - 1, year) if chance.random() < AFFILIATED_SHARE]
        affiliations += [{"school_id": id_, "school_year": one, "affiliated_on": dt.date(one, 9, 15)} for one in years]
        if year in years:
            network.schools[parent.id].append(id_)
    session.execute(insert(Affiliation), affiliations)
    _set_home_apart(network, {id_: row["name"] for id_, row, _ in placed})


def _set_home_apart(network: DemoNetwork, names: dict[int, str]) -> None:
    schools = network.schools[network.associations[HOME]]
    primary = [one for one in schools if names[one].startswith(("École", "Ecole"))]
    network.home_school_id, *network.neighbours = primary[: 1 + NEIGHBOURS]
    schools[:] = [one for one in schools if one not in (network.home_school_id, *network.neighbours)]


def _school(id_: int, row: dict[str, str]) -> dict[str, object]:
    return {
        "organisation_id": id_,
        "uai": parse_uai(row["uai"]),
        "commune": row["commune"],
        "postcode": row["postcode"] or None,
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "pupils": int(row["pupils"]) if row["pupils"] else None,
    }


def load_depots(session: Session, network: DemoNetwork, code: str, today: dt.date) -> None:
    """The depots of a department's association, with their opening hours and closures."""
    association_id = network.associations[code]
    zone = session.get_one(Association, association_id).holiday_zone
    for town in (TOWNS[code], SECOND_DEPOTS.get(code)):
        if town is None:
            continue
        depot = Depot(
            association_id=association_id,
            name=f"Dépôt de {town}",
            commune=town,
            postcode=POSTCODES[town],
            address="Centre-ville",
        )
        if town == TOWNS[code]:
            depot.latitude, depot.longitude = COORDINATES.get(code, (None, None))
        session.add(depot)
        session.flush()
        network.depots[association_id].append(depot.id)
        weekdays = MAIN_WEEK if town == TOWNS[code] else SECOND_WEEK
        session.add_all(one for weekday in weekdays for one in _openings(depot.id, weekday))
        session.add(Opening(depot_id=depot.id, weekday=THURSDAY, opens_at=dt.time(9), closes_at=NOON, serves="office"))
        session.add_all(closures(depot.id, school_year_of(today), zone))
        session.add(ExceptionalOpening(depot_id=depot.id, opens_on=_saturday(today), reason="Portes ouvertes"))


def _openings(depot_id: int, weekday: int) -> list[Opening]:
    morning = Opening(depot_id=depot_id, weekday=weekday, opens_at=dt.time(9), closes_at=NOON)
    afternoon = Opening(depot_id=depot_id, weekday=weekday, opens_at=dt.time(13, 30), closes_at=dt.time(18))
    return {WEDNESDAY: [morning, afternoon], SATURDAY: [morning]}.get(weekday, [afternoon])


def _saturday(today: dt.date) -> dt.date:
    """A Saturday some weeks ahead."""
    return today + dt.timedelta(days=21 + (SATURDAY - today.weekday()) % 7)


def closures(depot_id: int, year: int, zone: str) -> Iterator[Closure]:
    """The weeks in which a small team is away: twice a year on the same days, twice with the school holidays."""
    for starts_on, ends_on, reason in (
        (dt.date(year - 1, 12, 21), dt.date(year, 1, 4), "Fermeture de Noël"),
        (dt.date(year - 1, 7, 22), dt.date(year - 1, 8, 24), "Fermeture d’été"),
    ):
        yield Closure(depot_id=depot_id, starts_on=starts_on, ends_on=ends_on, reason=reason, repeats_yearly=True)
    for one in (year, year + 1, year + 2):
        for first, reason in (
            (dt.date(one, 2, WINTER.get(zone, 15)), "Vacances d’hiver"),
            (dt.date(one, 4, SPRING.get(zone, 12)), "Vacances de printemps"),
        ):
            starts_on, ends_on = _week(first)
            yield Closure(depot_id=depot_id, starts_on=starts_on, ends_on=ends_on, reason=reason)


def _week(day: dt.date) -> tuple[dt.date, dt.date]:
    monday = day + dt.timedelta(days=-day.weekday() % 7)
    return monday, monday + dt.timedelta(days=7)


def _load_rules(session: Session, network: DemoNetwork) -> None:
    loire, home = network.associations["37"], network.associations[HOME]
    said: list[tuple[int | None, str | None, dict[str, Any]]] = [
        (None, None, {"loan_days": 28, "max_loan_days": 63, "max_open_loans": 8, "lead_days": 2, "horizon_days": 400}),
        (None, "game", {"loan_days": 21, "max_loan_days": 42}),
        (home, "book", {"loan_days": 42, "max_loan_days": 84}),
        (home, "trunk", {"max_loan_days": 80}),
        (loire, None, {"loan_days": 42, "max_open_loans": 3, "turnaround_days": 3}),
        (loire, "trunk", {"period_mode": "period"}),
        (network.associations["33"], "game", {"fee_mode": "pupils", "fee_cents": 10, "agreement": "loan"}),
    ]
    for association_id, kind, words in said:
        scope = rule_scope(association_id, kind)
        session.add(LoanRule(association_id=association_id, kind=kind, scope=scope, **words))
    for association_id in (home, network.associations["22"]):
        session.add(
            LoanRule(
                association_id=association_id,
                borrowers="region",
                scope=rule_scope(association_id, None, "region"),
                is_lendable=True,
                max_loan_days=42,
                deposit_form="cheque",
                deposit_cents=8000,
            )
        )


def _load_people(
    session: Session, chance: random.Random, network: DemoNetwork, union_id: int, now: dt.datetime
) -> None:
    home = network.associations[HOME]
    places = {STAFF: home, COORDINATOR: union_id, ADMIN: network.federation_id, TEACHER: network.home_school_id}
    for account, place in places.items():
        person_id = _person(session, account, place, now)
        if account is TEACHER:
            network.home_teacher_id = person_id
    for code in LENDING_DEPARTMENTS:
        association_id = network.associations[code]
        for number in range(TEACHERS_PER_ASSOCIATION):
            school_id = network.schools[association_id][number]
            name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
            account = DemoAccount(Role.TEACHER, name, f"teacher.{code.lower()}.{number}@demo.example.org", "")
            network.teachers[association_id].append((school_id, _person(session, account, school_id, now)))


def _person(session: Session, account: DemoAccount, organisation_id: int, now: dt.datetime) -> int:
    person = Person(email=account.email, name=account.name, language="fr", created_at=now)
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role=account.role.value, organisation_id=organisation_id))
    session.flush()
    return person.id
