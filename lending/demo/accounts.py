"""The people whom anybody may be in a demonstration."""

from dataclasses import dataclass

from lending.core.actor import Role


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to be with one click. `place` says in words where they are at home."""

    role: Role
    name: str
    email: str
    place: str


DEMO_ACCOUNTS = (
    DemoAccount(Role.TEACHER, "Camille Martin", "camille.martin@demo.example.org", "Une école d’Ille-et-Vilaine"),
    DemoAccount(Role.STAFF, "Dominique Le Goff", "dominique.legoff@demo.example.org", "Dépôts d’Ille-et-Vilaine"),
    DemoAccount(
        Role.COORDINATOR, "Frédérique Morel", "frederique.morel@demo.example.org", "Union régionale de Bretagne"
    ),
    DemoAccount(Role.ADMIN, "Sacha Bernard", "sacha.bernard@demo.example.org", "Fédération"),
)
TEACHER, STAFF, COORDINATOR, ADMIN = DEMO_ACCOUNTS
