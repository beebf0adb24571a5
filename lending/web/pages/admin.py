"""For the federation's administrators: how the mail stands, and whether everything works."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.i18n import N_
from lending.core.readiness import Readiness
from lending.network.service import Network
from lending.notices.service import Notices
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
STATES = {
    "all": N_("Tous"),
    "waiting": N_("En attente"),
    "parked": N_("En échec"),
    "sent": N_("Partis"),
    "cancelled": N_("Annulés"),
}
CHECKS = {"database": N_("Base de données"), "search": N_("Moteur de recherche"), "mail": N_("Courrier")}
KINDS = {
    "sign-in-link": N_("Lien de connexion"),
    "booking-confirmed": N_("Réservation confirmée"),
    "booking-cancelled": N_("Réservation annulée"),
    "handed-over": N_("Remise"),
    "due-soon": N_("Rappel avant l’échéance"),
    "overdue": N_("Retard"),
    "returned-complete": N_("Retour complet"),
    "returned-incomplete": N_("Retour incomplet"),
    "at-risk": N_("Réservation à risque"),
    "changed": N_("Réservation modifiée"),
}
DOCTOR = N_("Sur le serveur, la commande « lending doctor » dit ce qui ne va pas et quoi faire.")


@get("/admin", sync_to_thread=True)
def admin(
    request: AnyRequest,
    network: NamedDependency[Network],
    notices: NamedDependency[Notices],
    readiness: NamedDependency[Readiness],
    actor: NamedDependency[Actor],
) -> Response[str]:
    """What needs an administrator."""
    overview = notices.overview(actor, "parked", limit=5)
    mail_trouble = notices.trouble()
    facts: dict[str, Any] = {
        "ready": readiness.examine(),
        "mail_trouble": mail_trouble,
        "checks": CHECKS,
        "doctor": DOCTOR,
    }
    return page(request, "admin/admin.html", overview=overview, unions=network.unions(), **facts)


@get("/admin/notices", sync_to_thread=True)
def notice_list(
    request: AnyRequest,
    notices: NamedDependency[Notices],
    actor: NamedDependency[Actor],
    wanted: Annotated[str, QueryParameter(name="state")] = "all",
) -> Response[str]:
    """What went out, what waits, what failed and why."""
    chosen = wanted if wanted in STATES else "all"
    overview = notices.overview(actor, None if chosen == "all" else chosen)
    return page(request, "admin/notices.html", overview=overview, states=STATES, kinds=KINDS, wanted=chosen)


@post("/admin/notices/{notice_id:int}/resend", sync_to_thread=True)
def resend(notices: NamedDependency[Notices], actor: NamedDependency[Actor], notice_id: RowId) -> Redirect:
    """Send a message again."""
    notices.resend(actor, notice_id)
    return see("/admin/notices?done=resent")


ROUTES = [Router("/", route_handlers=[admin, notice_list, resend], include_in_schema=False)]
