"""Shipments, their parcels, what is in these, and everything that happened to them."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Shipment(Base):
    """Copies that leave a depot together for another one. Money is in cents; `arrives_on` is a day there.

    `carrier` says in whose hands it leaves. Since `turned_back_at` it comes back to where it left.
    """

    __tablename__ = "shipment"
    id: Mapped[int] = mapped_column(primary_key=True)
    from_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    to_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="packing")
    mode: Mapped[str] = mapped_column(String(12), default="handed_over")
    carrier: Mapped[str] = mapped_column(String(120), default="")
    tracking_number: Mapped[str] = mapped_column(String(60), default="")
    cost_cents: Mapped[int | None]
    arrives_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    turned_back_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint("from_depot_id <> to_depot_id", name="somewhere_else"),
        CheckConstraint("state in ('packing', 'sent', 'received', 'cancelled')", name="state"),
        CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name="mode"),
        CheckConstraint("cost_cents between 0 and 10000000", name="cost"),
        CheckConstraint("(state in ('sent', 'received')) = (sent_at is not null)", name="sent"),
        CheckConstraint("turned_back_at is null or sent_at is not null", name="turned_back"),
        CheckConstraint("(state in ('received', 'cancelled')) = (closed_at is not null)", name="closed"),
    )


class Parcel(Base):
    """One of a shipment's parcels, numbered from 1. Its code is on its label."""

    __tablename__ = "parcel"
    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    weight_grams: Mapped[int | None]
    value_cents: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("shipment_id", "number"),
        # Lines point at both, so that a copy is never in a parcel of another shipment.
        UniqueConstraint("id", "shipment_id"),
        CheckConstraint("number between 1 and 99", name="number"),
        CheckConstraint("weight_grams between 1 and 50000", name="weight"),
        CheckConstraint("value_cents between 0 and 10000000", name="value"),
    )


class ShipmentLine(Base):
    """A copy of a shipment: packed into a parcel for its transfer, or found in it although nobody packed it."""

    __tablename__ = "shipment_line"
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), primary_key=True, index=True)
    parcel_id: Mapped[int | None] = mapped_column(index=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
    arrived_at: Mapped[dt.datetime | None]
    is_damaged: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        ForeignKeyConstraint(["parcel_id", "shipment_id"], ["parcel.id", "parcel.shipment_id"]),
        # A transfer travels once, and a copy has one open transfer: so no copy is in two shipments.
        UniqueConstraint("transfer_id"),
        CheckConstraint("(parcel_id is null) = (transfer_id is null)", name="packed"),
        CheckConstraint("parcel_id is not null or arrived_at is not null", name="extra"),
        CheckConstraint("not is_damaged or arrived_at is not null", name="damaged"),
    )


class ShipmentEvent(Base):
    """One thing that happened to a shipment, a parcel or a copy in it, never changed. `holder` took it over.

    It was written at `happened_at`; a device without network had it at `device_at`.
    """

    __tablename__ = "shipment_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("depot.id"))
    holder: Mapped[str] = mapped_column(String(120), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[dt.datetime]
    device_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint(
            "act in ('opened', 'packed', 'unpacked', 'sent', 'handed', 'arrived', 'extra', 'damaged', 'missing', "
            "'closed', 'turned', 'cancelled')",
            name="act",
        ),
        CheckConstraint("act <> 'handed' or holder <> ''", name="holder"),
    )
