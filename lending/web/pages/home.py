"""The first page, for whoever comes."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.loans.service import Loans
from lending.loans.service.reviews import Reviews
from lending.loans.service.wishes import Wishes
from lending.network.schemas import DepotView
from lending.network.service import Network
from lending.search.french import fold
from lending.web.forms import new_key
from lending.web.pages.next_steps import next_steps
from lending.web.pages.role_homes import role_home
from lending.web.rendering import page

MOST_THEMES = 1000


@get("/", sync_to_thread=True, include_in_schema=False)
def home(
    request: Request[Any, Any, Any],
    catalog: NamedDependency[Catalog],
    loans: NamedDependency[Loans],
    network: NamedDependency[Network],
    wishes: NamedDependency[Wishes],
    reviews: NamedDependency[Reviews],
    actor: NamedDependency[Actor],
) -> Response[str]:
    """What to do next for who works here, what there is for everybody else."""
    if answer := role_home(request, loans, network, actor):
        return answer
    return page(
        request,
        "home.html",
        kinds=catalog.kind_counts(),
        themes=catalog.theme_counts(18),
        newest=catalog.recently_added(actor, 8),
        steps=next_steps(loans, wishes, network, reviews, actor),
        key=new_key(),
        depots=depots_of(network, actor),
    )


def depots_of(network: Network, actor: Actor) -> list[DepotView]:
    """The depots that lend to the person's schools."""
    associations = sorted({school.association_id for school in network.my_schools(actor)})
    return [depot for one in associations for depot in network.depots(one)]


@get("/themes", sync_to_thread=True, include_in_schema=False)
def themes(request: Request[Any, Any, Any], catalog: NamedDependency[Catalog]) -> Response[str]:
    """Every theme and every level that has titles."""
    levels = catalog.level_counts()
    cycles = [(one, [level for level in levels if level.parent == one.code]) for one in levels if one.parent is None]
    found = sorted(catalog.theme_counts(MOST_THEMES), key=lambda one: fold(one.label))
    return page(request, "themes.html", themes=found, cycles=cycles)


@get("/accessibility", sync_to_thread=False, include_in_schema=False)
def accessibility(request: Request[Any, Any, Any]) -> Response[str]:
    """What was checked, what is known to be missing, whom to tell."""
    return page(request, "accessibility.html")


ROUTES = [home, themes, accessibility]
