"""What a form of the desk says about a return, and what the desk says without network."""

from collections.abc import Mapping

import msgspec

from lending.core.i18n import N_, gettext
from lending.loans.schemas import DeskDecision, FoundLine
from lending.web.forms import day
from lending.web.pages.form_values import count_in, note_in

FOUND, KEPT = "found-", "kept-"
# What the script says by itself, where no page of the server can be had.
OFFLINE_WORDS = {
    "offline": N_("Hors ligne : les lectures sont gardées ici et partiront au retour du réseau."),
    "online": N_("En ligne"),
    "pending": N_("{count} en attente d’envoi"),
    "waiting": N_("En attente d’envoi"),
    "handedOver": N_("Remis à {school}, en attente d’envoi"),
    "takenBack": N_("Retour gardé, tout est là, en attente d’envoi"),
    "incomplete": N_("Retour gardé, incomplet, en attente d’envoi"),
    "toHandOver": N_("À remettre"),
    "toTakeBack": N_("À reprendre"),
    "onShelf": N_("En rayon d’après la liste du jour ; vérifié au retour du réseau"),
    "again": N_("Déjà repris à l’instant"),
    "kept": N_("Code gardé : hors ligne, on ne sait pas ce que c’est"),
    "asked": N_("Il faut une réponse du serveur pour cet exemplaire : lecture gardée"),
    "sheet": N_("Fiche de {school}"),
    "unknownSheet": N_("Fiche inconnue hors ligne : lecture gardée"),
    "allThere": N_("Tout est là"),
    "missing": N_("Il manque : {name}"),
    "giveTo": N_("Remettre à {school}"),
    "scanSheet": N_("Scannez la fiche, ou choisissez :"),
    "undo": N_("Annuler l’opération"),
    "undone": N_("Annulé : rien ne partira"),
    "seen": N_("Vu, retirer de la liste"),
    "openIt": N_("Reprendre cette lecture"),
    "noDay": N_(
        "Aucune liste du jour sur ce poste : les lectures sont gardées et seront examinées au retour du réseau."
    ),
    "dayOf": N_("Liste du jour gardée à {time}"),
    "conflict": N_("Fait, mais promis à d’autres : {references} à reloger"),
    "skipped": N_("Pas enregistré : cet exemplaire a changé entre-temps sur un autre poste"),
    "stillOut": N_("Encore sorti chez {school} : à reprendre ?"),
    "stillToGive": N_("Une réservation l’attend : à remettre ?"),
    "refusedAll": N_("Envoi refusé"),
    "signIn": N_("Session fermée : reconnectez-vous, rien n’est perdu."),
    "hand_over": N_("Remise"),
    "take_back": N_("Retour"),
    "lend": N_("Prêt au comptoir"),
    "look": N_("Lecture"),
    "failedStore": N_("Ce navigateur ne garde rien : la lecture n’est pas enregistrée. Notez-la."),
    "clock": N_("L’horloge de ce poste se trompe de {minutes} min : les heures sont corrigées."),
    "noCamera": N_("Pas de caméra, ou accès refusé."),
}


def offline_words() -> dict[str, str]:
    """What the script says by itself, in the visitor's language."""
    return {name: gettext(text) for name, text in OFFLINE_WORDS.items()}


def found_lines(data: Mapping[str, str]) -> list[FoundLine]:
    """The counts of a checklist; lines that are not sent were all there. Raises BadCount.

    A line that was counted before is sent along as kept, and counted anew by a tap on it.
    """
    if "all" in data:
        return []
    kept = {FOUND + name[len(KEPT) :]: text for name, text in data.items() if name.startswith(KEPT)}
    data = kept | dict(data)
    names = [name for name in data if name.startswith(FOUND) and name[len(FOUND) :].isdecimal()]
    return [FoundLine(int(name[len(FOUND) :]), count_in(data, name)) for name in names]


def take_back_of(data: Mapping[str, str], found: list[FoundLine]) -> DeskDecision:
    """The decision of a return. Raises BadDay."""
    decision = DeskDecision(
        action="take_back",
        found=found,
        note=note_in(data, "note", 2000),
        lendable_though_incomplete=data.get("lendable_though_incomplete") == "yes",
        returned_on=day(data, "returned_on") if data.get("returned_on") else None,
        note_seen=data.get("note_seen") == "yes",
        declaration_seen=data.get("declaration_seen") == "yes",
        accept_withdrawn=data.get("accept_withdrawn") == "yes",
    )
    return _with_damage(_with_claim(decision, data.get("claim", "")), data.get("damaged", ""))


def _with_claim(decision: DeskDecision, claim: str) -> DeskDecision:
    match claim:
        case "found":
            return msgspec.structs.replace(decision, claim="found")
        case "was_here":
            return msgspec.structs.replace(decision, claim="was_here")
        case _:
            return decision


def _with_damage(decision: DeskDecision, damaged: str) -> DeskDecision:
    match damaged:
        case "repair":
            return msgspec.structs.replace(decision, damaged="repair")
        case "blocked":
            return msgspec.structs.replace(decision, damaged="blocked")
        case _:
            return decision
