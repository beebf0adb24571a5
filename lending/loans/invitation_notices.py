"""What the mail of an invitation tells."""

from sqlalchemy.orm import Session

from lending.core.clock import Clock, local_day
from lending.loans.queries import members
from lending.loans.tables import SchoolInvitation
from lending.network import queries as network
from lending.notices.schemas import InvitationFacts


class InvitationNoticeFacts:
    """Answers for subjects such as `invitation:12`."""

    def __init__(self, clock: Clock) -> None:
        """The clock tells which invitations are over."""
        self._clock = clock

    def facts(self, session: Session, kind: str, subject: str) -> InvitationFacts | None:  # noqa: ARG002 - one kind speaks of invitations
        """What is true now; None for an invitation that was answered, withdrawn or is too old."""
        invitation_id = int(subject.removeprefix("invitation:"))
        found = members.invitations(session, self._clock.now(), SchoolInvitation.id == invitation_id)
        if not found:
            return None
        one = found[0]
        association = network.association(session, network.school(session, one.school_id).association_id)
        return InvitationFacts(
            association_id=association.id,
            association_name=association.name,
            association_email=association.email,
            association_phone=association.phone,
            path="/account",
            is_relevant=True,
            invitation_id=one.id,
            school_name=one.school_name,
            inviter_name=one.invited_by,
            expires_on=local_day(one.expires_at, association.time_zone),
        )
