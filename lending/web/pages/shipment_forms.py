"""Reading the forms of shipments: weights in kilos, money in euros, as people write them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal

from lending.core.i18n import language
from lending.shipping.carriers.schemas import ProposedCosts
from lending.shipping.shipments.errors import BadWeight
from lending.shipping.shipments.rules import LONGEST_NAME, MOST_CENTS, Mode
from lending.shipping.shipments.schemas import Departure, ParcelFacts
from lending.web.forms import day
from lending.web.pages.form_values import BadCount, code_in, note_in

Form = Mapping[str, str]
GRAMS, CENTS = 1000, 100
LONGEST_CODE = 200
LONGEST_NOTE = 1000
# No weight and no sum that means anything is longer: what is longer is refused, not read.
LONGEST_NUMBER = 12


def grams_in(data: Form, name: str) -> int | None:
    """Kilos as « 12,5 », in grams; None for an empty field. Raises BadWeight."""
    kilos = _number(data.get(name, ""))
    if kilos is None:
        if data.get(name, "").strip():
            raise BadWeight
        return None
    return int(kilos * GRAMS)


def cents_in(data: Form, name: str) -> int | None:
    """Euros as « 12,50 », in cents; None for an empty field. Raises BadCount."""
    text, euros = data.get(name, "").strip(), _number(data.get(name, ""))
    if not text:
        return None
    if euros is None or not 0 <= euros * CENTS <= MOST_CENTS:
        raise BadCount(name=name, smallest=0, largest=MOST_CENTS // CENTS)
    return int(euros * CENTS)


def thousandths_in(typed: str, parts: int) -> int | None:
    """A number as people write it, in whole thousandths, hundredths…; None for what is none or is finer than that."""
    number = _number(typed)
    if number is None or number * parts != int(number * parts):
        return None
    return int(number * parts)


def euros_of(cents: int) -> str:
    """A sum as it stands in a field: « 12,50 »."""
    return format_decimal(cents / CENTS, "0.00", locale=language.get())


def chosen_carrier(proposed: ProposedCosts, carrier: str) -> dict[str, str]:
    """The fields of a departure with the carrier that was chosen, at its price; none where it takes not all."""
    found = next((one for one in proposed.quotes if one.carrier == carrier), None)
    if found is None:
        return {}
    return {"mode": Mode.CARRIER.value, "carrier": found.carrier, "cost": euros_of(found.cents)}


def parcel_facts_in(data: Form) -> ParcelFacts:
    """A parcel's weight and value. Raises BadWeight, BadCount."""
    return ParcelFacts(weight_grams=grams_in(data, "weight"), value_cents=cents_in(data, "value"))


def departure_in(data: Form) -> Departure:
    """How it leaves. Raises BadDay, BadCount, NotFound."""
    arrives_on: dt.date | None = day(data, "arrives_on") if data.get("arrives_on", "").strip() else None
    return Departure(
        mode=code_in(data, "mode", Mode),
        carrier=note_in(data, "carrier", LONGEST_NAME),
        tracking_number=note_in(data, "tracking_number", 60),
        cost_cents=cents_in(data, "cost"),
        arrives_on=arrives_on,
    )


def _number(typed: str) -> Decimal | None:
    text = "".join(typed.split()).replace(",", ".")
    if not text.isascii() or not 0 < len(text) <= LONGEST_NUMBER:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10**9) else None
