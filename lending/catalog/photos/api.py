"""Photos over HTTP: sent as forms with a file, answered as JSON."""

from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody, PathParameter

from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.catalog.photos.schemas import PhotoEdit, PhotoOrder, PhotoView
from lending.catalog.photos.service import Photos
from lending.core.actor import Actor

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
# Somewhat more than a photo may have, so that one that is a little too large is told as such.
MOST_BODY_BYTES = MOST_PHOTO_BYTES + 5_000_000


@dataclass
class PhotoForm:
    """A photo as `multipart/form-data`."""

    file: UploadFile | None = None
    caption: str = ""


def content_of(file: UploadFile | None, most: int) -> bytes:
    """The bytes of an uploaded file, at most one more than accepted; none without a file."""
    return b"" if file is None else file.file.read(most + 1)


class PhotosController(Controller):
    """Photos of titles and of what is in them."""

    path = "/"
    tags = ("catalog",)

    @get("/titles/{title_id:int}/photos", sync_to_thread=True, operation_id="listPhotos")
    def photos(
        self, photos: NamedDependency[Photos], actor: NamedDependency[Actor], title_id: RowId
    ) -> list[PhotoView]:
        """The photos of a title; the first is its picture."""
        return photos.of_title(actor, title_id)

    @post(
        "/titles/{title_id:int}/photos",
        sync_to_thread=True,
        operation_id="addPhoto",
        request_max_body_size=MOST_BODY_BYTES,
    )
    def add_photo(
        self,
        photos: NamedDependency[Photos],
        actor: NamedDependency[Actor],
        title_id: RowId,
        data: MultipartBody[PhotoForm],
    ) -> PhotoView:
        """Add a photo (JPEG, PNG, WebP or AVIF, at most 25 MB) behind the others. It is drawn anew."""
        return photos.add(actor, title_id, content_of(data.file, MOST_PHOTO_BYTES), data.caption)

    @put("/titles/{title_id:int}/photos/order", sync_to_thread=True, operation_id="orderPhotos")
    def order_photos(
        self,
        photos: NamedDependency[Photos],
        actor: NamedDependency[Actor],
        title_id: RowId,
        data: JSONBody[PhotoOrder],
    ) -> list[PhotoView]:
        """Put the photos of a title in order; every one must be named."""
        return photos.put_in_order(actor, title_id, data.photo_ids)

    @post(
        "/content-lines/{line_id:int}/photo",
        sync_to_thread=True,
        operation_id="putLinePhoto",
        request_max_body_size=MOST_BODY_BYTES,
    )
    def put_line_photo(
        self,
        photos: NamedDependency[Photos],
        actor: NamedDependency[Actor],
        line_id: RowId,
        data: MultipartBody[PhotoForm],
    ) -> PhotoView:
        """Give a line of contents its photo, instead of the one it had."""
        return photos.put_on_line(actor, line_id, content_of(data.file, MOST_PHOTO_BYTES), data.caption)

    @patch("/photos/{photo_id:int}", sync_to_thread=True, operation_id="describePhoto")
    def describe_photo(
        self, photos: NamedDependency[Photos], actor: NamedDependency[Actor], photo_id: RowId, data: JSONBody[PhotoEdit]
    ) -> PhotoView:
        """Say what a photo shows."""
        return photos.describe(actor, photo_id, data.caption)

    @delete("/photos/{photo_id:int}", sync_to_thread=True, operation_id="removePhoto")
    def remove_photo(self, photos: NamedDependency[Photos], actor: NamedDependency[Actor], photo_id: RowId) -> None:
        """Take a photo away."""
        photos.remove(actor, photo_id)


ROUTES = [PhotosController]
