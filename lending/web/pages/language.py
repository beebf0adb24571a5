"""Choosing a language."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from lending.accounts.service import Accounts
from lending.core.actor import Actor
from lending.core.http.wrappers import LANGUAGE_COOKIE
from lending.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from lending.web.forms import own_path
from lending.web.rendering import see

ONE_YEAR_SECONDS = 31_536_000


@post("/language", sync_to_thread=True, include_in_schema=False)
def choose_language(
    request: Request[Any, Any, Any],
    accounts: NamedDependency[Accounts],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[dict[str, str]],
) -> Redirect:
    """Remember the language in this browser and for the person, then go back to the page."""
    code = data.get("language", "")
    code = code if code in LANGUAGES else DEFAULT_LANGUAGE
    accounts.choose_language(actor, code)
    answer = see(own_path(data.get("next", "/")))
    secure = request.url.scheme == "https"
    answer.set_cookie(LANGUAGE_COOKIE, code, max_age=ONE_YEAR_SECONDS, samesite="lax", httponly=True, secure=secure)
    return answer


ROUTES = [choose_language]
