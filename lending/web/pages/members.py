"""Who borrows for a school: seen, invited, passed on. And the page to which an invitation's link leads."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.accounts.service import Accounts
from lending.core.actor import Actor
from lending.core.clock import Clock
from lending.core.errors import Conflict, Invalid, TooMany
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import gettext
from lending.loans.schemas.members import Departure, NewInvitation
from lending.loans.service.members import Members
from lending.network.service import Network
from lending.web.pages.form_values import row_id_in
from lending.web.pages.sign_in import old_token, welcome
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
BLANK: Form = {"email": "", "name": "", "successor_id": ""}


class MemberPages:
    """Puts the page together; one object per request."""

    def __init__(self, request: AnyRequest, network: Network, members: Members, actor: Actor) -> None:
        self._request = request
        self._network = network
        self._members = members
        self._actor = actor

    def shown(self, school_id: int, sent: Form | None = None, problem: Problem | None = None) -> Response[str]:
        """The people of a school, as it stands or with what was `sent`. Raises NotFound, Forbidden."""
        found = self._members.of_school(self._actor, school_id)
        others = [(str(one.person_id), one.name) for one in found if one.person_id != self._actor.person_id]
        return page(
            self._request,
            "members/page.html",
            problem=problem,
            sent=BLANK | (sent or {}),
            school=self._network.school(self._actor, school_id),
            members=found,
            successors=[("", gettext("Personne : rien ne court à mon nom")), *others],
            invitations=self._members.invitations(self._actor, school_id),
            me=next((one for one in found if one.person_id == self._actor.person_id), None),
        )


@get("/schools/{school_id:int}/members", sync_to_thread=True)
def show_members(
    request: AnyRequest,
    network: NamedDependency[Network],
    members: NamedDependency[Members],
    actor: NamedDependency[Actor],
    school_id: RowId,
) -> Response[str]:
    """Who borrows for a school, who was invited, and how to leave."""
    return MemberPages(request, network, members, actor).shown(school_id)


@post("/schools/{school_id:int}/invitations", sync_to_thread=True)
def invite(
    request: AnyRequest,
    network: NamedDependency[Network],
    members: NamedDependency[Members],
    actor: NamedDependency[Actor],
    school_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Invite a colleague; what is wrong stands beside its field."""
    new = NewInvitation(email=data.get("email", ""), name=data.get("name", ""))
    try:
        members.invite(actor, school_id, new)
    except (Conflict, Invalid, TooMany) as error:
        return MemberPages(request, network, members, actor).shown(school_id, data, problem_of(error))
    return see(f"/schools/{school_id}/members?done=invited")


@post("/invitations/{invitation_id:int}/withdrawal", sync_to_thread=True)
def withdraw(members: NamedDependency[Members], actor: NamedDependency[Actor], invitation_id: RowId) -> Redirect:
    """Make the link of an invitation worthless."""
    return see(f"/schools/{members.withdraw(actor, invitation_id)}/members?done=invitation-withdrawn")


@post("/schools/{school_id:int}/departure", sync_to_thread=True)
def leave(
    request: AnyRequest,
    network: NamedDependency[Network],
    members: NamedDependency[Members],
    actor: NamedDependency[Actor],
    school_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Leave the school; what runs passes to the successor."""
    successor_id = row_id_in(data, "successor_id") if data.get("successor_id") else None
    try:
        members.leave(actor, school_id, Departure(successor_id=successor_id))
    except Conflict as error:
        return MemberPages(request, network, members, actor).shown(school_id, data, problem_of(error))
    return see("/?done=left")


@get("/invitations/{secret:str}", sync_to_thread=True)
def show_invitation(request: AnyRequest, members: NamedDependency[Members], secret: FromPath[str]) -> Response[str]:
    """A button: mail programs follow links by themselves, and would use this one up."""
    return page(request, "members/invitation.html", one=members.invitation(secret), secret=secret)


@post("/invitations/{secret:str}", sync_to_thread=True)
def accept(
    request: AnyRequest,
    accounts: NamedDependency[Accounts],
    members: NamedDependency[Members],
    clock: NamedDependency[Clock],
    actor: NamedDependency[Actor],
    secret: FromPath[str],
) -> Redirect:
    """Borrow for the school from now on. Who is new is signed in; a known account keeps its own doors.

    A link that works for two weeks must not open what staff and coordinators may do.
    """
    joined = members.accept(secret)
    if joined.is_new:
        return welcome(request, accounts.sign_in_invited(joined.person_id, old_token(request)), clock, "/?done=joined")
    return see("/?done=joined" if actor.person_id == joined.person_id else "/sign-in?done=joined-known")


ROUTES = [
    Router(
        "/",
        route_handlers=[show_members, invite, withdraw, leave, show_invitation, accept],
        include_in_schema=False,
    )
]
