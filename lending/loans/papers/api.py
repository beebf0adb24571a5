"""The papers of loans, over HTTP."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, Response, delete, get, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, MultipartBody, PathParameter

from lending.catalog.photos.api import MOST_BODY_BYTES, content_of
from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.loans.papers.service import Papers
from lending.loans.rules.papers import PaperKind
from lending.loans.schemas.papers import PaperTextsChange, PaperTextsView

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@dataclass
class LogoForm:
    """A picture as `multipart/form-data`."""

    file: UploadFile | None = None


class PapersController(Controller):
    """Agreements, checklists and slips as PDF, and an association's words on them."""

    path = "/"
    tags = ("loans",)

    @get(
        "/reservations/{booking_id:int}/papers.pdf",
        sync_to_thread=True,
        operation_id="printLoanPapers",
        media_type="application/pdf",
    )
    def of_loan(
        self,
        papers: NamedDependency[Papers],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        which: FromQuery[PaperKind | None] = None,
    ) -> Response[bytes]:
        """The papers of a loan (`agreement`, `contents` or `slip`; without a word all that it needs)."""
        return pdf(papers.of_loan(actor, booking_id, which), f"loan-{booking_id}")

    @get(
        "/depots/{depot_id:int}/papers.pdf",
        sync_to_thread=True,
        operation_id="printDayPapers",
        media_type="application/pdf",
    )
    def of_day(
        self,
        papers: NamedDependency[Papers],
        actor: NamedDependency[Actor],
        depot_id: RowId,
        day: FromQuery[dt.date | None] = None,
        which: FromQuery[PaperKind | None] = None,
    ) -> Response[bytes]:
        """The papers of all that a depot hands over on a day (today without one), in one file."""
        return pdf(papers.of_day(actor, depot_id, day, which), f"papers-{depot_id}")

    @get("/associations/{association_id:int}/paper-texts", sync_to_thread=True, operation_id="getPaperTexts")
    def texts(
        self, papers: NamedDependency[Papers], actor: NamedDependency[Actor], association_id: RowId
    ) -> PaperTextsView:
        """What an association writes on its papers."""
        return papers.texts(actor, association_id)

    @put("/associations/{association_id:int}/paper-texts", sync_to_thread=True, operation_id="writePaperTexts")
    def write_texts(
        self,
        papers: NamedDependency[Papers],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[PaperTextsChange],
    ) -> PaperTextsView:
        """Replace these texts; an empty one leaves the word to the usual text."""
        return papers.write_texts(actor, association_id, data, data.version)

    @put(
        "/associations/{association_id:int}/logo",
        sync_to_thread=True,
        operation_id="showLogo",
        request_max_body_size=MOST_BODY_BYTES,
    )
    def show_logo(
        self,
        papers: NamedDependency[Papers],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: MultipartBody[LogoForm],
    ) -> PaperTextsView:
        """Put a picture (JPEG, PNG, WebP or AVIF) on the papers. It is drawn anew."""
        return papers.show_logo(actor, association_id, content_of(data.file, MOST_PHOTO_BYTES))

    @delete("/associations/{association_id:int}/logo", sync_to_thread=True, operation_id="hideLogo", status_code=200)
    def hide_logo(
        self, papers: NamedDependency[Papers], actor: NamedDependency[Actor], association_id: RowId
    ) -> PaperTextsView:
        """Take the picture off the papers."""
        return papers.hide_logo(actor, association_id)


ROUTES = [PapersController]
