"""Pure rules of carriers: postcodes and zones, what an address must have, what parcels cost.

Invalid
└── BadPrice, TooManyPrices      a line of the table
Conflict
├── SamePriceTwice               two lines of the table
└── AddressIncomplete            a carrier finds nobody there
PreconditionFailed
└── PricesChanged                somebody else was quicker
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.i18n import N_
from lending.network.postcodes import CORSICA, FAR_OVERSEAS, NEAR_OVERSEAS, department_of

MOST_GRAMS, MOST_CENTS, MOST_PRICES, LONGEST_CARRIER = 50_000, 100_000, 200, 60


class Zone(StrEnum):
    """How far a parcel goes, as carriers see it."""

    DEPARTMENT = "department"
    MAINLAND = "mainland"
    CORSICA = "corsica"
    OVERSEAS = "overseas"
    FAR_OVERSEAS = "far_overseas"


@dataclass(frozen=True, slots=True)
class Price:
    """What a carrier asks for one parcel of up to so many grams."""

    carrier: str
    zone: Zone
    up_to_grams: int
    cents: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What a carrier asks for all parcels of a shipment."""

    carrier: str
    cents: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where a carrier collects or delivers."""

    name: str
    street: str
    postcode: str
    commune: str


@dataclass(eq=False)
class BadPrice(Invalid):
    """A line of the price table says no carrier, no weight or no price that can be."""

    slug: ClassVar[str] = "bad-price"
    title: ClassVar[str] = N_("Tarif incorrect")
    detail: ClassVar[str] = N_(
        "Ligne {line} : il faut un transporteur, un poids entre 0,001 et {most_kg} kg "
        "et un prix entre 0 et {most_euros} €."
    )
    line: int
    most_kg: int = MOST_GRAMS // 1000
    most_euros: int = MOST_CENTS // 100

    def beside(self) -> str | None:
        """The line's first field."""
        return f"carrier-{self.line}"


@dataclass(eq=False)
class TooManyPrices(Invalid):
    """Nobody reads so long a table."""

    slug: ClassVar[str] = "too-many-prices"
    title: ClassVar[str] = N_("Trop de tarifs")
    detail: ClassVar[str] = N_("Un tableau de tarifs a au plus {most} lignes.")
    most: int = MOST_PRICES


@dataclass(eq=False)
class SamePriceTwice(Conflict):
    """Two lines of the table speak of the same carrier, zone and weight."""

    slug: ClassVar[str] = "same-price-twice"
    title: ClassVar[str] = N_("Tarif en double")
    detail: ClassVar[str] = N_("La ligne {line} répète un transporteur, une zone et un poids : gardez-en une.")
    line: int

    def beside(self) -> str | None:
        """The later line's first field."""
        return f"carrier-{self.line}"


@dataclass(eq=False)
class PricesChanged(PreconditionFailed):
    """Somebody else changed the price table since it was read."""

    version: int


class AddressFault(StrEnum):
    """What an address lacks."""

    NAME = "name"
    STREET = "street"
    POSTCODE = "postcode"
    COMMUNE = "commune"


@dataclass(eq=False)
class AddressIncomplete(Conflict):
    """A carrier would find nobody there: the depot's address lacks something, or its postcode is none of France."""

    slug: ClassVar[str] = "address-incomplete"
    title: ClassVar[str] = N_("Adresse incomplète")
    detail: ClassVar[str] = N_(
        "Un transporteur ne trouvera pas {depot_name} : il faut une rue, un code postal français à cinq chiffres "
        "et une commune. Complétez l’adresse du dépôt, ou choisissez un autre transport."
    )
    field: ClassVar[str | None] = "mode"
    depot_name: str
    faults: list[str]


def zone_of(from_postcode: str, to_postcode: str) -> Zone | None:
    """How far it is between two postcodes; the same both ways. None where one of them is none."""
    places = {department_of(from_postcode), department_of(to_postcode)}
    if None in places:
        return None
    if len(places) == 1:
        return Zone.DEPARTMENT
    if places & FAR_OVERSEAS:
        return Zone.FAR_OVERSEAS
    if places & NEAR_OVERSEAS:
        return Zone.OVERSEAS
    return Zone.CORSICA if CORSICA in places else Zone.MAINLAND


def faults_of(address: Address) -> list[AddressFault]:
    """What a carrier misses in an address; its form alone: nobody asks whether the street exists."""
    is_there = {
        AddressFault.NAME: bool(address.name.strip()),
        AddressFault.STREET: bool(address.street.strip()),
        AddressFault.POSTCODE: department_of(address.postcode) is not None,
        # A name has letters: the postcode typed twice is none.
        AddressFault.COMMUNE: any(letter.isalpha() for letter in address.commune),
    }
    return [fault for fault, is_good in is_there.items() if not is_good]


def check_prices(prices: Sequence[Price]) -> None:
    """Raise TooManyPrices, BadPrice or SamePriceTwice unless the table can be kept; lines are counted from 1."""
    if len(prices) > MOST_PRICES:
        raise TooManyPrices
    seen = set()
    for line, one in enumerate(prices, start=1):
        is_named = 0 < len(one.carrier.strip()) <= LONGEST_CARRIER
        if not is_named or not 0 < one.up_to_grams <= MOST_GRAMS or not 0 <= one.cents <= MOST_CENTS:
            raise BadPrice(line=line)
        key = (one.carrier.casefold(), one.zone, one.up_to_grams)
        if key in seen:
            raise SamePriceTwice(line=line)
        seen.add(key)


def quotes_of(prices: Iterable[Price], zone: Zone, weights: Sequence[int]) -> list[Quote]:
    """What each carrier asks who takes every parcel, the cheapest first; weights in grams."""
    if not weights:
        return []
    steps: defaultdict[str, list[Price]] = defaultdict(list)
    for one in prices:
        if one.zone == zone:
            steps[one.carrier].append(one)
    found = []
    for carrier, own in steps.items():
        asked = [_price_of(own, grams) for grams in weights]
        if None not in asked:
            found.append(Quote(carrier, sum(cents for cents in asked if cents is not None)))
    return sorted(found, key=lambda one: (one.cents, one.carrier))


def _price_of(steps: Sequence[Price], grams: int) -> int | None:
    """The price of the first step that is heavy enough."""
    fitting = [(one.up_to_grams, one.cents) for one in steps if grams <= one.up_to_grams]
    return min(fitting)[1] if fitting else None
