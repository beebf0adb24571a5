"""Signing in by a link or a password, signing out."""

import datetime as dt
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from lending.accounts.identify import cookie_name
from lending.accounts.schemas import SignedIn
from lending.accounts.service import Accounts
from lending.core.clock import Clock
from lending.core.errors import LendingError
from lending.core.http.wrappers import LANGUAGE_COOKIE
from lending.notices.service import Notices
from lending.web.forms import own_path
from lending.web.rendering import page, refused, see

Fields = dict[str, str]


@get("/sign-in", sync_to_thread=False, include_in_schema=False)
def show_sign_in(request: Request[Any, Any, Any], next: FromQuery[str] = "/") -> Response[str]:  # noqa: A002 - the query's name
    """Address, and a password for who has one."""
    return page(request, "sign_in.html", email="", next=own_path(next), way="link")


@post("/sign-in/link", sync_to_thread=True, include_in_schema=False)
def wish_link(
    request: Request[Any, Any, Any],
    accounts: NamedDependency[Accounts],
    notices: NamedDependency[Notices],
    data: URLEncodedBody[Fields],
) -> Response[str]:
    """Send a link; the answer is the same whether the address is known or not."""
    email = data.get("email", "")
    try:
        person_id = accounts.wish_link(email, address_of(request))
    except LendingError as error:
        return refused(request, "sign_in.html", error, email=email, next="/", way="link")
    if person_id is not None:
        notices.send_link(person_id)
    return page(request, "link_sent.html", email=email)


@post("/sign-in/password", sync_to_thread=True, include_in_schema=False)
def sign_in(
    request: Request[Any, Any, Any],
    accounts: NamedDependency[Accounts],
    clock: NamedDependency[Clock],
    data: URLEncodedBody[Fields],
) -> Response[str] | Redirect:
    """Sign in by password."""
    email, way = data.get("email", ""), own_path(data.get("next", "/"))
    try:
        signed_in = accounts.sign_in(email, data.get("password", ""), address_of(request), old_token(request))
    except LendingError as error:
        return refused(request, "sign_in.html", error, email=email, next=way, way="password")
    return welcome(request, signed_in, clock, way)


@get("/sign-in/link/{secret:str}", sync_to_thread=False, include_in_schema=False)
def show_link(request: Request[Any, Any, Any], secret: FromPath[str]) -> Response[str]:
    """A button: mail programs follow links by themselves, and would use this one up."""
    return page(request, "use_link.html", secret=secret)


@post("/sign-in/link/{secret:str}", sync_to_thread=True, include_in_schema=False)
def redeem_link(
    request: Request[Any, Any, Any],
    accounts: NamedDependency[Accounts],
    clock: NamedDependency[Clock],
    secret: FromPath[str],
) -> Redirect:
    """Sign in by the link, once."""
    return welcome(request, accounts.redeem_link(secret, old_token(request)), clock, "/")


@post("/sign-out", sync_to_thread=True, include_in_schema=False)
def sign_out(request: Request[Any, Any, Any], accounts: NamedDependency[Accounts]) -> Redirect:
    """End this browser's session."""
    accounts.sign_out(old_token(request))
    answer = see("/?done=signed-out")
    answer.delete_cookie(cookie_name(secure=is_secure(request)))
    return answer


def welcome(request: Request[Any, Any, Any], signed_in: SignedIn, clock: Clock, path: str) -> Redirect:
    """Give the browser its session, and the language of its person."""
    answer, secure = see(path), is_secure(request)
    seconds = int((signed_in.expires_at - clock.now()) / dt.timedelta(seconds=1))
    options: dict[str, Any] = {"max_age": seconds, "samesite": "lax", "httponly": True, "secure": secure}
    answer.set_cookie(cookie_name(secure=secure), signed_in.token, **options)
    answer.set_cookie(LANGUAGE_COOKIE, signed_in.actor.language, **options)
    return answer


def old_token(request: Request[Any, Any, Any]) -> str | None:
    """The session that the browser has now."""
    return request.cookies.get(cookie_name(secure=is_secure(request)))


def is_secure(request: Request[Any, Any, Any]) -> bool:
    """Whether the product is reached over HTTPS, as its settings say."""
    return bool(request.app.state.get("is_secure", False))


def address_of(request: Request[Any, Any, Any]) -> str:
    """The visitor's network address."""
    return request.client.host if request.client else "unknown"


ROUTES = [show_sign_in, wish_link, sign_in, show_link, redeem_link, sign_out]
