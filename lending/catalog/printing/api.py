"""Documents to print, over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery, JSONBody, MultipartBody, PathParameter, QueryParameter

from lending.catalog.printing.formats import USUAL
from lending.catalog.printing.frames import MOST_FRAME_BYTES
from lending.catalog.printing.schemas import Binding, FrameCodes, LabelChoice, NewBlanks, ShelfChoice, SmallStyle
from lending.catalog.printing.service import Printing
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
OptionalId = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
OWN = (
    "L7160, L7159, L7163, L7651, or own:3x8:63.5x33.9:7.25x12.9:66x33.9, in mm on A4: columns and rows, width and"
    " height, left and top of the first label, from one label to the next."
)
Sheet = Annotated[str, QueryParameter(name="format", max_length=80, description=OWN)]
Skip = Annotated[int, QueryParameter(ge=0, le=200, description="Labels of the first sheet that are used up.")]
REFUSED = {409: ResponseSpec(data_container=dict, description="A rule refuses; `type` says which, the facts say why.")}


def pdf(content: bytes, name: str) -> Response[bytes]:
    """A document that the browser shows, under a name of our own."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "private, no-store"}
    return Response(content, status_code=200, media_type="application/pdf", headers=headers)


MOST_BODY_BYTES = MOST_FRAME_BYTES + 100_000


@dataclass
class FrameForm:
    """A picture of a camera as `multipart/form-data`."""

    file: UploadFile | None = None


class FramesController(Controller):
    """Codes in pictures, for browsers without a reader of their own."""

    path = "/desk/frames"
    tags = ("desk",)

    @post("/", sync_to_thread=True, operation_id="readFrame", status_code=200, request_max_body_size=MOST_BODY_BYTES)
    def read(
        self,
        printing: NamedDependency[Printing],
        actor: NamedDependency[Actor],
        data: MultipartBody[FrameForm],
    ) -> FrameCodes:
        """The codes in a picture (JPEG, at most 1 MB and 4 million pixels): Code 128, EAN-13, QR. Nothing is kept."""
        content = b"" if data.file is None else data.file.file.read(MOST_FRAME_BYTES + 1)
        return printing.codes_in_frame(actor, content)


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
        sheet: Sheet = USUAL,
        skip: Skip = 0,
        small: FromQuery[SmallStyle] = "qr",
        title_id: OptionalId = None,
        depot_id: OptionalId = None,
        shelf: Annotated[str, QueryParameter(max_length=40)] = "",
    ) -> Response[bytes]:
        """Sheets of labels for an association's copies: of a title, a depot, a shelf, or all."""
        choice = LabelChoice(format=sheet, skip=skip, small=small, title_id=title_id, depot_id=depot_id, shelf=shelf)
        return pdf(printing.labels(actor, association_id, choice), "labels")

    @get(
        "/associations/{association_id:int}/shelf-labels.pdf",
        sync_to_thread=True,
        operation_id="printShelfLabels",
        media_type="application/pdf",
    )
    def shelves(
        self,
        printing: NamedDependency[Printing],
        actor: NamedDependency[Actor],
        association_id: RowId,
        sheet: Sheet = USUAL,
        skip: Skip = 0,
        depot_id: OptionalId = None,
    ) -> Response[bytes]:
        """A label for each shelf of an association, or of one of its depots."""
        choice = ShelfChoice(format=sheet, skip=skip, depot_id=depot_id)
        return pdf(printing.shelves(actor, association_id, choice), "shelves")

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


ROUTES = [FramesController, PrintingController]
