"""Reviews of titles: told on the page of a loan, read on the page of a title, hidden by the staff."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.loans.schemas.reviews import NewReview
from lending.loans.service.reviews import Reviews
from lending.web.forms import optional_id
from lending.web.pages.form_values import note_in
from lending.web.pages.reservation_page import PAGES, TEMPLATE, ReservationPages
from lending.web.rendering import page, refused, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
LONGEST_SENT = 5000


@get("/titles/{title_id:int}/reviews", sync_to_thread=True)
def of_title(
    request: AnyRequest,
    catalog: NamedDependency[Catalog],
    reviews: NamedDependency[Reviews],
    actor: NamedDependency[Actor],
    title_id: RowId,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Everything that was told about a title."""
    found = reviews.of_title(actor, title_id, cursor)
    return page(request, "reviews.html", title=catalog.title_page(actor, title_id), reviews=found)


@post("/reservations/{booking_id:int}/review", sync_to_thread=True)
def write(
    request: AnyRequest,
    reviews: NamedDependency[Reviews],
    pages: NamedDependency[ReservationPages],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Tell how it went, or take one's words back; what is wrong stands beside its field and nothing is lost."""
    if data.get("do") == "erase":
        reviews.erase(actor, booking_id)
        return see(f"/reservations/{booking_id}?done=review-erased")
    try:
        reviews.write(actor, booking_id, _review(data))
    except (Conflict, Invalid, PreconditionFailed) as error:
        return refused(request, TEMPLATE, error, **pages.facts(booking_id, error, data), is_new=False)
    return see(f"/reservations/{booking_id}?done=reviewed")


@post("/reviews/{review_id:int}/hiding", sync_to_thread=True)
def moderate(
    reviews: NamedDependency[Reviews], actor: NamedDependency[Actor], review_id: RowId, data: URLEncodedBody[Form]
) -> Redirect:
    """Hide it, or show it again."""
    is_shown = data.get("do") == "show"
    one = reviews.show(actor, review_id) if is_shown else reviews.hide(actor, review_id, note_in(data, "reason", 500))
    return see(f"/titles/{one.title_id}/reviews?done=saved#review-{one.id}")


def _review(data: Form) -> NewReview:
    """What the form says. Raises BadChoice; the rest is for the rules."""
    rating = data.get("rating", "")
    return NewReview(
        rating=int(rating) if rating in ("1", "2", "3", "4", "5") else 0,
        level=data.get("level", "")[:40] or None,
        tip=data.get("tip", "")[:LONGEST_SENT],
        is_signed=data.get("is_signed") == "yes",
        version=optional_id(data, "version"),
    )


ROUTES = [Router("/", route_handlers=[of_title, write, moderate], dependencies=PAGES, include_in_schema=False)]
