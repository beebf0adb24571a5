"""Add and change copies, inside the caller's transaction.

The title's row is locked first, as bookings do, so that copies never change under a booking in the making.
"""

import datetime as dt

import msgspec
from msgspec import UNSET
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog import queries, rules
from lending.catalog.errors import CodeTaken, UnknownBarcode, UnknownDepot
from lending.catalog.history.recording import copy_facts, record_changes
from lending.catalog.number_errors import LocalTitle
from lending.catalog.placing.queries import move_along
from lending.catalog.placing.rules import check_alone
from lending.catalog.printing.tables import BlankCode
from lending.catalog.requests import EditCopy, NewCopies
from lending.catalog.schemas import CopyDetail
from lending.catalog.service.titles import locked_title, tell_search
from lending.catalog.tables import Copy, CopyAlias
from lending.core.actor import Actor, Role
from lending.core.barcodes import has_valid_key, parse_scan
from lending.core.errors import NotFound
from lending.network import queries as network
from lending.network.tables import Association, Depot

FETCHED = 20


def add_copies(session: Session, actor: Actor, title_id: int, new: NewCopies, now: dt.datetime) -> list[CopyDetail]:
    """Add copies with the next codes of the depot's association.

    Raises NotFound, UnknownDepot, Forbidden, LocalTitle, BadCopyCount, CodesExhausted.
    """
    title = locked_title(session, actor, title_id)
    depot = session.get(Depot, new.depot_id)
    if depot is None:
        raise UnknownDepot(depot_id=new.depot_id)
    actor.require(network.path_of(session, depot.association_id), Role.STAFF)
    if title.is_local and depot.association_id != title.owner_id:
        raise LocalTitle(name=title.name)
    facts = {"condition": new.condition.value, "shelf": rules.clean_line(new.shelf)}
    place = {"owner_id": depot.association_id, "depot_id": depot.id}
    rows = [
        Copy(title_id=title.id, code=code, **place, **facts)
        for code in next_codes(session, depot.association_id, new.count)
    ]
    session.add_all(rows)
    session.flush()
    tell_search(session, title.id, now)
    return queries.copies(session, [row.id for row in rows])


def next_codes(session: Session, association_id: int, count: int) -> list[str]:
    """Codes of an association that no copy has, and no label printed for one to come. Raises CodesExhausted."""
    # The lock on the association makes two people who add copies at once take turns.
    association = session.get_one(Association, association_id, with_for_update=True)
    prefix = f"{association.number:03d}"
    codes = select(Copy.code).where(Copy.code.startswith(prefix)).order_by(Copy.code.desc())
    # A few rows at a time: foreign codes may begin alike, but the latest of our own is among the first.
    with session.scalars(codes, execution_options={"yield_per": FETCHED}) as found:
        latest = next((code for code in found if has_valid_key(code)), None)
    printed = session.scalar(select(func.max(BlankCode.code)).where(BlankCode.association_id == association_id))
    given = [rules.serial_of(code) for code in (latest, printed) if code]
    return rules.codes_from(association.number, max(given, default=0), count)


def edit_copy(
    session: Session, actor: Actor, copy_id: int, edit: EditCopy, version: int | None, now: dt.datetime
) -> CopyDetail:
    """Change what was sent.

    Raises NotFound, Forbidden, VersionChanged, UnknownDepot, StatusNotReachable, DamagedNotLendable,
    CopyInsideTrunk.
    """
    row = locked_copy(session, actor, copy_id)
    rules.check_version(row.version, version)
    sent = {name: fact for name, fact in msgspec.structs.asdict(edit).items() if fact is not UNSET}
    if sent.get("status", row.status) != row.status or sent.get("depot_id", row.depot_id) != row.depot_id:
        check_alone(queries.copy(session, copy_id))
    before = copy_facts(session, row)
    condition, status = sent.get("condition", row.condition), sent.get("status", row.status)
    rules.check_status(row.status, status, condition)
    row.condition, row.status = str(condition), str(status)
    row.shelf = rules.clean_line(sent.get("shelf", row.shelf))
    row.note = rules.clean_text(sent.get("note", row.note))
    row.depot_id = _depot_of(session, row, sent.get("depot_id", row.depot_id))
    row.version += 1
    session.flush()
    move_along(session, row.id, row.depot_id)
    record_changes(session, actor, now, before, copy_facts(session, row), copy_id=row.id)
    tell_search(session, row.title_id, now)
    return queries.copy(session, copy_id)


def locked_copy(session: Session, actor: Actor, copy_id: int) -> Copy:
    """The copy's row, locked behind its title. Raises NotFound, Forbidden."""
    title_id = session.scalar(select(Copy.title_id).where(Copy.id == copy_id))
    if title_id is None:
        raise NotFound
    locked_title(session, actor, title_id)
    row = session.get_one(Copy, copy_id, with_for_update=True)
    actor.require(network.path_of(session, row.owner_id), Role.STAFF)
    return row


def _depot_of(session: Session, row: Copy, depot_id: int) -> int:
    if depot_id != row.depot_id:
        depot = session.get(Depot, depot_id)
        if depot is None or depot.association_id != row.owner_id:
            raise UnknownDepot(depot_id=depot_id)
    return depot_id


def add_alias(session: Session, actor: Actor, copy_id: int, raw: str, now: dt.datetime) -> CopyDetail:
    """Let another code mean the copy. Raises NotFound, Forbidden, UnknownBarcode, CodeTaken."""
    row = locked_copy(session, actor, copy_id)
    code = parse_scan(rules.clean_line(raw))
    if not code:
        raise UnknownBarcode(barcode=raw)
    taken = session.scalar(select(Copy.id).where(Copy.code == code))
    if taken is not None:
        raise CodeTaken(code=code)
    session.add(CopyAlias(code=code, copy_id=row.id))
    try:
        session.flush()
    except IntegrityError as error:
        raise CodeTaken(code=code) from error
    tell_search(session, row.title_id, now)
    return queries.copy(session, copy_id)
