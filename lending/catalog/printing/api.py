"""Documents to print, over HTTP."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from lending.catalog.printing.formats import USUAL
from lending.catalog.printing.schemas import Binding, LabelChoice, NewBlanks, SmallStyle
from lending.catalog.printing.service import Printing
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Skip = Annotated[int, QueryParameter(ge=0, le=200, description="Labels of the first sheet that are used up.")]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


def pdf(content: bytes, name: str) -> Response[bytes]:
    """A document that the browser shows, under a name of our own."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return Response(content, status_code=200, media_type="application/pdf", headers=headers)


class PrintingController(Controller):
    """Labels and contents sheets as PDF."""

    path = "/"
    tags = ("catalog",)

    @get(
        "/associations/{association_id:int}/labels.pdf",
        sync_to_thread=True,
        operation_id="printLabels",
        media_type="application/pdf",
    )
    def labels(
        self,
        printing: NamedDependency[Printing],
        actor: NamedDependency[Actor],
        association_id: RowId,
        sheet: Annotated[str, QueryParameter(name="format", max_length=40)] = USUAL,
        skip: Skip = 0,
        small: FromQuery[SmallStyle] = "qr",
        title_id: OptionalId = None,
        depot_id: OptionalId = None,
        shelf: Annotated[str, QueryParameter(max_length=40)] = "",
    ) -> Response[bytes]:
        """Sheets of labels for an association's copies: of a title, a depot, a shelf, or all."""
        choice = LabelChoice(format=sheet, skip=skip, small=small, title_id=title_id, depot_id=depot_id, shelf=shelf)
        return pdf(printing.labels(actor, association_id, choice), "labels")

    @post(
        "/associations/{association_id:int}/blank-labels",
        sync_to_thread=True,
        operation_id="printBlankLabels",
        status_code=200,
        media_type="application/pdf",
    )
    def blanks(
        self,
        printing: NamedDependency[Printing],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[NewBlanks],
    ) -> Response[bytes]:
        """Labels for copies to come; their codes are kept for them."""
        return pdf(printing.blanks(actor, association_id, data), "blank-labels")

    @post("/blank-labels/bind", sync_to_thread=True, operation_id="bindBlankLabel", status_code=200, responses=REFUSED)
    def bind(
        self, printing: NamedDependency[Printing], actor: NamedDependency[Actor], data: JSONBody[Binding]
    ) -> CopyDetail:
        """Two scans: the blank label, then a code that the copy carries already."""
        return printing.bind(actor, data)

    @get(
        "/titles/{title_id:int}/contents.pdf",
        sync_to_thread=True,
        operation_id="printContents",
        media_type="application/pdf",
    )
    def contents(
        self,
        printing: NamedDependency[Printing],
        actor: NamedDependency[Actor],
        title_id: RowId,
        code: Annotated[str, QueryParameter(max_length=200)] = "",
    ) -> Response[bytes]:
        """What is in a title, to stick inside its lid; with a copy's code, with its QR code."""
        return pdf(printing.contents_sheet(actor, title_id, code), f"contents-{title_id}")


ROUTES = [PrintingController]
