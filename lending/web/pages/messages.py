"""One's own messages, which of them come by mail, and the links that end a kind of them."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import N_, speaking
from lending.notices.rules import Delivery, NoticeKind, Rhythm
from lending.notices.service import Notices
from lending.notices.service.preferences import Preferences
from lending.notices.specs import label_of
from lending.web.forms import own_path
from lending.web.pages.form_values import code_in
from lending.web.pages.organisations import RowId
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
PAGE_SIZE = 20
DELIVERIES = {"now": N_("Tout de suite"), "digest": N_("Dans le résumé"), "never": N_("Pas de courriel")}
RHYTHMS = {"never": N_("Aucun"), "daily": N_("Chaque matin"), "weekly": N_("Chaque lundi")}


@get("/messages", sync_to_thread=True)
def messages(
    request: AnyRequest,
    notices: NamedDependency[Notices],
    actor: NamedDependency[Actor],
    before: FromQuery[int | None] = None,
) -> Response[str]:
    """What I was told, the newest first."""
    found = notices.mine(actor, PAGE_SIZE, before)
    older = found[-1].id if len(found) == PAGE_SIZE else None
    return page(request, "messages/messages.html", messages=found, older=older, label_of=label_of)


@post("/messages/{notice_id:int}/open", sync_to_thread=True)
def open_message(notices: NamedDependency[Notices], actor: NamedDependency[Actor], notice_id: RowId) -> Redirect:
    """Note that I saw a message, and go where it leads."""
    return see(own_path(notices.open_mine(actor, notice_id)))


@post("/messages/read", sync_to_thread=True)
def read_all(notices: NamedDependency[Notices], actor: NamedDependency[Actor]) -> Redirect:
    """Note that I saw them all."""
    notices.mark_read(actor)
    return see("/messages?done=saved")


@get("/account/notices", sync_to_thread=True)
def choices(
    request: AnyRequest, preferences: NamedDependency[Preferences], actor: NamedDependency[Actor]
) -> Response[str]:
    """Which messages come by mail."""
    return choices_page(request, preferences, actor)


@post("/account/notices", sync_to_thread=True)
def choose(
    request: AnyRequest,
    preferences: NamedDependency[Preferences],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Note which messages come by mail."""
    deliveries: dict[NoticeKind, Delivery] = {
        kind: code_in({"delivery": data[kind.value]}, "delivery", Delivery)
        for kind in list(NoticeKind)
        if kind.value in data and kind != NoticeKind.DIGEST
    }
    rhythm = code_in(data, "rhythm", Rhythm) if "rhythm" in data else None
    try:
        preferences.choose(actor, deliveries, rhythm)
    except (Invalid, Conflict) as error:
        return choices_page(request, preferences, actor, problem_of(error))
    return see("/account/notices?done=saved")


@get("/unsubscribe/{token:str}", sync_to_thread=True)
def ask_to_stop(request: AnyRequest, preferences: NamedDependency[Preferences], token: FromPath[str]) -> Response[str]:
    """Ask before ending: programs that look at mail follow every link."""
    kind = preferences.about(token)
    return page(request, "messages/stop.html", kind=label_of(kind), is_done=False)


@post("/unsubscribe/{token:str}", sync_to_thread=True, status_code=200)
def stop(request: AnyRequest, preferences: NamedDependency[Preferences], token: FromPath[str]) -> Response[str]:
    """End one kind of message: the page's button, or a mailbox that does it in one click (RFC 8058)."""
    stopped = preferences.stop(token)
    with speaking(stopped.language):
        return page(request, "messages/stop.html", kind=label_of(stopped.kind), is_done=True)


def choices_page(
    request: AnyRequest, preferences: Preferences, actor: Actor, problem: Problem | None = None
) -> Response[str]:
    """The form of what I want."""
    facts: dict[str, Any] = {"deliveries": DELIVERIES, "rhythms": RHYTHMS, "label_of": label_of}
    return page(request, "messages/choices.html", mine=preferences.mine(actor), problem=problem, **facts)


HANDLERS = [messages, open_message, read_all, choices, choose, ask_to_stop, stop]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
