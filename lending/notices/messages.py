"""To whom a letter is written, and the values that stand in it."""

from collections.abc import Callable
from typing import Any

import msgspec
from babel.numbers import format_currency

from lending.core.i18n import format_day, format_weekday, language, ngettext
from lending.core.i18n import gettext as _
from lending.notices.schemas import (
    AffiliationFacts,
    BookingFacts,
    DigestFacts,
    Facts,
    InvitationFacts,
    PlanFacts,
    ShipmentFacts,
)
from lending.notices.words import DEPOSIT_WORDS, reminder_in_words


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a letter is written, and where its links lead. `stop_url` is empty where the reader cannot opt out."""

    person_id: int
    name: str
    base_url: str
    reminder_number: int = 1
    stop_url: str = ""


DayInWords = Callable[[Any], str]


def values_of(facts: Facts, reader: Reader, *, is_short: bool = False) -> dict[str, str]:
    """The value of each variable in the language in force; days without their weekday where space is short."""
    day: DayInWords = format_day if is_short else format_weekday
    return {"reader": reader.name, "association": facts.association_name} | _own_values(facts, reader, day)


def _own_values(facts: Facts, reader: Reader, day: DayInWords) -> dict[str, str]:
    said: dict[str, str] = {}
    match facts:
        case BookingFacts():
            said = _booking_values(facts, reader, day)
        case AffiliationFacts():
            said = {"school": facts.school_name, "ends_on": day(facts.ends_on), "school_year": facts.school_year}
        case InvitationFacts():
            said = {"school": facts.school_name, "inviter": facts.inviter_name, "ends_on": day(facts.expires_on)}
        case ShipmentFacts():
            said = _shipment_values(facts, day)
        case PlanFacts():
            moves = ngettext("{count} déplacement", "{count} déplacements", facts.moves).format(count=facts.moves)
            said = {"union": facts.union_name, "moves": moves, "cost": money(facts.cost_cents)}
        case DigestFacts():
            said = {"organisation": facts.organisation_name}
    return said


def money(cents: int) -> str:
    """Euros from cents, in the language in force."""
    return format_currency(cents / 100, "EUR", locale=language.get())


def _booking_values(facts: BookingFacts, reader: Reader, day: DayInWords) -> dict[str, str]:
    days = facts.days_late
    return {
        "title": facts.title_name,
        "school": facts.school_name,
        "reference": facts.reference,
        "starts_on": day(facts.starts_on),
        "due_on": day(facts.due_on),
        "depot": facts.depot_name,
        "late": ngettext("en retard de {days} jour", "en retard de {days} jours", days).format(days=days),
        "reminder": reminder_in_words(reader.reminder_number),
        "borrower": facts.borrower_name or facts.school_name,
        "deposit": _(DEPOSIT_WORDS.get(facts.deposit_state, DEPOSIT_WORDS["returned"])),
    }


def _shipment_values(facts: ShipmentFacts, day: DayInWords) -> dict[str, str]:
    expected = day(facts.expected_on) if facts.expected_on else _("jour à confirmer")
    return {"reference": facts.reference, "from": facts.from_name, "to": facts.to_name, "expected_on": expected}
