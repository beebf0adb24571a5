"""What stands inside a trunk."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class PlacedCopy(Base):
    """A copy with a code of its own that stands in a trunk (`trunk_id`, a copy), perhaps as a line of its contents.

    `copy_status` is always `blocked`, and the key that points at it keeps the copy from becoming lendable alone.
    """

    __tablename__ = "placed_copy"
    copy_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    copy_status: Mapped[str] = mapped_column(String(10), default="blocked")
    trunk_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("content_line.id", ondelete="SET NULL"), index=True)
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[dt.datetime]
    __table_args__ = (
        ForeignKeyConstraint(["copy_id", "copy_status"], ["copy.id", "copy.status"]),
        CheckConstraint("copy_status = 'blocked'", name="status"),
        CheckConstraint("copy_id <> trunk_id", name="apart"),
    )
