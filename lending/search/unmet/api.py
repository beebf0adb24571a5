"""Unmet demand over JSON."""

import datetime as dt

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from lending.core.actor import Actor
from lending.search.unmet.schemas import UnmetPeriod, UnmetView
from lending.search.unmet.service import UnmetDemand


class UnmetController(Controller):
    """What was looked for and not found."""

    path = "/unmet"
    tags = ("search",)

    @get("/", sync_to_thread=True, operation_id="listUnmet")
    def unmet(
        self,
        unmet: NamedDependency[UnmetDemand],
        actor: NamedDependency[Actor],
        first_on: FromQuery[dt.date | None] = None,
        last_on: FromQuery[dt.date | None] = None,
    ) -> list[UnmetView]:
        """Wishes without an answer in the associations that one coordinates, by frequency; usually of 90 days."""
        usual = unmet.usual_period()
        return unmet.listing(actor, UnmetPeriod(first_on or usual.first_on, last_on or usual.last_on))


ROUTES = [UnmetController]
