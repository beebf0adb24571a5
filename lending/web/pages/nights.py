"""What would be sent on a day: looked at, never sent."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from lending.core.actor import Actor
from lending.core.errors import Invalid
from lending.core.i18n import N_
from lending.loans.service.nights import Nights
from lending.notices.specs import label_of
from lending.web.forms import day
from lending.web.pages.organisations import RowId
from lending.web.rendering import page, refused

AnyRequest = Request[Any, Any, Any]
WAYS = {
    "mail": (N_("Par courriel"), "good", "mail"),
    "gather": (N_("Dans le résumé"), "calm", "clock"),
    "show": (N_("Dans le produit seulement"), "calm", "bell"),
    "hold": (N_("Gardé (jour calme)"), "info", "clock"),
    "print": (N_("Par lettre, sur papier"), "info", "download"),
    "park": (N_("Pas d’adresse valable"), "bad", "cross"),
}


@get("/admin/notices/preview", sync_to_thread=True)
def night_of_all(
    request: AnyRequest, nights: NamedDependency[Nights], actor: NamedDependency[Actor], on: FromQuery[str] = ""
) -> Response[str]:
    """What all associations would send."""
    return night_page(request, nights, actor, None, on)


@get("/organisations/{organisation_id:int}/messages/preview", sync_to_thread=True)
def night_of_one(
    request: AnyRequest,
    nights: NamedDependency[Nights],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    on: FromQuery[str] = "",
) -> Response[str]:
    """What an association, or those of a union, would send."""
    return night_page(request, nights, actor, organisation_id, on)


def night_page(
    request: AnyRequest, nights: Nights, actor: Actor, organisation_id: int | None, on: str
) -> Response[str]:
    """The messages of a day; for a day that makes no sense, what is wrong with it above those of today."""
    facts: dict[str, Any] = {"ways": WAYS, "label_of": label_of}
    facts["base"] = f"/organisations/{organisation_id}/messages" if organisation_id else "/admin/notices"
    try:
        night = nights.preview(actor, organisation_id, day({"on": on}, "on") if on else None)
    except Invalid as error:
        night = nights.preview(actor, organisation_id)
        return refused(request, "messages/night.html", error, night=night, typed=on, **facts)
    return page(request, "messages/night.html", night=night, typed=night.on.isoformat(), **facts)


HANDLERS = [night_of_all, night_of_one]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
