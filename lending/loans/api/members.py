"""Who borrows for a school, over HTTP. An invitation is accepted by its link, on a page."""

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.schemas.members import Departure, InvitationView, Member, NewInvitation
from lending.loans.service.members import Members


class MembersController(Controller):
    """The people of a school, for themselves and for the association's staff."""

    path = "/"
    tags = ("schools",)

    @get("/schools/{school_id:int}/members", sync_to_thread=True, operation_id="listMembers")
    def of_school(
        self, members: NamedDependency[Members], actor: NamedDependency[Actor], school_id: RowId
    ) -> list[Member]:
        """Who borrows for a school, and how much runs in each name."""
        return members.of_school(actor, school_id)

    @get("/schools/{school_id:int}/invitations", sync_to_thread=True, operation_id="listInvitations")
    def invitations(
        self, members: NamedDependency[Members], actor: NamedDependency[Actor], school_id: RowId
    ) -> list[InvitationView]:
        """Invitations that nobody has answered yet."""
        return members.invitations(actor, school_id)

    @post("/schools/{school_id:int}/invitations", sync_to_thread=True, operation_id="invite", responses=REFUSED)
    def invite(
        self,
        members: NamedDependency[Members],
        actor: NamedDependency[Actor],
        school_id: RowId,
        data: JSONBody[NewInvitation],
    ) -> InvitationView:
        """Ask a colleague, by mail, to borrow for the school too; asked again, the earlier link stops working."""
        return members.invite(actor, school_id, data)

    @delete(
        "/invitations/{invitation_id:int}", sync_to_thread=True, operation_id="withdrawInvitation", responses=REFUSED
    )
    def withdraw(self, members: NamedDependency[Members], actor: NamedDependency[Actor], invitation_id: RowId) -> None:
        """Make the link of an invitation worthless."""
        members.withdraw(actor, invitation_id)

    @post(
        "/schools/{school_id:int}/departure",
        sync_to_thread=True,
        operation_id="leaveSchool",
        status_code=204,
        responses=REFUSED,
    )
    def leave(
        self,
        members: NamedDependency[Members],
        actor: NamedDependency[Actor],
        school_id: RowId,
        data: JSONBody[Departure],
    ) -> None:
        """Borrow for the school no longer; what runs in one's name goes on in the successor's."""
        members.leave(actor, school_id, data)


ROUTES = [MembersController]
