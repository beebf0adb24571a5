"""The demonstration: accounts by one click, a clock to move, the mails that went out. Nowhere else."""

import datetime as dt
from typing import Any, Protocol

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from lending.accounts.service import Accounts
from lending.core.actor import Role
from lending.core.clock import Clock
from lending.core.demo_clock import ShiftedClock
from lending.core.errors import Invalid, NotFound
from lending.loans.service import Loans
from lending.notices.service import Notices
from lending.settings import Settings
from lending.web.pages.form_values import count_in
from lending.web.pages.sign_in import old_token, welcome
from lending.web.rendering import page, refused, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
LONGEST_MOVE_DAYS, LONGEST_MOVE_HOURS = 400, 72
FIRST_MAILS = 20
# A mail comes as a document of its own inside the page: it may show itself and nothing more.
MAIL_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


class DemoAccount(Protocol):
    """Somebody to be, with one click."""

    role: Role
    name: str
    email: str


@get("/demo", sync_to_thread=True)
def demo(request: AnyRequest, settings: NamedDependency[Settings], clock: NamedDependency[Clock]) -> Response[str]:
    """The accounts and the clock."""
    require_demo(settings)
    return page(request, "demo/demo.html", accounts=accounts_of(request), now=clock.now())


@post("/demo/sign-in", sync_to_thread=True)
def become(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    accounts: NamedDependency[Accounts],
    clock: NamedDependency[Clock],
    data: URLEncodedBody[Form],
) -> Redirect:
    """Become one of the demonstration's people; nobody else can be chosen."""
    require_demo(settings)
    email = data.get("email", "")
    if email not in {one.email for one in accounts_of(request)}:
        raise NotFound
    return welcome(request, accounts.sign_in_demo(email, old_token(request)), clock, "/")


@post("/demo/clock", sync_to_thread=True)
def move_clock(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    clock: NamedDependency[Clock],
    loans: NamedDependency[Loans],
    notices: NamedDependency[Notices],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Move time, and let what time brings happen at once: reminders need not wait for the worker."""
    require_demo(settings)
    if not isinstance(clock, ShiftedClock):
        raise NotFound
    try:
        by = move_in(data)
    except Invalid as error:
        return refused(request, "demo/demo.html", error, accounts=accounts_of(request), now=clock.now())
    clock.move(by)
    let_time_work(loans, notices)
    return see("/demo?done=clock-moved")


@get("/demo/inbox", sync_to_thread=True)
def inbox(request: AnyRequest, settings: NamedDependency[Settings], notices: NamedDependency[Notices]) -> Response[str]:
    """The mails that went out, the newest first."""
    require_demo(settings)
    return page(request, "demo/inbox.html", mails=notices.inbox())


@get("/demo/inbox/{name:str}", sync_to_thread=True)
def mail(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    notices: NamedDependency[Notices],
    name: FromPath[str],
) -> Response[str]:
    """One mail as text, and beside it as its reader sees it."""
    require_demo(settings)
    return page(request, "demo/mail.html", mail=notices.read_mail(name))


@get("/demo/inbox/{name:str}/html", sync_to_thread=True)
def mail_document(
    settings: NamedDependency[Settings], notices: NamedDependency[Notices], name: FromPath[str]
) -> Response[str]:
    """The mail's own document, shown in a frame."""
    require_demo(settings)
    headers = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN", "cache-control": "no-store"}
    return Response(notices.read_mail(name).html, media_type=MediaType.HTML, headers=headers)


def require_demo(settings: Settings) -> None:
    """Raise NotFound where people work in earnest."""
    if not settings.demo:
        raise NotFound


def accounts_of(request: AnyRequest) -> tuple[DemoAccount, ...]:
    """The accounts that the demonstration's maker named."""
    return tuple(request.app.state.get("demo_accounts", ()))


def move_in(data: Form) -> dt.timedelta:
    """How far the clock is to move: days or hours, forward. Raises BadCount."""
    if data.get("hours"):
        return dt.timedelta(hours=count_in(data, "hours", 1, LONGEST_MOVE_HOURS))
    return dt.timedelta(days=count_in(data, "days", 1, LONGEST_MOVE_DAYS))


def let_time_work(loans: Loans, notices: Notices) -> None:
    """What the visitor looks for next; the rest (late loans, lapsed reservations) is the worker's, in seconds."""
    loans.remind_due_soon()
    loans.tell_overdue()
    notices.send_waiting(FIRST_MAILS)


HANDLERS = [demo, become, move_clock, inbox, mail, mail_document]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
