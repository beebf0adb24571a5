"""Unmet demand, for coordinators: what was looked for and not found, where and when."""

import datetime as dt
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Invalid
from lending.core.http.problems import problem_of
from lending.core.i18n import N_, gettext
from lending.network.service import Network
from lending.search.unmet.schemas import UnmetPeriod, UnmetView
from lending.search.unmet.service import UnmetDemand
from lending.web import forms
from lending.web.rendering import month_name, page, word

REASONS = {"search": N_("Recherche sans résultat"), "reservation": N_("Réservation impossible")}
CRITERIA = {"kind": N_("Type"), "level": N_("Niveau"), "theme": N_("Thème"), "month": N_("Mois")}


@get("/unmet", sync_to_thread=True)
def unmet_page(
    request: Request[Any, Any, Any],
    unmet: NamedDependency[UnmetDemand],
    network: NamedDependency[Network],
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
) -> Response[str]:
    """What was not found in a period, the most frequent first."""
    period, problem = unmet.usual_period(), None
    try:
        period = period_of(request, period)
        rows = unmet.listing(actor, period)
    except Invalid as error:
        problem, rows = problem_of(error), unmet.listing(actor)
    names = {one.code: one.name for one in network.associations()}
    labels = {term.code: term.label for terms in (catalog.terms("level"), catalog.terms("theme")) for term in terms}
    shown = [(one, criteria(one, labels)) for one in rows]
    return page(request, "unmet.html", problem=problem, rows=shown, period=period, names=names, reasons=REASONS)


def period_of(request: Request[Any, Any, Any], usual: UnmetPeriod) -> UnmetPeriod:
    """The days that the address asks for. Raises BadDay beside the one that cannot be read."""
    given = request.query_params

    def day(name: str, otherwise: dt.date) -> dt.date:
        return forms.day(given, name) if given.get(name, "").strip() else otherwise

    return UnmetPeriod(day("first_on", usual.first_on), day("last_on", usual.last_on))


def criteria(one: UnmetView, labels: dict[str, str]) -> list[str]:
    """The criteria of a wish in words."""
    return [
        f"{gettext(CRITERIA[name])} : {in_words(name, value, labels)}"
        for name, values in one.filters.items()
        if name in CRITERIA
        for value in values
    ]


def in_words(name: str, value: str, labels: dict[str, str]) -> str:
    """What people call a value; the value itself for what is no longer known."""
    if name == "month":
        return month_name(dt.date.fromisoformat(f"{value}-01"))
    if name == "kind" and value in ("trunk", "game", "book", "sheet"):
        return word(value, "kind")
    return labels.get(value, value)


ROUTES = [Router("/", route_handlers=[unmet_page], include_in_schema=False)]
