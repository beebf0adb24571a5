"""Made-up facts for looking at messages. Nobody's."""

import datetime as dt
from collections.abc import Mapping

from lending.core.i18n import gettext as _
from lending.network.schemas import OpeningHours
from lending.notices.messages import Reader
from lending.notices.rules import FIRM_FROM, FIXED, LAST_FROM, NoticeKind
from lending.notices.schemas import (
    AffiliationFacts,
    BookingFacts,
    ContentsFact,
    CureFact,
    DigestFacts,
    DigestLine,
    Facts,
    IncidentFact,
    InvitationFacts,
    MissingLine,
    PlanFacts,
    ShipmentFacts,
)
from lending.notices.specs import Spec

BORROWER_ID, STAFF_ID = 1, 2
STARTS_ON, DUE_ON = dt.date(2027, 3, 1), dt.date(2027, 3, 18)
NUMBERS: Mapping[str, int] = {"overdue-firm": FIRM_FROM, "overdue-last": LAST_FROM, "overdue-copy": LAST_FROM}
FOR_STAFF = ("at-risk-staff",)

# What is told of a loan that is out and not late: its return is expected at an hour.
EXPECTED = frozenset(
    {
        NoticeKind.CHANGED,
        NoticeKind.HANDED_OVER,
        NoticeKind.RENEWED,
        NoticeKind.DUE_SOON,
        NoticeKind.DUE_TOMORROW,
        NoticeKind.RECALLED,
    }
)


def sample(spec: Spec, base_url: str) -> tuple[Facts, Reader]:
    """Facts and a reader for a message, in the language in force."""
    is_for_others = spec.name in FOR_STAFF or spec.kind == NoticeKind.OVERDUE_COPY
    number = NUMBERS.get(spec.name, 1)
    reader = Reader(
        person_id=STAFF_ID if is_for_others else BORROWER_ID,
        name="Léa Dupré",
        base_url=base_url,
        reminder_number=number,
        stop_url="" if spec.kind in FIXED else f"{base_url}/unsubscribe/…",
    )
    match spec.about:
        case "booking":
            days_late = (0, 1, 7, 14)[number] if "overdue" in spec.name else 0
            return _booking(days_late, dt.time(14) if spec.kind in EXPECTED else None), reader
        case "affiliation":
            return _affiliation(), reader
        case "invitation":
            return _invitation(), reader
        case "shipment":
            return _shipment(), reader
        case "plan":
            return _plan(), reader
        case "digest":
            return _digest(), reader


def _booking(days_late: int, comes_at: dt.time | None) -> BookingFacts:
    return BookingFacts(
        association_name="",
        path="/reservations",
        is_relevant=True,
        reference="R7KQ2M",
        title_name=_("Malle coopération"),
        title_kind="trunk",
        school_name=_("École Jules-Ferry"),
        depot_name=_("Dépôt de Rennes"),
        depot_address="1 rue des Lilas, 35000 Rennes",
        depot_phone="02 99 00 00 00",
        openings=(OpeningHours(1, dt.time(9), dt.time(12, 30)), OpeningHours(1, dt.time(14), dt.time(17))),
        starts_on=STARTS_ON,
        due_on=DUE_ON,
        days_late=days_late,
        comes_on=DUE_ON if comes_at else None,
        comes_at=comes_at,
        missing=(MissingLine(_("Loupe"), 6, 5),),
        borrower_id=BORROWER_ID,
        borrower_name="Camille Martin",
        contents=(ContentsFact(_("Album « Le loup »"), 5), ContentsFact(_("Loupe"), 6)),
        cures=(
            CureFact(
                kind="depot",
                title_name=_("Malle coopération"),
                depot_name=_("Dépôt de Vitré"),
                starts_on=STARTS_ON,
                due_on=DUE_ON,
            ),
        ),
        incidents=(
            IncidentFact(kind="damaged", outcome=None, cost_cents=1250),
            IncidentFact(kind="missing", outcome="paid", cost_cents=1250),
        ),
        deposit_cents=5000,
        deposit_state="returned",
    )


def _affiliation() -> AffiliationFacts:
    return AffiliationFacts(
        association_name="",
        path="/account",
        is_relevant=True,
        school_name=_("École Jules-Ferry"),
        ends_on=dt.date(2026, 11, 30),
        school_year="2026-2027",
    )


def _invitation() -> InvitationFacts:
    return InvitationFacts(
        association_name="",
        path="/invitations/…",
        is_relevant=True,
        invitation_id=1,
        school_name=_("École Jules-Ferry"),
        inviter_name="Camille Martin",
        expires_on=dt.date(2026, 9, 15),
    )


def _shipment() -> ShipmentFacts:
    return ShipmentFacts(
        association_name="",
        path="/",
        is_relevant=True,
        reference="E4TB9X",
        from_name=_("Dépôt de Rennes"),
        to_name=_("Dépôt de Vitré"),
        expected_on=STARTS_ON,
        contents=(ContentsFact(_("Malle coopération"), 2),),
    )


def _plan() -> PlanFacts:
    return PlanFacts(
        association_name="", path="/", is_relevant=True, union_name="Bretagne", moves=12, cost_cents=18_450
    )


def _digest() -> DigestFacts:
    lines = (("late", 3), ("at-risk", 1), ("due-today", 4))
    return DigestFacts(
        association_name="",
        path="/today",
        is_relevant=True,
        organisation_name=_("Dépôt de Rennes"),
        lines=tuple(DigestLine(what=what, count=count, path="/today") for what, count in lines),
    )
