"""From a template to an answer: strict about missing names, escaped by default, in the visitor's language."""

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from babel.dates import format_time
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.response import Redirect
from markupsafe import Markup

from lending.accounts.identify import actor_of_request
from lending.catalog.photos.naming import ShownPhoto, shown_photo
from lending.core.actor import Actor
from lending.core.barcodes import shown
from lending.core.http.problems import Problem, headers_of, problem_of
from lending.core.i18n import format_day, format_instant, format_weekday, gettext, language, ngettext
from lending.search.highlight import highlight_html
from lending.web.forms import own_path
from lending.web.words import WORDS

HERE = Path(__file__).parent
STATIC = HERE / "static"
PARIS = "Europe/Paris"


class PageState(msgspec.Struct, frozen=True):
    """What every page knows of the process that made it."""

    is_demo: bool = False
    unread: Callable[[Actor], int] = lambda _actor: 0


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    problem: Problem | None = None,
    status_code: int = 200,
    **facts: Any,
) -> Response[str]:
    """An HTML page. A `problem` gives it the problem's status, and stands beside its field."""
    state: PageState = request.app.state.get("page", PageState())
    text = (
        environment()
        .get_template(template)
        .render(
            actor=actor_of_request(request),
            path=request.url.path,
            address=address_of_page(request),
            done=WORDS_DONE.get(request.query_params.get("done", "")),
            is_demo=state.is_demo,
            unread=lambda: state.unread(actor_of_request(request)),
            problem=problem,
            **facts,
        )
    )
    headers = {"cache-control": "no-store", **(headers_of(problem) if problem else {})}
    status = problem.status if problem else status_code
    return Response(text, media_type=MediaType.HTML, status_code=status, headers=headers)


def address_of_page(request: Request[Any, Any, Any]) -> str:
    """Where to come back to: this page, or for the answer to a form the page that held it."""
    seen = urlsplit(str(request.url) if request.method in ("GET", "HEAD") else request.headers.get("referer", ""))
    return own_path(urlunsplit(("", "", seen.path, seen.query, "")))


def refused(request: Request[Any, Any, Any], template: str, error: Exception, **facts: Any) -> Response[str]:
    """The page again, with what is wrong beside the field."""
    return page(request, template, problem=problem_of(error), **facts)


def see(path: str) -> Redirect:
    """Lead to a page after a change was made, so that reloading repeats nothing."""
    return Redirect(path, status_code=303)


def photo_at(url: str) -> ShownPhoto | None:
    """How to show the photo at an address of ours; None for a picture of one size."""
    return shown_photo(url.removeprefix("/media/"))


@cache
def environment() -> Environment:
    """The templates with their filters."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters |= {
        "code": shown,
        "day": format_day,
        "day_short": lambda day: format_day(day, "d MMM"),
        "day_with_year": lambda day: format_day(day, "d MMM y"),
        "highlighted": highlight_html,
        "hour": hour,
        "instant": lambda instant, zone=PARIS: format_instant(instant, zone),
        "money": money,
        "plus_days": lambda day, count: day + dt.timedelta(days=count),
        "number": lambda number: format_decimal(number, locale=language.get()),
        "weekday": format_weekday,
        "word": word,
    }
    made.globals |= {
        "_": translated,
        "photo_at": photo_at,
        "static": static_url,
        "current_language": language.get,
        "day_name": day_name,
        "month_name": month_name,
    }
    return made


def translated(text: str) -> Markup:
    """A text of a template in the language in force. The extension's own way costs a page a tenth of its time."""
    return _in_language(text, language.get())


@lru_cache(maxsize=10_000)
def _in_language(text: str, _language: str) -> Markup:
    # Texts of templates are ours, and the extension too lets them be markup; per cent signs stand twice in them.
    return Markup(gettext(text) % {})  # noqa: S704 - as above


def word(code: str, group: str) -> str:
    """What people call a code: `{{ title.kind|word('kind') }}`."""
    return gettext(WORDS[group][str(code)])


def money(cents: int) -> str:
    """Euros from cents."""
    return format_currency(cents / 100, "EUR", locale=language.get())


def hour(time: dt.time) -> str:
    """A time of day: « 9 h 30 », « 9:30 »."""
    pattern = ("H 'h' mm" if time.minute else "H 'h'") if language.get() == "fr" else "H:mm"
    return format_time(time, pattern, locale=language.get())


def day_name(weekday: int, pattern: str = "EEEE") -> str:
    """The name of a weekday, 0 = Monday."""
    return format_day(dt.date(2024, 1, 1) + dt.timedelta(days=weekday), pattern)


def month_name(day: dt.date) -> str:
    """The month of a day: « janvier 2027 »."""
    return format_day(day, "LLLL y")


@cache
def static_url(name: str) -> str:
    """The address of a static file, which changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


WORDS_DONE = WORDS["done"]
