"""Who borrows for a school: colleagues are invited, and who leaves passes on what runs.

Invalid
└── InvitedNameTooLong   the colleague's name is longer than can be kept
NotFound
└── InvitationOver       the link was used, withdrawn, replaced or is too old
Conflict
├── AlreadyMember        the person borrows for the school already
├── SuccessorMissing     something runs in the leaver's name and nobody was named to go on with it
└── NotAMember           who is named, or who leaves, does not borrow for the school
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.i18n import N_

LIFETIME = dt.timedelta(days=14)
# Mail goes to addresses that somebody types: enough for a school in September, too few to be a nuisance.
INVITATIONS_A_DAY = 20
LONGEST_NAME = 120
DAY = dt.timedelta(days=1)


@dataclass(eq=False)
class InvitationOver(NotFound):
    """The link of an invitation was used, withdrawn, replaced or is too old."""

    slug: ClassVar[str] = "invitation-over"
    title: ClassVar[str] = N_("Invitation terminée")
    detail: ClassVar[str] = N_("Cette invitation a déjà servi, a été retirée ou a expiré. Demandez-en une autre.")


@dataclass(eq=False)
class InvitedNameTooLong(Invalid):
    """The name of the colleague is longer than can be kept."""

    slug: ClassVar[str] = "invited-name-too-long"
    title: ClassVar[str] = N_("Nom trop long")
    detail: ClassVar[str] = N_("Le nom dépasse {most} caractères.")
    field: ClassVar[str | None] = "name"
    most: int = LONGEST_NAME


@dataclass(eq=False)
class AlreadyMember(Conflict):
    """The person borrows for the school already."""

    slug: ClassVar[str] = "already-member"
    title: ClassVar[str] = N_("Déjà dans l’école")
    detail: ClassVar[str] = N_("{email} emprunte déjà pour {school_name}.")
    field: ClassVar[str | None] = "email"
    email: str
    school_name: str


@dataclass(eq=False)
class SuccessorMissing(Conflict):
    """Loans, reservations or waits run in the leaver's name, and nobody was named to go on with them."""

    slug: ClassVar[str] = "successor-missing"
    title: ClassVar[str] = N_("Successeur à choisir")
    detail: ClassVar[str] = N_(
        "À votre nom : {running} prêt(s), réservation(s) ou attente(s). Choisissez qui les suivra."
    )
    field: ClassVar[str | None] = "successor_id"
    running: int


@dataclass(eq=False)
class NotAMember(Conflict):
    """The person does not borrow for this school."""

    slug: ClassVar[str] = "not-a-member"
    title: ClassVar[str] = N_("Pas dans l’école")
    detail: ClassVar[str] = N_("Cette personne n’emprunte pas pour {school_name}.")
    field: ClassVar[str | None] = "successor_id"
    school_name: str


def check_name(name: str) -> None:
    """Raise InvitedNameTooLong for more than fits."""
    if len(name) > LONGEST_NAME:
        raise InvitedNameTooLong


def check_leaves(
    leaver_id: int, members: frozenset[int], successor_id: int | None, running: int, school_name: str
) -> None:
    """Raise NotAMember or SuccessorMissing. `running` counts what is open in the leaver's name."""
    if leaver_id not in members:
        raise NotAMember(school_name=school_name)
    if successor_id is not None and (successor_id == leaver_id or successor_id not in members):
        raise NotAMember(school_name=school_name)
    if running and successor_id is None:
        raise SuccessorMissing(running=running)
