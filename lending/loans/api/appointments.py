"""When loans are brought back, over JSON. Days and times of day are local to the depot."""

from typing import Annotated

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from lending.core.actor import Actor
from lending.loans.api.params import LARGEST_ID, REFUSED, RowId
from lending.loans.schemas.appointments import AppointmentChoices, AppointmentView, NewAppointment
from lending.loans.service.appointments import Appointments

Version = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID, description="The version that was read.")]


class AppointmentsController(Controller):
    """The appointment of a loan's return."""

    path = "/reservations/{booking_id:int}/appointment"
    tags = ("loans",)

    @get("/", sync_to_thread=True, operation_id="getAppointment", responses=REFUSED)
    def choices(
        self, appointments: NamedDependency[Appointments], actor: NamedDependency[Actor], booking_id: RowId
    ) -> AppointmentChoices:
        """When a loan is expected back, and when else it could be."""
        return appointments.choices(actor, booking_id)

    @put("/", sync_to_thread=True, operation_id="moveAppointment", responses=REFUSED)
    def move(
        self,
        appointments: NamedDependency[Appointments],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewAppointment],
    ) -> AppointmentView:
        """Agree on another day and hour for a return."""
        return appointments.move(actor, booking_id, data)

    @delete("/", sync_to_thread=True, operation_id="cancelAppointment", status_code=200, responses=REFUSED)
    def cancel(
        self,
        appointments: NamedDependency[Appointments],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        version: Version,
    ) -> AppointmentView | None:
        """Give an appointment up: the loan comes back without one, until its last day."""
        return appointments.cancel(actor, booking_id, version)


ROUTES = [AppointmentsController]
