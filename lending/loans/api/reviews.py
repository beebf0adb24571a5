"""What teachers tell each other about titles, over JSON."""

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, PageSize, RowId
from lending.loans.schemas.reviews import Hiding, NewReview, ReviewView, TitleReviews
from lending.loans.service.reviews import Reviews


class ReviewsController(Controller):
    """Reviews of titles, one for each loan."""

    path = "/"
    tags = ("loans",)

    @get("/titles/{title_id:int}/reviews", sync_to_thread=True, operation_id="listReviews")
    def of_title(
        self,
        reviews: NamedDependency[Reviews],
        actor: NamedDependency[Actor],
        title_id: RowId,
        cursor: FromQuery[str | None] = None,
        limit: PageSize = 20,
    ) -> TitleReviews:
        """What was told about a title, the latest first, with count and mean."""
        return reviews.of_title(actor, title_id, cursor, limit)

    @get("/reservations/{booking_id:int}/review", sync_to_thread=True, operation_id="getReview")
    def of_booking(
        self, reviews: NamedDependency[Reviews], actor: NamedDependency[Actor], booking_id: RowId
    ) -> ReviewView | None:
        """The review of a loan; null while there is none."""
        return reviews.of_booking(actor, booking_id)

    @put("/reservations/{booking_id:int}/review", sync_to_thread=True, operation_id="writeReview", responses=REFUSED)
    def write(
        self,
        reviews: NamedDependency[Reviews],
        actor: NamedDependency[Actor],
        booking_id: RowId,
        data: JSONBody[NewReview],
    ) -> ReviewView:
        """Tell how a loan went once the copy is back, or tell it otherwise."""
        return reviews.write(actor, booking_id, data)

    @delete("/reservations/{booking_id:int}/review", sync_to_thread=True, operation_id="eraseReview")
    def erase(self, reviews: NamedDependency[Reviews], actor: NamedDependency[Actor], booking_id: RowId) -> None:
        """Take one's words back."""
        reviews.erase(actor, booking_id)

    @post("/reviews/{review_id:int}/hiding", sync_to_thread=True, operation_id="hideReview", status_code=200)
    def hide(
        self,
        reviews: NamedDependency[Reviews],
        actor: NamedDependency[Actor],
        review_id: RowId,
        data: JSONBody[Hiding],
    ) -> ReviewView:
        """Show a review to nobody but its school."""
        return reviews.hide(actor, review_id, data.reason)

    @delete("/reviews/{review_id:int}/hiding", sync_to_thread=True, operation_id="showReview", status_code=200)
    def show(self, reviews: NamedDependency[Reviews], actor: NamedDependency[Actor], review_id: RowId) -> ReviewView:
        """Show a hidden review again."""
        return reviews.show(actor, review_id)


ROUTES = [ReviewsController]
