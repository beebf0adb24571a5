"""Labels printed before their copies."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class BlankCode(Base):
    """A code that was printed on a blank label: no copy gets it by itself. Once bound it means `copy_id`."""

    __tablename__ = "blank_code"
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), index=True)
    printed_at: Mapped[dt.datetime]
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    bound_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint("length(code) = 10", name="code"),
        CheckConstraint("(copy_id is null) = (bound_at is null)", name="bound"),
    )
