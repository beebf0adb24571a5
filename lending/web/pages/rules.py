"""The rule in force in an association, and why; for its staff the rules that say so, and days without loans."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.rules import Kind
from lending.core.actor import Actor, Role
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.http.problems import Problem, problem_of
from lending.loans.rules.borrowers import Borrowers
from lending.loans.schemas.rules import NewBlackout, RuleInForce, RuleWordsIn, StoredRule
from lending.loans.service.rulebook import RuleBook
from lending.network.service import Network
from lending.web.forms import day
from lending.web.pages.form_values import BadCount, count_in, text_in
from lending.web.rendering import money, page, see, word
from lending.web.rule_words import BORROWERS, FACT_WORDS, FactWords, source_in_words, value_in_words

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
MOST_DAYS = 800
MOST_CENTS = 10_000_000


class FactRow(msgspec.Struct, frozen=True):
    """A fact of the rule in force in words, and why it holds."""

    label: str
    value: str
    reason: str


@get("/organisations/{organisation_id:int}/rules", sync_to_thread=True)
def rules(
    request: AnyRequest,
    rulebook: NamedDependency[RuleBook],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    kind: FromQuery[Kind] = Kind.TRUNK,
    borrowers: FromQuery[Borrowers] = Borrowers.OWN,
) -> Response[str]:
    """What holds for a kind and for whom, with its reasons."""
    return shown(request, rulebook, network, actor, organisation_id, kind, borrowers)


@post("/organisations/{organisation_id:int}/rules", sync_to_thread=True)
def set_rule(
    request: AnyRequest,
    rulebook: NamedDependency[RuleBook],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Write a rule down; empty fields leave the word to the less specific rules."""
    kind, borrowers = kind_in(data), borrowers_in(data)
    try:
        rulebook.set_rule(actor, organisation_id, words_in(data))
    except (Invalid, Conflict, PreconditionFailed) as error:
        return shown(request, rulebook, network, actor, organisation_id, kind, borrowers, problem_of(error), data)
    return see(f"/organisations/{organisation_id}/rules?kind={kind}&borrowers={borrowers}&done=saved")


@post("/organisations/{organisation_id:int}/rules/{rule_id:int}/removal", sync_to_thread=True)
def drop_rule(
    rulebook: NamedDependency[RuleBook], actor: NamedDependency[Actor], organisation_id: RowId, rule_id: RowId
) -> Redirect:
    """Leave the word to the less specific rules."""
    rulebook.drop_rule(actor, rule_id)
    return see(f"/organisations/{organisation_id}/rules?done=saved")


