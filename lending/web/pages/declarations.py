"""What a school says of a loan before it comes back: read by the school and the staff, written by the school."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody, PathParameter, QueryParameter
from litestar.response import Redirect

from lending.catalog.errors import UnknownContentLine
from lending.catalog.photos.api import MOST_BODY_BYTES, content_of
from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, TooLarge
from lending.core.http.problems import Problem, problem_of
from lending.loans.schemas.declarations import DeclarationView, NewDeclaration
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.web.pages.form_values import count_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
LineId = Annotated[int | None, QueryParameter(ge=0, le=2**31 - 1)]
LONGEST_SENT = 5000
BLANK = {"line_id": "", "missing": "1", "broken": "0", "note": "", "drops_photo": ""}


@dataclass
class SentDeclaration:
    """The form as it was sent; line 0 is the thing as a whole."""

    line_id: str = "0"
    missing: str = ""
    broken: str = ""
    note: str = ""
    drops_photo: str = ""
    file: UploadFile | None = None

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, without the file."""
        return {
            "line_id": self.line_id,
            "missing": self.missing,
            "broken": self.broken,
            "note": self.note,
            "drops_photo": self.drops_photo,
        }


class DeclarationPages:
    """Puts the page together; one object per request."""

    def __init__(self, request: AnyRequest, loans: Loans, declarations: Declarations, actor: Actor) -> None:
        self._request = request
        self._loans = loans
        self._declarations = declarations
        self._actor = actor

    def shown(
        self,
        booking_id: int,
        sent: Mapping[str, str] | None,
        line_id: int | None = None,
        problem: Problem | None = None,
    ) -> Response[str]:
        """What was declared and the form: as it was `sent`, or as it stands of a line. Raises NotFound, Forbidden."""
        one = self._loans.reservation(self._actor, booking_id).reservation
        declared = self._declarations.of_booking(self._actor, booking_id)
        is_own = one.school_id in {grant.organisation_id for grant in self._actor.grants_of(Role.TEACHER)}
        known = next((said for said in declared if (said.line_id or 0) == line_id), None)
        return page(
            self._request,
            "declarations/page.html",
            problem=problem,
            one=one,
            declared=declared,
            may_declare=is_own and one.state == "out",
            sections=self._declarations.contents(self._actor, booking_id),
            sent=sent or _as_it_stands(known, line_id),
            has_photo=known is not None and bool(known.photo_url),
        )


def _as_it_stands(known: DeclarationView | None, line_id: int | None) -> dict[str, str]:
    if known is None:
        return BLANK | {"line_id": "" if line_id is None else str(line_id)}
    counts = {"line_id": str(known.line_id or 0), "missing": str(known.missing), "broken": str(known.broken)}
    return BLANK | counts | {"note": known.note}


@get("/reservations/{booking_id:int}/declarations", sync_to_thread=True)
def declared(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    line: LineId = None,
) -> Response[str]:
    """What was declared of a loan, and for its school a form; with a line, what was said of that one."""
    return DeclarationPages(request, loans, declarations, actor).shown(booking_id, None, line)


@post("/reservations/{booking_id:int}/declarations", sync_to_thread=True, request_max_body_size=MOST_BODY_BYTES)
def declare(
    request: AnyRequest,
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: MultipartBody[SentDeclaration],
) -> Response[str] | Redirect:
    """Declare pieces of a line; what is wrong stands beside its field and nothing typed is lost."""
    try:
        said = declarations.declare(actor, booking_id, _new(data), content_of(data.file, MOST_PHOTO_BYTES))
    except (Conflict, Invalid, TooLarge) as error:
        problem = problem_of(error)
        if isinstance(error, UnknownContentLine):
            problem.field = "line_id"
        pages, sent = DeclarationPages(request, loans, declarations, actor), data.texts
        return pages.shown(booking_id, sent, _line_id(sent["line_id"]), problem)
    return see(f"/reservations/{booking_id}/declarations?done=declared#declared-{said.id}")


@post("/declarations/{declaration_id:int}/withdrawal", sync_to_thread=True)
def withdraw(
    declarations: NamedDependency[Declarations], actor: NamedDependency[Actor], declaration_id: RowId
) -> Redirect:
    """Take a declaration back."""
    return see(f"/reservations/{declarations.withdraw(actor, declaration_id)}/declarations?done=declaration-withdrawn")


def _new(data: SentDeclaration) -> NewDeclaration:
    """What the form says. Raises BadCount, UnknownContentLine; the rest is for the rules."""
    line_id, texts = _line_id(data.line_id), data.texts
    if line_id is None:
        raise UnknownContentLine(line_id=0)
    return NewDeclaration(
        line_id=line_id or None,
        missing=count_in(texts, "missing") if texts["missing"].strip() else 0,
        broken=count_in(texts, "broken") if texts["broken"].strip() else 0,
        note=data.note[:LONGEST_SENT],
        drops_photo=data.drops_photo == "yes",
    )


def _line_id(text: str) -> int | None:
    """The line chosen, 0 for the whole; None for what no menu offers."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(2**31 - 1))
    return int(text) if is_number and int(text) < 2**31 else None


ROUTES = [Router("/", route_handlers=[declared, declare, withdraw], include_in_schema=False)]
