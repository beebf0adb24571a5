"""Supply and demand for coordinators: a map and a table of departments, and the titles that lack most."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.service import Catalog
from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, Invalid, NotFound, PreconditionFailed
from lending.core.i18n import gettext
from lending.network.service import Network
from lending.shipping.rebalancing.schemas import PlaceBalance, PolicyChange
from lending.shipping.rebalancing.service import Rebalancing
from lending.web.pages.form_values import count_in
from lending.web.rendering import page, refused, see
from lending.web.tile_grid import Tile, tiles_of

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
# From the worst served to the best: below so many per cent.
CLASSES = (25, 50, 75)
MOST_KEPT = 99
# A tenth of a request fills a bar's whole height at most.
LEAST_SCALE = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that somebody coordinates."""

    id: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A department on the map: its tile, its figures, its class from 0 (worst served) to 3."""

    tile: Tile
    row: PlaceBalance

    @property
    def level(self) -> int:
        """How well it is served, in four steps."""
        return sum(self.row.percent_served >= step for step in CLASSES)


def coordinated(network: Network, actor: Actor) -> list[Place]:
    """The unions that a person coordinates, the whole federation first for who coordinates that. Raises Forbidden."""
    unions = network.unions()
    mine = [Place(one.id, one.name, one.path) for one in unions if actor.covers(one.path, Role.COORDINATOR)]
    root = unions[0].path.split("/")[1] if unions else ""
    if root and actor.covers(f"/{root}/", Role.COORDINATOR):
        mine.insert(0, Place(int(root), gettext("Toute la fédération"), f"/{root}/"))
    if not mine:
        actor.require("/", Role.COORDINATOR)
        raise Forbidden
    return mine


def place_of(places: list[Place], organisation_id: int | None) -> Place:
    """The one meant; a union rather than the whole federation where nobody said. Raises NotFound."""
    if organisation_id is None:
        return places[-1] if len(places) <= 2 else places[0]  # noqa: PLR2004 - the federation and its only union
    found = next((one for one in places if one.id == organisation_id), None)
    if found is None:
        raise NotFound
    return found


@get("/plans/balance", sync_to_thread=True)
def balance_page(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    network: NamedDependency[Network],
    catalog: NamedDependency[Catalog],
    actor: NamedDependency[Actor],
    organisation: FromQuery[int | None] = None,
    theme: FromQuery[str] = "",
) -> Response[str]:
    """The map and the table of departments, and the titles that lack most, for a theme or for everything."""
    places = coordinated(network, actor)
    place = place_of(places, organisation)
    rows = rebalancing.balance(actor, place.id, theme)
    tiles = tiles_of([one.code for one in rows])
    shown = [Shown(tile, row) for tile, row in zip(tiles, rows, strict=True)]
    return page(
        request,
        "plans/balance.html",
        places=places,
        place=place,
        place_options=[(one.id, one.name) for one in places],
        theme=theme,
        themes=[(one.code, one.label) for one in catalog.terms("theme")],
        shown=shown,
        titles=rebalancing.demand(actor, place.id, theme),
    )


@get("/plans/demand", sync_to_thread=True)
def demand_page(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation: FromQuery[int],
    title: FromQuery[int],
) -> Response[str]:
    """One title in every association: what is expected of each school period, and the counts behind it."""
    place = place_of(coordinated(network, actor), organisation)
    rows = rebalancing.demand(actor, place.id, title_id=title)
    if not rows:
        raise NotFound
    most = max(LEAST_SCALE, *(number for one in rows for number in one.periods))
    return page(request, "plans/demand.html", place=place, rows=rows, most=most)


@get("/plans/policies/{association_id:int}", sync_to_thread=True)
def policy_page(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    actor: NamedDependency[Actor],
    association_id: RowId,
) -> Response[str]:
    """What an owner allows."""
    return page(request, "plans/policy.html", policy=rebalancing.policy(actor, association_id), sent={})


@post("/plans/policies/{association_id:int}", sync_to_thread=True)
def save_policy(
    request: AnyRequest,
    rebalancing: NamedDependency[Rebalancing],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[dict[str, str]],
) -> Response[str] | Redirect:
    """Say what an owner allows."""
    try:
        change = PolicyChange(
            consents=data.get("consents") == "yes",
            kept_at_home=count_in(data, "kept_at_home", 0, MOST_KEPT),
            version=count_in(data, "version", 0, 2**31 - 1),
        )
        rebalancing.set_policy(actor, association_id, change)
    except (Invalid, PreconditionFailed) as error:
        policy = rebalancing.policy(actor, association_id)
        return refused(request, "plans/policy.html", error, policy=policy, sent=data)
    return see(f"/plans/policies/{association_id}?done=saved")


ROUTES = [Router("/", route_handlers=[balance_page, demand_page, policy_page, save_policy], include_in_schema=False)]
