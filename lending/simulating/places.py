"""The associations of a simulated year: each lends and reminds in its own way, two of them overseas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lending.loans.rules.reminders import DEFAULT_STEPS, CopyTo, Step


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an association is, when its desk is open (0 = Monday) and how it reminds.

    Without steps it reminds as the product does. `days_before` is by kind of title, `None` for all others.
    """

    code: str
    number: int
    name: str
    union: str
    holiday_zone: str
    holiday_territory: str
    time_zone: str = "Europe/Paris"
    weekdays: Sequence[int] = (0, 1, 2, 3, 4)
    steps: Sequence[Step] = ()
    days_before: Mapping[str | None, int] = field(default_factory=dict)
    digest: str = "never"

    @property
    def steps_in_force(self) -> Sequence[Step]:
        """The own steps, or the product's."""
        return self.steps or DEFAULT_STEPS


MAINLAND, OVERSEAS = "Union de l’Ouest", "Union d’outre-mer"
PLACES = (
    Place(
        code="35",
        number=35,
        name="Ille-et-Vilaine",
        union=MAINLAND,
        holiday_zone="B",
        holiday_territory="",
        days_before={"game": 4},
        digest="daily",
    ),
    Place(
        code="33",
        number=33,
        name="Gironde",
        union=MAINLAND,
        holiday_zone="A",
        holiday_territory="",
        weekdays=(1, 2, 4),
        steps=(Step(1), Step(8), Step(15, CopyTo.UNION)),
        days_before={None: 3},
        digest="weekly",
    ),
    Place(
        code="31",
        number=31,
        name="Haute-Garonne",
        union=MAINLAND,
        holiday_zone="C",
        holiday_territory="",
        steps=(Step(3), Step(10, CopyTo.UNION), Step(21, CopyTo.UNION)),
        days_before={None: 2, "book": 10},
    ),
    Place(
        code="974",
        number=974,
        name="La Réunion",
        union=OVERSEAS,
        holiday_zone="La Réunion",
        holiday_territory="974",
        time_zone="Indian/Reunion",
        weekdays=(0, 2, 4),
        days_before={None: 10},
        digest="daily",
    ),
    Place(
        code="972",
        number=972,
        name="Martinique",
        union=OVERSEAS,
        holiday_zone="Martinique",
        holiday_territory="972",
        time_zone="America/Martinique",
        weekdays=(1, 2, 3, 5),
        steps=(Step(1), Step(7), Step(14), Step(28), Step(60, CopyTo.UNION)),
        days_before={None: 1},
    ),
)
