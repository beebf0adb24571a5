"""Decisions about a booking before it leaves, over JSON."""

from typing import Annotated, Literal

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.schemas import Reservation
from lending.loans.service.conditions import Conditions

Text = Annotated[str, msgspec.Meta(max_length=2000)]


class Approval(msgspec.Struct, frozen=True):
    """The association's word; a refusal says why."""

    is_approved: bool
    reason: Text = ""


class Signature(msgspec.Struct, frozen=True):
    """The agreement came back signed, for this loan or for the school year."""

    for_the_year: bool = False


class DepositMove(msgspec.Struct, frozen=True):
    """What happened to the deposit."""

    step: Literal["received", "returned", "cashed"]
    note: Text = ""


class ConditionsController(Controller):
    """Approval, agreement, deposit."""

    path = "/reservations/{booking_id:int}"
    tags = ("desk",)

    @post("/approval", sync_to_thread=True, operation_id="decide", status_code=200, responses=REFUSED)
    def decide(
        self,
        conditions: NamedDependency[Conditions],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Approval],
    ) -> Reservation:
        """Agree to a request, or refuse it."""
        if data.is_approved:
            return conditions.approve(actor, booking_id)
        return conditions.refuse(actor, booking_id, data.reason)

    @post("/signature", sync_to_thread=True, operation_id="sign", status_code=200, responses=REFUSED)
    def sign(
        self,
        conditions: NamedDependency[Conditions],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[Signature],
    ) -> Reservation:
        """The agreement came back signed."""
        return conditions.sign(actor, booking_id, for_the_year=data.for_the_year)

    @post("/deposit", sync_to_thread=True, operation_id="moveDeposit", status_code=200, responses=REFUSED)
    def move_deposit(
        self,
        conditions: NamedDependency[Conditions],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[DepositMove],
    ) -> Reservation:
        """The deposit was received, given back or cashed."""
        return conditions.move_deposit(actor, booking_id, data.step, data.note)


ROUTES = [ConditionsController]
