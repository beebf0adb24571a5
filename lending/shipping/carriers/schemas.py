"""Carriers as people see them. Weights are grams, money is cents."""

from typing import Annotated

import msgspec

from lending.shipping.carriers.rules import LONGEST_CARRIER, MOST_CENTS, MOST_GRAMS, AddressFault, Zone


class PriceLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a carrier asks for one parcel of up to so many grams."""

    carrier: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_CARRIER)]
    zone: Zone
    up_to_grams: Annotated[int, msgspec.Meta(ge=1, le=MOST_GRAMS)]
    price_cents: Annotated[int, msgspec.Meta(ge=0, le=MOST_CENTS)]


class PriceTableChange(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table as it is to be; `version` is the one that was read, 0 where there was none."""

    version: Annotated[int, msgspec.Meta(ge=0)]
    prices: list[PriceLine]


class PriceTableView(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation's own prices.

    `used_from` names the organisation whose prices hold here: itself where it has some, else its union, else the
    federation; empty where nobody has any.
    """

    organisation_id: int
    organisation_name: str
    version: int
    prices: list[PriceLine]
    used_from: str


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What a carrier asks for all parcels together."""

    carrier: str
    cents: int


class ProposedCosts(msgspec.Struct, frozen=True, kw_only=True):
    """What carriers ask for a shipment, the cheapest first.

    `unweighed` are the parcels whose weight is missing; while there is one, or an address is faulty, nobody is asked.
    """

    zone: Zone | None
    quotes: list[QuoteView]
    unweighed: list[int]
    sender_faults: list[AddressFault]
    receiver_faults: list[AddressFault]
