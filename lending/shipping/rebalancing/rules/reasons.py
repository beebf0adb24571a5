"""Why a copy should move, in one sentence with its numbers."""

import datetime as dt

from babel.numbers import format_currency, format_decimal

from lending.core.i18n import format_day, gettext, language, ngettext
from lending.shipping.rebalancing.schemas import MoveFacts


def sentence(facts: MoveFacts, here: str, there: str, leaves_on: dt.date, gain_loans: float, cost_cents: int) -> str:
    """Who lacks the copy, where it rests, on which trip it goes, what that brings and costs."""
    trip = gettext("trajet du {day} avec {others} : {gain} prêts attendus en plus, {cost}.").format(
        day=format_day(leaves_on),
        others=_others(facts.copies_on_trip - 1),
        gain=_number(gain_loans),
        cost=format_currency(cost_cents / 100, "EUR", locale=language.get()),
    )
    return gettext("{lack} ; {rest} ; {trip}").format(lack=_lack(facts, there), rest=_rest(facts, here), trip=trip)


def _lack(facts: MoveFacts, there: str) -> str:
    lost = facts.refused_there + facts.waiting_there
    if lost:
        text = ngettext("{count} demande sans réponse à {place}", "{count} demandes sans réponse à {place}", lost)
        return text.format(count=lost, place=there)
    text = ngettext(
        "{requests} demandes prévues à {place} pour {count} exemplaire",
        "{requests} demandes prévues à {place} pour {count} exemplaires",
        facts.copies_there,
    )
    return text.format(requests=_number(facts.requests_there), place=there, count=facts.copies_there)


def _rest(facts: MoveFacts, here: str) -> str:
    if not facts.idle_weeks:
        return gettext("moins demandé à {place}").format(place=here)
    text = ngettext(
        "libre depuis {count} semaine à {place}", "libre depuis {count} semaines à {place}", facts.idle_weeks
    )
    return text.format(count=facts.idle_weeks, place=here)


def _others(count: int) -> str:
    text = ngettext("{count} autre exemplaire", "{count} autres exemplaires", count)
    return text.format(count=count) if count else gettext("lui seul")


def _number(value: float) -> str:
    return str(format_decimal(round(value, 1), locale=language.get()))
