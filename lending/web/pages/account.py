"""One's own account: the last messages, and a password for who wants one."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.accounts.service import Accounts
from lending.core.actor import Actor
from lending.core.errors import LendingError
from lending.notices.service import Notices
from lending.web.rendering import page, refused, see


@get("/account", sync_to_thread=True, include_in_schema=False)
def show_account(
    request: Request[Any, Any, Any], notices: NamedDependency[Notices], actor: NamedDependency[Actor]
) -> Response[str]:
    """Who I am here, and what I was told."""
    return page(request, "account.html", notices=notices.mine(actor))


@post("/account/password", sync_to_thread=True, include_in_schema=False)
def set_password(
    request: Request[Any, Any, Any],
    accounts: NamedDependency[Accounts],
    notices: NamedDependency[Notices],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str] | Redirect:
    """Set a password; every browser, this one too, signs in anew."""
    try:
        accounts.set_password(actor, data.get("password", ""))
    except LendingError as error:
        return refused(request, "account.html", error, notices=notices.mine(actor) if actor.is_signed_in else [])
    return see("/sign-in?done=password-set")


ROUTES = [show_account, set_password]
