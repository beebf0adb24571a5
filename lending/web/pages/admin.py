"""For the federation's administrators: how the mail stands, and whether everything works."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.i18n import N_
from lending.core.readiness import Readiness
from lending.network.schemas import AssociationView
from lending.network.service import Network
from lending.notices.rules import NoticeKind
from lending.notices.service import Notices
from lending.notices.specs import label_of
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
STATES = {
    "all": N_("Tous"),
    "waiting": N_("En attente"),
    "held": N_("Gardés (jours calmes)"),
    "parked": N_("En échec"),
    "bounced": N_("Revenus"),
    "sent": N_("Partis"),
    "to_print": N_("À imprimer"),
    "printed": N_("Imprimés"),
    "shown": N_("Dans le produit seulement"),
    "cancelled": N_("Annulés"),
}
CHECKS = {"database": N_("Base de données"), "search": N_("Moteur de recherche"), "mail": N_("Courrier")}
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
    kind: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Response[str]:
    """What went out, what waits, what failed and why."""
    return notices_page(request, notices, actor, None, (wanted, kind, before))


@get("/organisations/{organisation_id:int}/messages", sync_to_thread=True)
def association_notices(
    request: AnyRequest,
    notices: NamedDependency[Notices],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    wanted: Annotated[str, QueryParameter(name="state")] = "all",
    kind: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Response[str]:
    """The same for the messages of one association."""
    return notices_page(request, notices, actor, network.association(organisation_id), (wanted, kind, before))


@post("/admin/notices/{notice_id:int}/resend", sync_to_thread=True)
def resend(notices: NamedDependency[Notices], actor: NamedDependency[Actor], notice_id: RowId) -> Redirect:
    """Send a message again."""
    notices.resend(actor, notice_id)
    return see("/admin/notices?done=resent")


@post("/organisations/{organisation_id:int}/messages/{notice_id:int}/resend", sync_to_thread=True)
def resend_own(
    notices: NamedDependency[Notices], actor: NamedDependency[Actor], organisation_id: RowId, notice_id: RowId
) -> Redirect:
    """Send a message of an association again."""
    notices.resend(actor, notice_id)
    return see(f"/organisations/{organisation_id}/messages?done=resent")


def notices_page(
    request: AnyRequest,
    notices: Notices,
    actor: Actor,
    association: AssociationView | None,
    chosen: tuple[str, str, int | None],
) -> Response[str]:
    """Messages in a state and of a kind: all, or those of an association."""
    wanted, kind, before_id = chosen
    state = wanted if wanted in STATES else "all"
    found = notices.overview(
        actor,
        None if state == "all" else state,
        association_id=association.id if association else None,
        kind=kind if kind in set(NoticeKind) else None,
        before_id=before_id,
    )
    base = f"/organisations/{association.id}/messages" if association else "/admin/notices"
    facts: dict[str, Any] = {"states": STATES, "kinds": list(NoticeKind), "label_of": label_of}
    facts |= {"wanted": state, "kind": kind, "association": association, "base": base}
    return page(request, "admin/notices.html", overview=found, **facts)


HANDLERS = [admin, notice_list, association_notices, resend, resend_own]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
