"""A round without network: the page that stands in for it, the script that keeps that page, the words of both."""

from typing import Any

from litestar import Request, Response, Router, get

from lending.core.i18n import N_, gettext
from lending.web.rendering import STATIC, page

AnyRequest = Request[Any, Any, Any]
SCRIPTS = ("round.js", "round-stops.js", "desk-camera.js", "desk-scanner.js", "offline-parts.js", "offline-queue.js")
# What the script says by itself.
WORDS = {
    "offline": N_("Hors ligne : les lectures sont gardées sur ce téléphone et partiront au retour du réseau."),
    "pending": N_("{count} en attente d’envoi"),
    "keptAt": N_("Tournée gardée à {time}"),
    "noRound": N_("Cette tournée n’est pas sur ce téléphone : ouvrez-la une fois avec le réseau."),
    "waiting": N_("{what}, en attente d’envoi"),
    "delivered": N_("Livré"),
    "collected": N_("Enlevé"),
    "again": N_("Déjà scanné"),
    "left": N_("Arrêt terminé"),
    "done": N_("Fait"),
    "missed": N_("Manqué"),
    "over": N_("Terminé"),
    "leftWaiting": N_("Terminé, en attente d’envoi"),
    "unknown": N_("Pas dans la liste de cet arrêt : gardé, et examiné au retour du réseau"),
    "conflict": N_("Fait, mais promis à d’autres : {references} à reloger"),
    "refused": N_("Envoi refusé"),
    "scan": N_("Lecture"),
    "leave": N_("Départ de l’arrêt"),
    "seen": N_("Vu, retirer de la liste"),
    "signIn": N_("Session fermée : reconnectez-vous, rien n’est perdu."),
    "failedStore": N_("Ce téléphone ne garde rien : la lecture n’est pas enregistrée. Notez-la."),
    "needsNetwork": N_("Pour cela il faut le réseau, et que tout soit envoyé."),
    "noCamera": N_("Pas de caméra, ou accès refusé."),
}


def round_words() -> dict[str, str]:
    """What the script says by itself, in the visitor's language."""
    return {name: gettext(text) for name, text in WORDS.items()}


@get("/rounds/offline", sync_to_thread=True)
def offline_round(request: AnyRequest) -> Response[str]:
    """The page that the browser keeps. It holds nothing of a person, and needs no session."""
    return page(request, "rounds/offline.html", words=round_words(), scripts=SCRIPTS)


@get("/rounds/worker.js", sync_to_thread=True)
def worker() -> Response[bytes]:
    """The script between a round and the network."""
    headers = {"cache-control": "no-cache"}
    return Response((STATIC / "offline-worker.js").read_bytes(), media_type="text/javascript", headers=headers)


ROUTES = [Router("/", route_handlers=[offline_round, worker], include_in_schema=False)]
