"""What schools say of loans before they come back, over HTTP: sent as forms with a photo, answered as JSON."""

from dataclasses import dataclass

from litestar import Controller, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody

from lending.catalog.photos.api import MOST_BODY_BYTES, content_of
from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.schemas.declarations import DeclarationView, NewDeclaration
from lending.loans.service.declarations import Declarations


@dataclass
class DeclarationForm:
    """A declaration as `multipart/form-data`; `line_id` is left out for the thing as a whole."""

    line_id: int | None = None
    missing: int = 0
    broken: int = 0
    note: str = ""
    drops_photo: bool = False
    file: UploadFile | None = None


class DeclarationsController(Controller):
    """Declarations of what is missing or broken, made while a loan is out."""

    path = "/"
    tags = ("loans",)

    @get("/reservations/{booking_id:int}/declarations", sync_to_thread=True, operation_id="listDeclarations")
    def of_booking(
        self, declarations: NamedDependency[Declarations], actor: NamedDependency[Actor], booking_id: RowId
    ) -> list[DeclarationView]:
        """What the school declared: for the school itself, and the staff of who lent and of who owns the copy."""
        return declarations.of_booking(actor, booking_id)

    @post(
        "/reservations/{booking_id:int}/declarations",
        sync_to_thread=True,
        operation_id="declare",
        status_code=200,
        responses=REFUSED,
        request_max_body_size=MOST_BODY_BYTES,
    )
    def declare(
        self,
        declarations: NamedDependency[Declarations],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: MultipartBody[DeclarationForm],
    ) -> DeclarationView:
        """Declare pieces of a line missing or broken, with a photo if there is one; said again, it is changed."""
        new = NewDeclaration(
            line_id=data.line_id,
            missing=data.missing,
            broken=data.broken,
            note=data.note,
            drops_photo=data.drops_photo,
        )
        return declarations.declare(actor, booking_id, new, content_of(data.file, MOST_PHOTO_BYTES))

    @delete(
        "/declarations/{declaration_id:int}", sync_to_thread=True, operation_id="withdrawDeclaration", responses=REFUSED
    )
    def withdraw(
        self, declarations: NamedDependency[Declarations], actor: NamedDependency[Actor], declaration_id: RowId
    ) -> None:
        """Take a declaration back, until the return."""
        declarations.withdraw(actor, declaration_id)

    @get(
        "/declarations/{declaration_id:int}/photo",
        sync_to_thread=True,
        operation_id="getDeclarationPhoto",
        media_type="image/jpeg",
    )
    def photo(
        self, declarations: NamedDependency[Declarations], actor: NamedDependency[Actor], declaration_id: RowId
    ) -> Response[bytes]:
        """The photo of a declaration, a JPEG, for who may read the declaration."""
        file = declarations.photo(actor, declaration_id)
        headers = {"cache-control": "private, no-store", "content-security-policy": "default-src 'none'"}
        return Response(file.content, media_type=file.media_type, headers=headers)


ROUTES = [DeclarationsController]
