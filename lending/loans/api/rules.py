"""Rules of lending over JSON."""

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from lending.catalog.rules import Kind
from lending.core.actor import Actor
from lending.loans.api.params import REFUSED, RowId
from lending.loans.rules.borrowers import Borrowers
from lending.loans.schemas.rules import (
    BlackoutView,
    NewBlackout,
    PeriodChoice,
    RuleInForce,
    RuleWordsIn,
    StoredRule,
)
from lending.loans.service.rulebook import RuleBook


class RulesController(Controller):
    """What associations allow, and when they lend nothing."""

    path = "/"
    tags = ("rules",)

    @get(
        "/associations/{association_id:int}/rules/{kind:str}/reasons",
        sync_to_thread=True,
        operation_id="explainLoanRule",
    )
    def in_force(
        self,
        rulebook: NamedDependency[RuleBook],
        association_id: RowId,
        kind: FromPath[Kind],
        borrowers: FromQuery[Borrowers] = Borrowers.OWN,
    ) -> RuleInForce:
        """Each fact of the rule in force for these borrowers, and which rule says it."""
        return rulebook.in_force(association_id, kind, borrowers)

    @get("/associations/{association_id:int}/rules", sync_to_thread=True, operation_id="listLoanRules")
    def rules(
        self, rulebook: NamedDependency[RuleBook], actor: NamedDependency[Actor], association_id: RowId
    ) -> list[StoredRule]:
        """The rules that an association wrote down."""
        return rulebook.rules(actor, association_id)

    @put(
        "/associations/{association_id:int}/rules",
        sync_to_thread=True,
        operation_id="setLoanRule",
        responses=REFUSED,
    )
    def set_rule(
        self,
        rulebook: NamedDependency[RuleBook],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[RuleWordsIn],
    ) -> StoredRule:
        """Write a rule, or replace the one with the same kind and borrowers."""
        return rulebook.set_rule(actor, association_id, data)

    @delete("/loan-rules/{rule_id:int}", sync_to_thread=True, operation_id="dropLoanRule")
    def drop_rule(self, rulebook: NamedDependency[RuleBook], actor: NamedDependency[Actor], rule_id: RowId) -> None:
        """Leave the word to the less specific rules."""
        rulebook.drop_rule(actor, rule_id)

    @get("/associations/{association_id:int}/blackouts", sync_to_thread=True, operation_id="listBlackouts")
    def blackouts(self, rulebook: NamedDependency[RuleBook], association_id: RowId) -> list[BlackoutView]:
        """Days without loans that are not over."""
        return rulebook.blackouts(association_id)

    @post("/associations/{association_id:int}/blackouts", sync_to_thread=True, operation_id="addBlackout")
    def add_blackout(
        self,
        rulebook: NamedDependency[RuleBook],
        actor: NamedDependency[Actor],
        association_id: RowId,
        data: JSONBody[NewBlackout],
    ) -> list[BlackoutView]:
        """Lend nothing on these days; what is reserved already stays."""
        return rulebook.add_blackout(actor, association_id, data)

    @delete("/blackouts/{blackout_id:int}", sync_to_thread=True, operation_id="dropBlackout")
    def drop_blackout(
        self, rulebook: NamedDependency[RuleBook], actor: NamedDependency[Actor], blackout_id: RowId
    ) -> None:
        """Lend on these days after all."""
        rulebook.drop_blackout(actor, blackout_id)

    @get("/titles/{title_id:int}/period-choices", sync_to_thread=True, operation_id="listPeriodChoices")
    def choices(
        self,
        rulebook: NamedDependency[RuleBook],
        title_id: RowId,
        depot_id: FromQuery[int],
        school_id: FromQuery[int],
    ) -> list[PeriodChoice]:
        """The dates that one tap can take: school periods of the borrower, or whole weeks."""
        return rulebook.choices(title_id, depot_id, school_id)


ROUTES = [RulesController]