@post("/organisations/{organisation_id:int}/blackouts", sync_to_thread=True)
def add_blackout(
    request: AnyRequest,
    rulebook: NamedDependency[RuleBook],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Lend nothing on these days."""
    try:
        kind = Kind(data["kind"]) if data.get("kind") in set(Kind) else None
        days = {"starts_on": day(data, "starts_on"), "until_on": day(data, "until_on")}
        rulebook.add_blackout(actor, organisation_id, NewBlackout(**days, reason=text_in(data, "reason"), kind=kind))
    except Invalid as error:
        place = (request, rulebook, network, actor, organisation_id, Kind.TRUNK, Borrowers.OWN)
        return shown(*place, problem_of(error), data)
    return see(f"/organisations/{organisation_id}/rules?done=saved#blackouts")


@post("/organisations/{organisation_id:int}/blackouts/{blackout_id:int}/removal", sync_to_thread=True)
def drop_blackout(
    rulebook: NamedDependency[RuleBook], actor: NamedDependency[Actor], organisation_id: RowId, blackout_id: RowId
) -> Redirect:
    """Lend on these days after all."""
    rulebook.drop_blackout(actor, blackout_id)
    return see(f"/organisations/{organisation_id}/rules?done=saved#blackouts")


def shown(
    request: AnyRequest,
    rulebook: RuleBook,
    network: Network,
    actor: Actor,
    association_id: int,
    kind: Kind,
    borrowers: Borrowers,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The page of an association's rules. Raises NotFound."""
    association = network.association(association_id)
    can_edit = actor.covers(association.path, Role.STAFF)
    written = rulebook.rules(actor, association_id) if can_edit else []
    edited = next((one for one in written if (one.kind, one.borrowers) == (kind, _named(borrowers))), None)
    facts: dict[str, Any] = {"association": association, "kind": kind, "borrowers": borrowers, "can_edit": can_edit}
    facts |= {"kinds": [one for one in Kind if one != Kind.SHEET], "all_borrowers": BORROWERS, "words": FACT_WORDS}
    facts |= {"rows": rows_of(rulebook.in_force(association_id, kind, borrowers)), "written": written}
    facts |= {"version": edited.version if edited else 0, "sent": sent or {}, "typed": sent or fields_of(edited)}
    return page(
        request, "organisations/rules.html", problem=problem, blackouts=rulebook.blackouts(association_id), **facts
    )


def rows_of(rule: RuleInForce) -> list[FactRow]:
    """The facts in the order in which people ask for them."""
    said = {fact.name: fact for fact in rule.facts}
    return [_row(words, said[words.name]) for words in FACT_WORDS]


def _row(words: FactWords, fact: Any) -> FactRow:
    in_euros = money(fact.value) if words.type == "money" else ""
    kind_words = word(fact.kind, "kinds") if fact.kind else ""
    value = value_in_words(words, fact.value, in_euros)
    return FactRow(words.label, value, source_in_words(fact.source, kind_words, fact.borrowers))


def fields_of(rule: StoredRule | None) -> Form:
    """What a rule says, as the form has it."""
    said = rule.said if rule else {}
    types = {words.name: words.type for words in FACT_WORDS}
    return {name: _as_typed(types[name], value) for name, value in said.items()}


def _as_typed(type_: str, value: Any) -> str:
    if type_ == "money":
        return f"{value / 100:.2f}"
    return {True: "yes", False: "no"}[value] if type_ == "yes-no" else str(value)


def words_in(data: Form) -> RuleWordsIn:
    """The rule of the form. Raises BadCount beside its field."""
    said = {words.name: _value_in(data, words) for words in FACT_WORDS}
    version = count_in(data, "version", 0, 2**31 - 1)
    return RuleWordsIn(kind=kind_in(data), borrowers=_named(borrowers_in(data)), version=version, **said)


def _value_in(data: Form, words: FactWords) -> Any:
    typed = data.get(words.name, "").strip()
    if not typed:
        return None
    match words.type:
        case "yes-no":
            return typed == "yes"
        case "choice":
            return typed if typed in dict(words.choices) else None
        case "money":
            return _cents(typed, words.name)
        case _:
            smallest = 0 if words.type == "open-days" or words.name in MAY_BE_NONE else 1
            return count_in(data, words.name, smallest, MOST_DAYS)


MAY_BE_NONE = ("renewals", "lead_days", "reminder_days", "recall_days")


def _cents(typed: str, name: str) -> int:
    """Euros as people type them, with a comma or a point. Raises BadCount."""
    try:
        cents = Decimal(typed.replace(",", ".").replace("€", "").strip()) * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if not (cents.is_finite() and 0 <= cents <= MOST_CENTS and cents == int(cents)):
        raise BadCount(name=name, smallest=0, largest=MOST_CENTS // 100)
    return int(cents)


def _named(borrowers: Borrowers) -> Borrowers | None:
    """A rule for the own schools is the rule for everybody: others need a rule that names them."""
    return None if borrowers == Borrowers.OWN else borrowers


def kind_in(data: Form) -> Kind:
    """The kind of the form; trunks for anything unknown."""
    return Kind(data["kind"]) if data.get("kind") in set(Kind) else Kind.TRUNK


def borrowers_in(data: Form) -> Borrowers:
    """The borrowers of the form; the own schools for anything unknown."""
    return Borrowers(data["borrowers"]) if data.get("borrowers") in set(Borrowers) else Borrowers.OWN


ROUTES = [
    Router(
        "/",
        route_handlers=[rules, set_rule, drop_rule, add_blackout, drop_blackout],
        include_in_schema=False,
    )
]
