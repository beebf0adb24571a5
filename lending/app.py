"""The web application: routes, dependencies, error answers, and the wrappers around them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import ClientException, HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from lending.accounts import api as accounts_api
from lending.accounts.identify import Identify, cookie_name, provide_actor
from lending.catalog import api as catalog_api
from lending.catalog.history import api as history_api
from lending.catalog.imports import api as imports_api
from lending.catalog.photos import api as photos_api
from lending.catalog.printing import api as printing_api
from lending.catalog.sheets import api as sheets_api
from lending.catalog.stock import api as stock_api
from lending.catalog.stocktakes import api as stocktakes_api
from lending.catalog.vocabularies import api as vocabularies_api
from lending.core.actor import Actor
from lending.core.errors import LendingError
from lending.core.http import probes
from lending.core.http.multipart import is_unreadable_form
from lending.core.http.origin import SameOriginOnly
from lending.core.http.problems import problem_response
from lending.core.http.wrappers import Languages, RequestLog, SecurityHeaders
from lending.demo.accounts import DEMO_ACCOUNTS
from lending.loans import api as loans_api
from lending.loans.letters import api as letters_api
from lending.loans.papers import api as papers_api
from lending.network import api as network_api
from lending.search import api as search_api
from lending.search.unmet import api as unmet_api
from lending.settings import Settings, read_settings
from lending.shipping import api as shipping_api
from lending.shipping.carriers import api as carriers_api
from lending.shipping.deliveries import api as deliveries_api
from lending.shipping.papers import api as shipment_papers_api
from lending.shipping.rebalancing import api as rebalancing_api
from lending.shipping.relays import api as relays_api
from lending.shipping.rounds import api as rounds_api
from lending.shipping.shipments import api as shipments_api
from lending.web.pages import ROUTES as PAGES
from lending.web.pages.api_reference import ReferencePage
from lending.web.pages.errors import error_page
from lending.web.rendering import PageState
from lending.wiring import Services, build
from lending.worker import WorkerThread

API_ROUTES: list[Any] = [
    *network_api.ROUTES,
    *accounts_api.ROUTES,
    *catalog_api.ROUTES,
    *photos_api.ROUTES,
    *sheets_api.ROUTES,
    *imports_api.ROUTES,
    *history_api.ROUTES,
    *printing_api.ROUTES,
    *stock_api.ROUTES,
    *vocabularies_api.ROUTES,
    *stocktakes_api.ROUTES,
    *loans_api.ROUTES,
    *papers_api.ROUTES,
    *letters_api.ROUTES,
    *search_api.ROUTES,
    *shipping_api.ROUTES,
    *shipment_papers_api.ROUTES,
    *carriers_api.ROUTES,
    *shipments_api.ROUTES,
    *deliveries_api.ROUTES,
    *relays_api.ROUTES,
    *rebalancing_api.ROUTES,
    *rounds_api.ROUTES,
    *unmet_api.ROUTES,
]
PROVIDED = (
    "settings",
    "clock",
    "network",
    "school_calendars",
    "accounts",
    "notices",
    "wordings",
    "preferences",
    "overdue_steps",
    "nights",
    "catalog",
    "photos",
    "sheets",
    "imports",
    "exports",
    "loans",
    "rulebook",
    "conditions",
    "contents",
    "placing",
    "stock",
    "stocktakes",
    "vocabularies",
    "printing",
    "history",
    "closures",
    "changes",
    "cures",
    "desk_acts",
    "feeds",
    "wishes",
    "baskets",
    "incidents",
    "declarations",
    "members",
    "reviews",
    "appointments",
    "timelines",
    "papers",
    "paper_letters",
    "preparation",
    "search",
    "shipping",
    "shipments",
    "shipment_papers",
    "carriers",
    "custody",
    "deliveries",
    "delivery_labels",
    "relays",
    "rebalancing",
    "rounds",
    "unmet",
    "upkeep",
    "synonym_list",
    "media",
    "readiness",
)

# For phones far from a town. A page holds no secret that its length could betray to who makes somebody else ask for it:
# forms are guarded by their origin, not by a token.
COMPRESSION = CompressionConfig(
    backend="gzip", minimum_size=1000, gzip_compress_level=5, exclude=["^/api/", "^/media/", r"\.pdf$"]
)

OPENAPI = OpenAPIConfig(
    title="La Malle commune",
    version="1",
    description="A lending library for educational trunks. Errors are problem details (RFC 9457).",
    path="/schema",
    render_plugins=[JsonRenderPlugin(path="/openapi.json"), ReferencePage()],
    use_handler_docstrings=True,
)


def create_app(services: Services) -> ASGIApp:
    """The application on given services; it starts and stops the worker inside, where the settings say so."""
    settings = services.settings
    litestar = Litestar(
        route_handlers=routes_only(),
        dependencies=dependencies(services),
        exception_handlers={LendingError: answer, HTTPException: answer, Exception: answer},
        middleware=[SameOriginOnly(settings.base_url)],
        lifespan=[running(services)],
        openapi_config=OPENAPI,
        logging_config=None,
        request_max_body_size=settings.max_body_bytes,
        compression_config=COMPRESSION,
        state=state_of(settings, services.notices.unread),
    )
    identified = Identify(litestar, services.accounts, cookie_name(secure=settings.is_secure))
    return SecurityHeaders(RequestLog(Languages(identified)), secure=settings.is_secure)


def routes_only() -> list[Any]:
    """Every route, without what a running application needs: for checks of the documentation."""
    return [Router("/api", route_handlers=API_ROUTES), *probes.ROUTES, *PAGES]


def state_of(settings: Settings, unread: Callable[[Actor], int]) -> State:
    """What pages may know of the process that makes them."""
    accounts = DEMO_ACCOUNTS if settings.demo else ()
    page = PageState(is_demo=settings.demo, unread=unread)
    return State({"page": page, "is_secure": settings.is_secure, "demo_accounts": accounts})


def create() -> ASGIApp:
    """The application on the settings of the environment; for a server that wants a factory."""
    return create_app(build(read_settings()))


def dependencies(services: Services) -> dict[str, Provide]:
    """What handlers may ask for by name."""
    given = {name: getattr(services, name) for name in PROVIDED}
    provided = {name: Provide(_giving(value), sync_to_thread=False) for name, value in given.items()}
    return provided | {"actor": Provide(provide_actor, sync_to_thread=False)}


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Problem details for programs, a page for people."""
    if is_unreadable_form(error):
        error = ClientException()
    is_for_programs = request.url.path.startswith(("/api/", "/schema")) or request.url.path in (
        "/health",
        "/ready",
    )
    return problem_response(request, error) if is_for_programs else error_page(request, error)


def running(services: Services) -> Callable[[Litestar], Any]:
    """The application's life: check the database, run the worker inside, let go of everything at the end."""

    @asynccontextmanager
    async def life(_app: Litestar) -> AsyncGenerator[None]:
        services.check()
        worker = WorkerThread(services) if services.settings.worker_inside else None
        if worker:
            worker.start()
        try:
            yield
        finally:
            if worker:
                worker.stop()
            services.close()

    return life


def _giving(value: Any) -> Callable[[], Any]:
    def give() -> Any:
        return value

    return give
