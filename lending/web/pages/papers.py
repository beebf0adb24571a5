"""The papers of loans: fetching them, and what an association writes on them."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery, MultipartBody, PathParameter, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.photos.api import MOST_BODY_BYTES, content_of
from lending.catalog.photos.errors import MOST_PHOTO_BYTES
from lending.catalog.printing.api import pdf
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, PreconditionFailed, TooLarge
from lending.core.http.problems import Problem, problem_of
from lending.loans.papers.service import Papers
from lending.loans.papers.wording import usual_commitments, usual_insurance
from lending.loans.rules.papers import LONGEST, PaperKind
from lending.loans.schemas.papers import PaperTexts
from lending.network.service import Network
from lending.web.forms import day as day_in
from lending.web.pages.form_values import count_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
# What a browser counts differently (line ends) is told by the rule, what nobody typed is cut.
MOST_READ = 20_000


@dataclass
class SentLogo:
    """The form with a logo."""

    file: UploadFile | None = None
    do: str = "show"


@get("/reservations/{booking_id:int}/papers.pdf", sync_to_thread=True)
def of_loan(
    papers: NamedDependency[Papers], actor: NamedDependency[Actor], booking_id: RowId, which: FromQuery[str] = ""
) -> Response[bytes]:
    """The papers of a loan."""
    return pdf(papers.of_loan(actor, booking_id, kind_of(which)), f"loan-{booking_id}")


@get("/today/papers.pdf", sync_to_thread=True)
def of_day(
    papers: NamedDependency[Papers],
    actor: NamedDependency[Actor],
    depot: Annotated[int, QueryParameter(ge=1, le=2**31 - 1)],
    on: Annotated[str, QueryParameter(name="day", max_length=10)] = "",
    which: FromQuery[str] = "",
) -> Response[bytes]:
    """The papers of a day of a depot."""
    wanted: dt.date | None = day_in({"day": on}, "day") if on else None
    return pdf(papers.of_day(actor, depot, wanted, kind_of(which)), f"papers-{depot}")


@get("/staff/associations/{association_id:int}/papers", sync_to_thread=True)
def texts_page(
    request: AnyRequest,
    papers: NamedDependency[Papers],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
) -> Response[str]:
    """The association's texts and logo."""
    return shown(request, papers, network, actor, association_id)


@post("/staff/associations/{association_id:int}/papers", sync_to_thread=True)
def write_texts(
    request: AnyRequest,
    papers: NamedDependency[Papers],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Response[bytes] | Redirect:
    """Keep the texts, or look at them on paper before."""
    texts = PaperTexts(**{name: data.get(name, "")[:MOST_READ] for name in LONGEST})
    try:
        if data.get("do") == "preview":
            return pdf(papers.preview(actor, association_id, texts), "preview")
        papers.write_texts(actor, association_id, texts, count_in(data, "version", 0, 2**31 - 1))
    except (Invalid, PreconditionFailed) as error:
        return shown(request, papers, network, actor, association_id, problem_of(error), data)
    return see(f"/staff/associations/{association_id}/papers?done=saved")


@post("/staff/associations/{association_id:int}/logo", sync_to_thread=True, request_max_body_size=MOST_BODY_BYTES)
def change_logo(
    request: AnyRequest,
    papers: NamedDependency[Papers],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    association_id: RowId,
    data: MultipartBody[SentLogo],
) -> Response[str] | Redirect:
    """Put a logo on the papers, or take it off."""
    try:
        if data.do == "hide":
            papers.hide_logo(actor, association_id)
        else:
            papers.show_logo(actor, association_id, content_of(data.file, MOST_PHOTO_BYTES))
    except (Conflict, Invalid, TooLarge, PreconditionFailed) as error:
        return shown(request, papers, network, actor, association_id, problem_of(error))
    return see(f"/staff/associations/{association_id}/papers?done=saved")


def kind_of(which: str) -> PaperKind | None:
    """The paper that is asked for; all of them for anything else."""
    return PaperKind(which) if which in set(PaperKind) else None


def shown(
    request: AnyRequest,
    papers: Papers,
    network: Network,
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page, with what was typed. Raises NotFound, Unauthenticated, Forbidden."""
    association = network.association(association_id)
    actor.require(association.path, Role.STAFF)
    kept = papers.texts(actor, association_id)
    typed = {name: (sent or {}).get(name, getattr(kept.texts, name)) for name in LONGEST}
    usual = {"commitments": usual_commitments(), "insurance": [usual_insurance()]}
    return page(
        request,
        "papers/texts.html",
        problem=problem,
        association=association,
        kept=kept,
        typed=typed,
        usual=usual,
        longest=LONGEST,
    )


ROUTES = [Router("/", route_handlers=[of_loan, of_day, texts_page, write_texts, change_logo], include_in_schema=False)]
