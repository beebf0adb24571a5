"""Who sends a request: a bearer token first, else the session cookie, else a visitor. It never refuses; guards do."""

from typing import Any

from anyio import to_thread
from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from lending.accounts.service import Accounts
from lending.core.actor import ANONYMOUS, Actor
from lending.core.errors import Unauthenticated
from lending.core.http.wrappers import cookies_of

UNAUTHENTICATED_PATHS = ("/static/", "/media/", "/health")


class Identify:
    """Puts the actor into the scope, where pages of errors find it too."""

    def __init__(self, app: ASGIApp, accounts: Accounts, cookie_name: str) -> None:
        """`cookie_name` is the session cookie's."""
        self._app = app
        self._accounts = accounts
        self._cookie_name = cookie_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who it is, then pass the call on."""
        if scope["type"] == ScopeType.HTTP and not scope["path"].startswith(UNAUTHENTICATED_PATHS):
            headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
            actor, is_bad_token = await self._who(headers)
            scope["state"] = {
                **scope.get("state", {}),
                "actor": actor,
                "is_bad_token": is_bad_token,
            }
        await self._app(scope, receive, send)

    async def _who(self, headers: dict[bytes, str]) -> tuple[Actor, bool]:
        scheme, _, token = headers.get(b"authorization", "").partition(" ")
        cookie = cookies_of(headers.get(b"cookie", "")).get(self._cookie_name)
        if scheme.lower() == "bearer":
            return await to_thread.run_sync(self._bearer, token.strip())
        # Whoever shows nothing is a visitor: no need to wait for a thread to be told so.
        return (await to_thread.run_sync(self._accounts.authenticate, cookie) if cookie else ANONYMOUS), False

    def _bearer(self, token: str) -> tuple[Actor, bool]:
        try:
            return self._accounts.authenticate_bearer(token), False
        except Unauthenticated:
            return ANONYMOUS, True


def actor_of_request(request: Request[Any, Any, Any]) -> Actor:
    """The actor of a request, for pages of errors. Never raises."""
    actor = request.scope.get("state", {}).get("actor", ANONYMOUS)
    return actor if isinstance(actor, Actor) else ANONYMOUS


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """The dependency `actor`. Raises Unauthenticated for a token that is unknown or over."""
    if request.scope.get("state", {}).get("is_bad_token"):
        raise Unauthenticated
    return actor_of_request(request)


def cookie_name(*, secure: bool) -> str:
    """The session cookie's name; over HTTPS the prefix binds it to this host."""
    return "__Host-session" if secure else "session"
