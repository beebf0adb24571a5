"""The network: unions, associations, depots, for everybody."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from lending.network.service import Network
from lending.web.rendering import page


@get("/network", sync_to_thread=True)
def network_list(request: Request[Any, Any, Any], network: NamedDependency[Network]) -> Response[str]:
    """All unions with their associations and depots."""
    depots: dict[int, list[Any]] = {}
    for one in network.depots():
        depots.setdefault(one.association_id, []).append(one)
    return page(request, "organisations/network.html", unions=network.unions(), depots=depots)


ROUTES = [Router("/", route_handlers=[network_list], include_in_schema=False)]
