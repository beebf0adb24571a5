"""Accounts over JSON."""

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from lending.accounts.schemas import Me, NewGrant, PersonView
from lending.accounts.service import Accounts
from lending.core.actor import Actor, Role


class AccountsController(Controller):
    """Who one is, and who does what."""

    path = "/"
    tags = ("accounts",)

    @get("/me", sync_to_thread=False, operation_id="whoAmI")
    def me(self, actor: NamedDependency[Actor]) -> Me:
        """Whose token or session this is."""
        roles = sorted({grant.role for grant in actor.grants})
        return Me(
            person_id=actor.person_id,
            name=actor.name,
            email=actor.email,
            language=actor.language,
            roles=roles,
        )

    @get("/organisations/{organisation_id:int}/people", sync_to_thread=True, operation_id="listPeople")
    def people(
        self,
        accounts: NamedDependency[Accounts],
        actor: NamedDependency[Actor],
        organisation_id: FromPath[int],
    ) -> list[PersonView]:
        """Who works for an organisation."""
        return accounts.people(actor, organisation_id)

    @post("/grants", sync_to_thread=True, operation_id="grantRole")
    def grant_role(
        self, accounts: NamedDependency[Accounts], actor: NamedDependency[Actor], data: JSONBody[NewGrant]
    ) -> PersonView:
        """Give a role."""
        return accounts.grant_role(actor, data)

    @delete(
        "/grants/{organisation_id:int}/{role:str}/{person_id:int}",
        sync_to_thread=True,
        operation_id="revokeRole",
    )
    def revoke_role(
        self,
        accounts: NamedDependency[Accounts],
        actor: NamedDependency[Actor],
        organisation_id: FromPath[int],
        role: FromPath[Role],
        person_id: FromPath[int],
    ) -> None:
        """Take a role back."""
        accounts.revoke_role(actor, person_id, role, organisation_id)


ROUTES = [AccountsController]
