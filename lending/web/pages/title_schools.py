"""For which school the page of a title reserves: a teacher's own, or one that the staff speak for."""

from collections.abc import Mapping

import msgspec

from lending.core.actor import Actor, Role
from lending.network.schemas import SchoolView
from lending.network.service import Network
from lending.web import forms

LONGEST_TEXT = 100


class SchoolChoice(msgspec.Struct, kw_only=True):
    """The schools that can have it (`schools`), and whose depots come first (`own`, ids of associations).

    Staff name a school first: `text` is what they typed, `found` what it fits.
    """

    schools: list[SchoolView]
    own: set[int]
    is_asked: bool = False
    text: str = ""
    found: list[SchoolView] = msgspec.field(default_factory=list)


def choose_school(network: Network, actor: Actor, sent: Mapping[str, str]) -> SchoolChoice:
    """What `school_id` and `for_school` of a form or an address say. Raises NotFound, Forbidden."""
    mine = network.my_schools(actor)
    grants = actor.grants_of(Role.STAFF)
    if mine or not grants:
        return SchoolChoice(schools=mine, own={school.association_id for school in mine})
    text = sent.get("for_school", "").strip()[:LONGEST_TEXT]
    school_id = forms.optional_id(sent, "school_id")
    return SchoolChoice(
        schools=[network.school(actor, school_id)] if school_id is not None else [],
        own={grant.organisation_id for grant in grants},
        is_asked=True,
        text=text,
        found=network.schools(actor, grants[0].organisation_id, text) if text else [],
    )
