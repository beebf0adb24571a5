"""Letters on paper: what a desk prints for people whom no mail reaches."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.core.http.problems import Problem, problem_of
from lending.loans.letters.errors import NoLetters
from lending.loans.letters.service import PaperLetters
from lending.network.service import Network
from lending.notices.specs import label_of
from lending.web.pages.organisations import RowId
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]


@get("/organisations/{organisation_id:int}/letters", sync_to_thread=True)
def letters(
    request: AnyRequest,
    paper_letters: NamedDependency[PaperLetters],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
) -> Response[str]:
    """What is to print, and what was."""
    return letters_page(request, paper_letters, network, actor, organisation_id)


@post("/organisations/{organisation_id:int}/letters", sync_to_thread=True)
def print_letters(
    request: AnyRequest,
    paper_letters: NamedDependency[PaperLetters],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
) -> Response[str] | Redirect:
    """Make a batch of what is to print."""
    try:
        batch = paper_letters.print_batch(actor, organisation_id)
    except NoLetters as error:
        return letters_page(request, paper_letters, network, actor, organisation_id, problem_of(error))
    return see(f"/organisations/{organisation_id}/letters?done=letters-printed#batch-{batch.id}")


@get("/letters/{batch_id:int}/letters.pdf", sync_to_thread=True)
def batch(
    paper_letters: NamedDependency[PaperLetters], actor: NamedDependency[Actor], batch_id: RowId
) -> Response[bytes]:
    """A batch, to print."""
    return pdf(paper_letters.pdf(actor, batch_id), f"letters-{batch_id}")


def letters_page(
    request: AnyRequest,
    paper_letters: PaperLetters,
    network: Network,
    actor: Actor,
    organisation_id: int,
    problem: Problem | None = None,
) -> Response[str]:
    """The page; what went wrong stands above."""
    found = paper_letters.of_association(actor, organisation_id)
    facts: dict[str, Any] = {"association": network.association(organisation_id), "label_of": label_of}
    return page(request, "messages/letters.html", letters=found, problem=problem, **facts)


HANDLERS = [letters, print_letters, batch]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
