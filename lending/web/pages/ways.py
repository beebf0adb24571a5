"""What the pages of a loan's ways share: to its school and back, and on to another school."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from litestar import Request, Response
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.shipping.shipments.rules import Mode
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
View = TypeVar("View")
LONGEST_TRACKING = 60


class WayPages(ABC, Generic[View]):
    """Puts a page together; one object per request."""

    template: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, request: AnyRequest, loans: Loans, declarations: Declarations, actor: Actor) -> None:
        self._request = request
        self._loans = loans
        self._declarations = declarations
        self._actor = actor

    def shown(self, booking_id: int, sent: Form | None = None, problem: Problem | None = None) -> Response[str]:
        """How it travels, and the form for what comes next. Raises NotFound, Unauthenticated, Forbidden."""
        view = self._view(booking_id)
        return page(
            self._request,
            self.template,
            problem=problem,
            view=view,
            one=self._loans.reservation(self._actor, booking_id).reservation,
            modes=list(Mode),
            sections=self._declarations.contents(self._actor, booking_id) if self._is_counted(view) else [],
            sent=sent or self._known(view),
        )

    def done(self, booking_id: int, data: Form, act: Callable[[], object], said: str) -> Response[str] | Redirect:
        """The page after an act; a refusal stands on it, with what was typed."""
        try:
            act()
        except (Conflict, Invalid, NotFound) as error:
            return self.shown(booking_id, data, problem_of(error))
        return see(f"/reservations/{booking_id}/{self.name}?done={said}")

    @abstractmethod
    def _view(self, booking_id: int) -> View:
        """What the page shows."""

    @abstractmethod
    def _is_counted(self, view: View) -> bool:
        """Whether the school is to count the contents now."""

    def _known(self, _view: View) -> Form:
        """What stands in the form before anybody types."""
        return {}
