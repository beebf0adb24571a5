"""Messages of an association: how each reads, its own words, and when it reminds of lateness."""

from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor, Role
from lending.core.errors import Invalid, PreconditionFailed
from lending.core.http.problems import Problem, problem_of
from lending.core.i18n import LANGUAGES, N_
from lending.loans.rules.reminders import MOST_DAYS, MOST_STEPS, CopyTo, Step
from lending.loans.service.overdue_steps import OverdueSteps
from lending.network.service import Network
from lending.notices.service.wordings import Wordings, WordingView
from lending.notices.specs import SPECS
from lending.notices.wording import Wording
from lending.web.pages.demo import MAIL_POLICY
from lending.web.pages.form_values import code_in, count_in
from lending.web.pages.organisations import RowId
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
Form = dict[str, str]
COPY_TO = {"none": N_("Personne"), "union": N_("L’union régionale")}
LONGEST_TEXT = 20_000


@get("/organisations/{organisation_id:int}/notices", sync_to_thread=True)
def wording_list(
    request: AnyRequest,
    wordings: NamedDependency[Wordings],
    overdue_steps: NamedDependency[OverdueSteps],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
) -> Response[str]:
    """Every message, and the steps of reminders."""
    return list_page(request, (wordings, overdue_steps, network), actor, organisation_id)


@post("/organisations/{organisation_id:int}/notices/steps", sync_to_thread=True)
def set_steps(
    request: AnyRequest,
    wordings: NamedDependency[Wordings],
    overdue_steps: NamedDependency[OverdueSteps],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Remind of lateness so from now on."""
    actor.require(network.association(organisation_id).path, Role.STAFF)
    try:
        overdue_steps.set_steps(actor, organisation_id, [] if "reset" in data else steps_in(data))
    except Invalid as error:
        tools = (wordings, overdue_steps, network)
        return list_page(request, tools, actor, organisation_id, problem_of(error), data)
    return see(f"/organisations/{organisation_id}/notices?done=saved#steps")


@get("/organisations/{organisation_id:int}/notices/{name:str}", sync_to_thread=True)
def wording(
    request: AnyRequest,
    wordings: NamedDependency[Wordings],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    name: FromPath[str],
    language: FromQuery[str] = "fr",
) -> Response[str]:
    """How a message reads, and the form of its words."""
    shown = wordings.one(actor, organisation_id, name, language)
    return wording_page(request, (wordings, network), actor, organisation_id, shown)


@get("/organisations/{organisation_id:int}/notices/{name:str}/html", sync_to_thread=True)
def wording_document(
    wordings: NamedDependency[Wordings],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    name: FromPath[str],
    language: FromQuery[str] = "fr",
) -> Response[str]:
    """The message as a mailbox shows it, in a frame of its own."""
    preview = wordings.preview(actor, organisation_id, name, language)
    headers = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN", "cache-control": "no-store"}
    return Response(preview.html, media_type=MediaType.HTML, headers=headers)


@post("/organisations/{organisation_id:int}/notices/{name:str}", sync_to_thread=True)
def save_wording(
    request: AnyRequest,
    wordings: NamedDependency[Wordings],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    name: FromPath[str],
    data: URLEncodedBody[Form],
    language: FromQuery[str] = "fr",
) -> Response[str] | Redirect:
    """Say it in our own words, or again in those of the product."""
    shown = wordings.one(actor, organisation_id, name, language)
    actor.require(network.association(organisation_id).path, Role.STAFF)
    back = f"/organisations/{organisation_id}/notices/{name}?language={language}&done=saved"
    if "reset" in data:
        wordings.reset(actor, organisation_id, name, language)
        return see(back)
    said = Wording(data.get("subject", "")[:LONGEST_TEXT], data.get("body", "")[:LONGEST_TEXT])
    try:
        version = count_in(data, "version")
        wordings.save(actor, organisation_id, name, language, said, version)
    except (Invalid, PreconditionFailed) as error:
        return wording_page(request, (wordings, network), actor, organisation_id, shown, problem_of(error), said)
    return see(back)


def steps_in(data: Form) -> list[Step]:
    """The steps that are filled in. Raises BadCount."""
    filled = [number for number in range(1, MOST_STEPS + 1) if data.get(f"step-{number}", "").strip()]
    return [
        Step(
            count_in(data, f"step-{number}", 1, MOST_DAYS),
            code_in({"copy": data.get(f"copy-{number}", "none")}, "copy", CopyTo),
        )
        for number in filled
    ] or [Step(0)]


def list_page(
    request: AnyRequest,
    tools: tuple[Wordings, OverdueSteps, Network],
    actor: Actor,
    association_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """Every message of an association."""
    wordings, overdue_steps, network = tools
    association = network.association(association_id)
    steps = overdue_steps.steps(actor, association_id)
    rows = [typed(number, steps, sent) for number in range(1, MOST_STEPS + 1)]
    facts: dict[str, Any] = {"association": association, "copy_to": COPY_TO, "rows": rows}
    facts |= {"specs": wordings.all(actor, association_id), "can_edit": actor.covers(association.path, Role.STAFF)}
    return page(request, "messages/wordings.html", problem=problem, **facts)


def typed(number: int, steps: list[Step], sent: Form | None) -> tuple[int, str, str]:
    """What stands in the fields of a step: what was sent, else what holds."""
    if sent is not None:
        return number, sent.get(f"step-{number}", ""), sent.get(f"copy-{number}", "none")
    step = steps[number - 1] if number <= len(steps) else None
    return number, str(step.after_days) if step else "", step.copy_to.value if step else "none"


def wording_page(
    request: AnyRequest,
    tools: tuple[Wordings, Network],
    actor: Actor,
    association_id: int,
    shown: WordingView,
    problem: Problem | None = None,
    said: Wording | None = None,
) -> Response[str]:
    """One message, and the form of its words."""
    wordings, network = tools
    association = network.association(association_id)
    facts: dict[str, Any] = {
        "association": association,
        "spec": SPECS[shown.name],
        "shown": shown,
        "said": said or shown.wording,
        "preview": wordings.preview(actor, association_id, shown.name, shown.language),
        "codes": LANGUAGES,
        "can_edit": actor.covers(association.path, Role.STAFF),
    }
    return page(request, "messages/wording.html", problem=problem, **facts)


HANDLERS = [wording_list, set_steps, wording, wording_document, save_wording]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
