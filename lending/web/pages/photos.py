"""The photos of a title and of what is in it, for the staff of its owner: add, describe, show first, take away."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.photos.api import MOST_BODY_BYTES, content_of
from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.catalog.photos.service import Photos
from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Forbidden, LendingError, Unauthenticated
from lending.core.http.problems import Problem, problem_of
from lending.web.forms import optional_id
from lending.web.pages.form_values import row_id_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@dataclass
class SentPhoto:
    """The form with a photo; `line_id` is empty for a photo of the whole title."""

    file: UploadFile | None = None
    caption: str = ""
    line_id: str = ""


@get("/staff/titles/{title_id:int}/photos", sync_to_thread=True)
def photos_of_title(
    request: AnyRequest, catalog: NamedDependency[Catalog], actor: NamedDependency[Actor], title_id: RowId
) -> Response[str]:
    """The photos, and a form for the next."""
    return _shown(request, catalog, actor, title_id)


@post("/staff/titles/{title_id:int}/photos", sync_to_thread=True, request_max_body_size=MOST_BODY_BYTES)
def add_photo(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    photos: NamedDependency[Photos],
    actor: NamedDependency[Actor],
    title_id: RowId,
    data: MultipartBody[SentPhoto],
) -> Response[str] | Redirect:
    """Add a photo of the title, or of one of its lines."""
    try:
        content = content_of(data.file, MOST_PHOTO_BYTES)
        line_id = optional_id({"line_id": data.line_id}, "line_id")
        if line_id is None:
            added = photos.add(actor, title_id, content, data.caption)
        else:
            added = photos.put_on_line(actor, line_id, content, data.caption)
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        return _shown(request, catalog, actor, title_id, problem_of(error), data)
    return see(f"/staff/titles/{title_id}/photos?done=saved#photo-{added.id}")


@post("/staff/photos/{photo_id:int}", sync_to_thread=True)
def change_photo(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    photos: NamedDependency[Photos],
    actor: NamedDependency[Actor],
    photo_id: RowId,
    data: URLEncodedBody[dict[str, str]],
) -> Response[str] | Redirect:
    """Describe a photo, show it first, or take it away."""
    title_id = row_id_in(data, "title_id")
    try:
        match data.get("do"):
            case "remove":
                photos.remove(actor, photo_id)
            case "first":
                photos.show_first(actor, photo_id)
            case _:
                photos.describe(actor, photo_id, data.get("caption", ""))
    except (Unauthenticated, Forbidden):
        raise
    except LendingError as error:
        problem = problem_of(error)
        problem.field = f"caption-{photo_id}"
        return _shown(request, catalog, actor, title_id, problem)
    return see(f"/staff/titles/{title_id}/photos?done=saved")


def _shown(
    request: AnyRequest,
    catalog: Catalog,
    actor: Actor,
    title_id: int,
    problem: Problem | None = None,
    sent: SentPhoto | None = None,
) -> Response[str]:
    title = catalog.title_page(actor, title_id)
    if not title.can_edit:
        raise Forbidden if actor.is_signed_in else Unauthenticated
    return page(request, "staff/photos.html", problem=problem, title=title, sent=sent or SentPhoto())


ROUTES = [Router("/", route_handlers=[photos_of_title, add_photo, change_photo], include_in_schema=False)]
