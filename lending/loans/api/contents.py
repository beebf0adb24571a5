"""What is in copies, over JSON."""

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from lending.catalog.placing.schemas import PlaceInTrunk
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, IdempotencyKey
from lending.loans.schemas.contents import ContentsHistory, NewCheck
from lending.loans.service.contents import Contents
from lending.loans.service.placing import Placing


class ContentsController(Controller):
    """Looks into a copy, and what went missing between them."""

    path = "/copies"
    tags = ("catalog",)

    @get("/{code:str}/contents-history", sync_to_thread=True, operation_id="getContentsHistory")
    def history(
        self, contents: NamedDependency[Contents], actor: NamedDependency[Actor], code: FromPath[str]
    ) -> ContentsHistory:
        """Every check of a copy; for each piece that went missing, between which two checks and who had the copy."""
        return contents.history(actor, code)

    @post("/{code:str}/checks", sync_to_thread=True, operation_id="recordCheck", responses=REFUSED)
    def record(
        self,
        contents: NamedDependency[Contents],
        actor: NamedDependency[Actor],
        code: FromPath[str],
        data: JSONBody[NewCheck],
        idempotency_key: IdempotencyKey = None,
    ) -> ContentsHistory:
        """Write down a look into a copy that is in the depot: after its purchase, a repair, at a stocktake."""
        return contents.record(actor, code, data, idempotency_key)

    @put("/{code:str}/trunk", sync_to_thread=True, operation_id="placeInTrunk", responses=REFUSED)
    def place(
        self,
        placing: NamedDependency[Placing],
        actor: NamedDependency[Actor],
        code: FromPath[str],
        data: JSONBody[PlaceInTrunk],
    ) -> CopyDetail:
        """Put a copy into a trunk: it is not lent alone until it is taken out."""
        return placing.place(actor, code, data)

    @delete("/{code:str}/trunk", sync_to_thread=True, operation_id="takeOutOfTrunk", status_code=200, responses=REFUSED)
    def take_out(
        self, placing: NamedDependency[Placing], actor: NamedDependency[Actor], code: FromPath[str]
    ) -> CopyDetail:
        """Take a copy out of its trunk: it can be lent alone again."""
        return placing.take_out(actor, code)


ROUTES = [ContentsController]
