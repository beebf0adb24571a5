"""Rules of lending in words: what each fact is called, what its values mean, and in which field it is written."""

from typing import Any, Literal

import msgspec

from lending.core.i18n import N_, gettext, ngettext

FieldType = Literal["days", "open-days", "count", "money", "yes-no", "choice"]


class FactWords(msgspec.Struct, frozen=True):
    """A fact as people read and write it. `choices` are the values of a closed list, with their words."""

    name: str
    label: str
    type: FieldType
    choices: tuple[tuple[str, str], ...] = ()


PERIOD_MODES = (
    ("free", N_("à des dates libres")),
    ("week", N_("par semaines entières")),
    ("period", N_("par période scolaire")),
)
AGREEMENTS = (
    ("slip", N_("un bon de prêt suffit")),
    ("loan", N_("convention signée pour chaque prêt")),
    ("year", N_("convention signée une fois par an")),
)
DEPOSITS = (
    ("none", N_("sans caution")),
    ("cheque", N_("chèque gardé et rendu au retour")),
    ("letter", N_("lettre de l’employeur")),
)
FEES = (
    ("none", N_("gratuit")),
    ("loan", N_("prix par prêt")),
    ("year", N_("prix par année scolaire")),
    ("pupils", N_("prix par élève de l’école")),
)
FACT_WORDS = (
    FactWords("is_lendable", N_("Se prête"), "yes-no"),
    FactWords("period_mode", N_("Façon de prêter"), "choice", PERIOD_MODES),
    FactWords("loan_days", N_("Durée habituelle"), "days"),
    FactWords("max_loan_days", N_("Durée maximale"), "days"),
    FactWords("renewals", N_("Prolongations possibles"), "count"),
    FactWords("renewal_days", N_("Durée d’une prolongation"), "days"),
    FactWords("max_open_loans", N_("Réservations et prêts à la fois, par école"), "count"),
    FactWords("max_of_kind", N_("… dont de ce genre"), "count"),
    FactWords("one_over_holidays", N_("Un seul prêt pendant les vacances"), "yes-no"),
    FactWords("lead_days", N_("Délai avant le retrait"), "days"),
    FactWords("horizon_days", N_("Réservation ouverte jusqu’à"), "days"),
    FactWords("preparation_days", N_("Préparation"), "open-days"),
    FactWords("turnaround_days", N_("Remise en état après le retour"), "open-days"),
    FactWords("reminder_days", N_("Rappel avant l’échéance"), "days"),
    FactWords("lapse_days", N_("Réservation non retirée, libérée après"), "open-days"),
    FactWords("recall_days", N_("Temps laissé quand un retour est demandé"), "days"),
    FactWords("returns_in_piles", N_("Retours en pile, sans pointer le contenu"), "yes-no"),
    FactWords("needs_approval", N_("Accord de l’association nécessaire"), "yes-no"),
    FactWords("agreement", N_("Convention"), "choice", AGREEMENTS),
    FactWords("deposit_form", N_("Caution"), "choice", DEPOSITS),
    FactWords("deposit_cents", N_("Montant de la caution"), "money"),
    FactWords("fee_mode", N_("Participation"), "choice", FEES),
    FactWords("fee_cents", N_("Montant de la participation"), "money"),
)
BORROWERS = (
    ("own", N_("Écoles de l’association")),
    ("region", N_("Écoles de la même union régionale")),
    ("elsewhere", N_("Écoles d’ailleurs")),
)


def value_in_words(fact: FactWords, value: Any, money: str) -> str:
    """A value as people read it. `money` is the amount in euros, already written out."""
    if value is None:
        return gettext("sans limite")
    match fact.type:
        case "money":
            return money
        case "yes-no":
            return gettext("oui") if value else gettext("non")
        case "choice":
            return gettext(dict(fact.choices)[value])
        case _:
            return _counted(fact.type, value)


def _counted(type_: str, count: int) -> str:
    if type_ == "days":
        return ngettext("{count} jour", "{count} jours", count).format(count=count)
    if type_ == "open-days":
        return ngettext("{count} jour ouvert", "{count} jours ouverts", count).format(count=count)
    return str(count)


def source_in_words(source: str, kind_words: str, borrowers: str | None) -> str:
    """Why a fact holds: who says it, and of what."""
    if source == "product":
        return gettext("usage par défaut")
    said = gettext("règle du réseau") if source == "network" else gettext("règle de l’association")
    whom = gettext(dict(BORROWERS)[borrowers]) if borrowers else ""
    return ", ".join(part for part in (said, kind_words, whom) if part)
