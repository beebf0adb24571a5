"""Letters on paper, over HTTP."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.loans.letters.schemas import AssociationLetters, LetterBatchView
from lending.loans.letters.service import PaperLetters

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class LettersController(Controller):
    """What is printed for people whom no mail reaches."""

    path = "/"
    tags = ("loans",)

    @get("/associations/{association_id:int}/letters", sync_to_thread=True, operation_id="listLetters")
    def of_association(
        self, paper_letters: NamedDependency[PaperLetters], actor: NamedDependency[Actor], association_id: RowId
    ) -> AssociationLetters:
        """What an association has to print, and its last batches."""
        return paper_letters.of_association(actor, association_id)

    @post("/associations/{association_id:int}/letters", sync_to_thread=True, operation_id="printLetters")
    def print_batch(
        self, paper_letters: NamedDependency[PaperLetters], actor: NamedDependency[Actor], association_id: RowId
    ) -> LetterBatchView:
        """Make a batch of all letters that are to print."""
        return paper_letters.print_batch(actor, association_id)

    @get(
        "/letters/{batch_id:int}/letters.pdf",
        sync_to_thread=True,
        operation_id="getLetters",
        media_type="application/pdf",
    )
    def batch(
        self, paper_letters: NamedDependency[PaperLetters], actor: NamedDependency[Actor], batch_id: RowId
    ) -> Response[bytes]:
        """A batch as PDF."""
        return pdf(paper_letters.pdf(actor, batch_id), f"letters-{batch_id}")


ROUTES = [LettersController]
