"""Protection against requests that another site makes a browser send (CSRF), without tokens in forms.

Browsers say where a request comes from: `Sec-Fetch-Site`, or `Origin` where that is missing. A request with neither
does not come from a browser; one that carries a bearer token and no cookie borrows nobody's session.
"""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from lending.core.errors import Forbidden
from lending.core.i18n import N_

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(eq=False)
class CrossSiteRequest(Forbidden):
    """Another site made the browser send this."""

    slug: ClassVar[str] = "cross-site-request"
    title: ClassVar[str] = N_("Demande venue d’un autre site")
    detail: ClassVar[str] = N_("Cette demande ne vient pas de nos pages ; elle a été refusée.")


class SameOriginOnly(ASGIMiddleware):
    """Refuses unsafe requests that come from elsewhere."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is where people reach the product."""
        self._own_origin = origin_of(base_url)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Raise CrossSiteRequest, or pass the call on."""
        if scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE_METHODS:
            check_origin(Headers.from_scope(scope), scope["scheme"], self._own_origin)
        await next_app(scope, receive, send)


def check_origin(headers: Any, scheme: str, own_origin: str) -> None:
    """Raise CrossSiteRequest unless the request is our own page's, or no browser's."""
    if headers.get("authorization", "").startswith("Bearer ") and not headers.get("cookie"):
        return
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = headers.get("origin")
    if site is None and origin is None:
        return
    if site is None and origin in (own_origin, f"{scheme}://{headers.get('host', '')}"):
        return
    raise CrossSiteRequest


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
