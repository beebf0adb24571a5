"""Price tables of carriers, one per organisation that has its own."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class PriceTable(Base):
    """That an association, a union or the federation has prices of its own, and how often they were changed."""

    __tablename__ = "carrier_price_table"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)


class CarrierPrice(Base):
    """What a carrier asks for one parcel of up to so many grams to a zone, in cents."""

    __tablename__ = "carrier_price"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("carrier_price_table.organisation_id"))
    carrier: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(12))
    up_to_grams: Mapped[int]
    price_cents: Mapped[int]
    __table_args__ = (
        CheckConstraint("trim(carrier) <> ''", name="carrier"),
        CheckConstraint("zone in ('department', 'mainland', 'corsica', 'overseas', 'far_overseas')", name="zone"),
        CheckConstraint("up_to_grams between 1 and 50000", name="up_to"),
        CheckConstraint("price_cents between 0 and 100000", name="price"),
        UniqueConstraint("organisation_id", "carrier", "zone", "up_to_grams"),
    )
