"""What teachers tell each other after a loan: when, how much, and what the ratings amount to.

Conflict
└── ReviewTooEarly     the copy is not back
Invalid
├── TipTooLong
└── BadRating
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from lending.core.errors import Conflict, Invalid
from lending.core.i18n import N_
from lending.loans.rules.states import State

WORST, BEST = 1, 5
LONGEST_TIP = 1000
# Below it a mean says more about one person than about the title.
MEAN_FROM = 3


@dataclass(eq=False)
class ReviewTooEarly(Conflict):
    """Only a loan that is over can be told about."""

    slug: ClassVar[str] = "review-too-early"
    title: ClassVar[str] = N_("Pas encore rendu")
    detail: ClassVar[str] = N_("L’avis se donne une fois le prêt {reference} rendu.")
    reference: str
    state: str


@dataclass(eq=False)
class TipTooLong(Invalid):
    """The tip for colleagues is longer than can be kept."""

    slug: ClassVar[str] = "tip-too-long"
    title: ClassVar[str] = N_("Conseil trop long")
    detail: ClassVar[str] = N_("Le conseil tient en {longest} caractères ; il en a {length}.")
    field: ClassVar[str | None] = "tip"
    length: int
    longest: int = LONGEST_TIP


@dataclass(eq=False)
class BadRating(Invalid):
    """No rating, or none of the five."""

    slug: ClassVar[str] = "bad-rating"
    title: ClassVar[str] = N_("Note manquante")
    detail: ClassVar[str] = N_("Dites comment cela s’est passé : choisissez une des cinq réponses.")
    field: ClassVar[str | None] = "rating"


def check_review(state: str, reference: str, rating: int, tip: str) -> None:
    """Raise ReviewTooEarly, BadRating or TipTooLong. `tip` is the text as it will be kept."""
    if state != State.DONE:
        raise ReviewTooEarly(reference=reference, state=state)
    if not WORST <= rating <= BEST:
        raise BadRating
    if len(tip) > LONGEST_TIP:
        raise TipTooLong(length=len(tip))


def mean_of(ratings: Sequence[int]) -> float | None:
    """The mean to one decimal; None while there are too few."""
    return round(sum(ratings) / len(ratings), 1) if len(ratings) >= MEAN_FROM else None
