"""What wraps the whole application, so that answers to unknown addresses and refusals carry it too."""

import logging
import time
import uuid
from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from lending.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, speaking

LANGUAGE_COOKIE = "language"
log = logging.getLogger("lending.requests")

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
        "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "permissions-policy": "camera=(self), microphone=(), geolocation=(self)",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
LINKS_WITH_SECRET = ("/sign-in/link/", "/unsubscribe/", "/invitations/")
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Sets the security headers on every answer; a page may loosen one by setting it itself."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """`secure` = served over HTTPS."""
        self._app = app
        self._headers = dict(SECURITY_HEADERS)
        if secure:
            self._headers["strict-transport-security"] = STRICT_TRANSPORT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and dress its answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed if scope["type"] == ScopeType.HTTP else send)


class RequestLog:
    """One line per request: no header, no body, no query, for these may hold secrets."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and write its line."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id, started, status = uuid.uuid4().hex[:12], time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableScopeHeaders.from_message(message)["x-request-id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            path = without_secret(scope["path"])
            log.info(
                "%s %s %s %d %.1fms",
                request_id,
                scope["method"],
                path,
                status,
                milliseconds,
            )


class Languages:
    """Puts the visitor's language in force: their choice (cookie), else what the browser asks for, else French."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on in the visitor's language."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with speaking(wanted_language(headers)):
            await self._app(scope, receive, send)


def without_secret(path: str) -> str:
    """A path fit for the log: the secret of a link in a mail is left out."""
    return path.rpartition("/")[0] + "/…" if path.startswith(LINKS_WITH_SECRET) else path


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a request."""
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def wanted_language(headers: Mapping[str, str]) -> str:
    """The language of the cookie, else the first known one of Accept-Language."""
    chosen = cookies_of(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    accepted = (part.split(";")[0].strip()[:2].lower() for part in headers.get("accept-language", "").split(","))
    return next((code for code in accepted if code in LANGUAGES), DEFAULT_LANGUAGE)
