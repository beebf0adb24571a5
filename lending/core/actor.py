"""Who is doing something, and where they may.

Organisations form a tree; each has a path such as `/1/5/37/`. A grant on an organisation holds for everything below it.
"""

from enum import StrEnum

import msgspec

from lending.core.errors import Forbidden, Unauthenticated


class Role(StrEnum):
    """What a person does for an organisation."""

    TEACHER = "teacher"
    STAFF = "staff"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Grant(msgspec.Struct, frozen=True):
    """A role held on an organisation and on all that is below its path."""

    role: Role
    organisation_id: int
    path: str


class Actor(msgspec.Struct, frozen=True):
    """The person (or the system itself) that acts. `person_id` is None for visitors and for the system."""

    person_id: int | None = None
    name: str = ""
    email: str = ""
    language: str = "fr"
    grants: tuple[Grant, ...] = ()
    is_system: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is there."""
        return self.person_id is not None

    def covers(self, path: str, *roles: Role) -> bool:
        """Whether one of `roles` is held on the organisation at `path` or above. Administrators hold every role."""
        wanted = {*roles, Role.ADMIN}
        return self.is_system or any(g.role in wanted and path.startswith(g.path) for g in self.grants)

    def require(self, path: str, *roles: Role) -> None:
        """Raise Unauthenticated or Forbidden unless `covers` holds."""
        if self.covers(path, *roles):
            return
        if not self.is_signed_in:
            raise Unauthenticated
        raise Forbidden

    def has_role(self, *roles: Role) -> bool:
        """Whether one of `roles` is held anywhere: for menus, never for a decision about data."""
        return any(grant.role in roles for grant in self.grants)

    def grants_of(self, *roles: Role) -> tuple[Grant, ...]:
        """The grants with one of these roles."""
        return tuple(grant for grant in self.grants if grant.role in roles)


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", is_system=True)
