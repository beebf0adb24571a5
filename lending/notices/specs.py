"""What each message says as long as an association does not say it in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lending.core.i18n import N_
from lending.core.i18n import gettext as _
from lending.notices import rules
from lending.notices.rules import NoticeKind
from lending.notices.spec_texts import BOOKING_TEXTS, DESK_TEXTS, OTHER_TEXTS, REMINDER_TEXTS, Text
from lending.notices.wording import Wording

About = Literal["booking", "affiliation", "invitation", "shipment", "plan", "digest"]

BOOKING_VARIABLES = ("title", "school", "reference", "starts_on", "due_on", "depot", "association", "reader")
LATE_VARIABLES = (*BOOKING_VARIABLES, "late", "reminder")
VARIABLES: Mapping[About, tuple[str, ...]] = {
    "booking": BOOKING_VARIABLES,
    "affiliation": ("school", "ends_on", "school_year", "association", "reader"),
    "invitation": ("school", "inviter", "ends_on", "association", "reader"),
    "shipment": ("reference", "from", "to", "expected_on", "association", "reader"),
    "plan": ("union", "moves", "cost", "reader"),
    "digest": ("organisation", "reader"),
}


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A message that may be worded. `name` tells the three tones of a reminder apart, else it is the kind."""

    name: str
    kind: NoticeKind
    label: str
    about: About
    text: Text
    variables: tuple[str, ...]

    def default(self) -> Wording:
        """Our own words, in the language in force."""
        return Wording(_(self.text.subject), "\n\n".join(_(one) for one in self.text.paragraphs))


def _spec(
    kind: NoticeKind,
    label: str,
    texts: Mapping[str, Text],
    about: About = "booking",
    name: str = "",
    variables: tuple[str, ...] = (),
) -> Spec:
    name = name or kind.value
    known = variables or VARIABLES[about]
    return Spec(name=name, kind=kind, label=label, about=about, text=texts[name], variables=known)


ALL = (
    _spec(NoticeKind.BOOKING_RECEIVED, N_("Demande reçue"), BOOKING_TEXTS),
    _spec(NoticeKind.BOOKING_CONFIRMED, N_("Réservation confirmée"), BOOKING_TEXTS),
    _spec(NoticeKind.BOOKING_REFUSED, N_("Demande refusée"), BOOKING_TEXTS),
    _spec(NoticeKind.CHANGED, N_("Réservation modifiée"), BOOKING_TEXTS),
    _spec(NoticeKind.BOOKING_CANCELLED, N_("Réservation annulée"), BOOKING_TEXTS),
    _spec(NoticeKind.DUE_MOVED, N_("Dates déplacées par une fermeture"), BOOKING_TEXTS),
    _spec(NoticeKind.AT_RISK, N_("Réservation à risque"), BOOKING_TEXTS),
    _spec(NoticeKind.AT_RISK, N_("Réservation à risque, pour l’équipe"), BOOKING_TEXTS, name="at-risk-staff"),
    _spec(NoticeKind.WISH_OFFERED, N_("Proposition à qui attend"), BOOKING_TEXTS),
    _spec(NoticeKind.OFFER_ENDED, N_("Fin d’une proposition"), BOOKING_TEXTS),
    _spec(NoticeKind.READY, N_("Prêt à être retiré"), DESK_TEXTS),
    _spec(NoticeKind.HANDED_OVER, N_("Remise, avec le contenu"), DESK_TEXTS),
    _spec(NoticeKind.RENEWED, N_("Prêt prolongé"), DESK_TEXTS),
    _spec(NoticeKind.RETURNED_COMPLETE, N_("Retour complet"), DESK_TEXTS),
    _spec(NoticeKind.RETURNED_INCOMPLETE, N_("Retour incomplet"), DESK_TEXTS),
    _spec(NoticeKind.INCIDENT_OPENED, N_("Incident signalé"), DESK_TEXTS),
    _spec(NoticeKind.INCIDENT_SETTLED, N_("Incident réglé"), DESK_TEXTS),
    _spec(
        NoticeKind.DEPOSIT_SETTLED,
        N_("Caution rendue ou encaissée"),
        DESK_TEXTS,
        variables=(*BOOKING_VARIABLES, "deposit"),
    ),
    _spec(NoticeKind.DUE_SOON, N_("Rappel avant l’échéance"), REMINDER_TEXTS),
    _spec(NoticeKind.DUE_TOMORROW, N_("À rapporter demain"), REMINDER_TEXTS),
    _spec(NoticeKind.OVERDUE, N_("Retard, premier rappel"), REMINDER_TEXTS, variables=LATE_VARIABLES),
    _spec(
        NoticeKind.OVERDUE,
        N_("Retard, deuxième rappel"),
        REMINDER_TEXTS,
        name="overdue-firm",
        variables=LATE_VARIABLES,
    ),
    _spec(
        NoticeKind.OVERDUE,
        N_("Retard, rappels suivants"),
        REMINDER_TEXTS,
        name="overdue-last",
        variables=LATE_VARIABLES,
    ),
    _spec(
        NoticeKind.OVERDUE_COPY,
        N_("Retard, copie à l’union"),
        REMINDER_TEXTS,
        variables=(*LATE_VARIABLES, "borrower"),
    ),
    _spec(NoticeKind.RECALLED, N_("Retour demandé"), REMINDER_TEXTS),
    _spec(NoticeKind.SHIPMENT_SENT, N_("Envoi parti"), OTHER_TEXTS, "shipment"),
    _spec(NoticeKind.SHIPMENT_ARRIVING, N_("Envoi qui arrive"), OTHER_TEXTS, "shipment"),
    _spec(NoticeKind.SHIPMENT_RECEIVED, N_("Envoi reçu"), OTHER_TEXTS, "shipment"),
    _spec(NoticeKind.AFFILIATION_ENDING, N_("Fin d’affiliation"), OTHER_TEXTS, "affiliation"),
    _spec(NoticeKind.SCHOOL_INVITATION, N_("Invitation dans une école"), OTHER_TEXTS, "invitation"),
    _spec(NoticeKind.PLAN_READY, N_("Plan prêt"), OTHER_TEXTS, "plan"),
    _spec(NoticeKind.DIGEST, N_("Résumé pour l’équipe"), OTHER_TEXTS, "digest"),
)
SPECS: Mapping[str, Spec] = {one.name: one for one in ALL}
SIGN_IN_LABEL = N_("Lien de connexion")


def label_of(kind: str) -> str:
    """What people call a kind of message, in the language in force; the code of one that is no longer sent."""
    if kind == NoticeKind.SIGN_IN_LINK:
        return _(SIGN_IN_LABEL)
    return _(KIND_LABELS[kind]) if kind in KIND_LABELS else kind


def name_of(kind: NoticeKind, reminder_number: int, *, is_for_staff: bool = False) -> str:
    """Which wording a message has: the tone of reminders rises, staff read other advice than borrowers."""
    if kind == NoticeKind.OVERDUE and reminder_number >= rules.LAST_FROM:
        return "overdue-last"
    if kind == NoticeKind.OVERDUE and reminder_number >= rules.FIRM_FROM:
        return "overdue-firm"
    return "at-risk-staff" if kind == NoticeKind.AT_RISK and is_for_staff else kind.value


KIND_LABELS: Mapping[str, str] = {
    **{one.kind.value: one.label for one in reversed(ALL)},
    NoticeKind.OVERDUE.value: N_("Retard"),
}
