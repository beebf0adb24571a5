"""Searches that found nothing."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unmet_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("association_code", sa.String(length=3), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("filters", sa.String(length=300), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason in ('search', 'reservation')", name=op.f("ck_unmet_search_reason")),
        sa.CheckConstraint("times > 0", name=op.f("ck_unmet_search_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_search")),
        sa.UniqueConstraint(
            "searched_on",
            "reason",
            "association_code",
            "words",
            "filters",
            name="uq_unmet_search_wish",
        ),
    )


def downgrade() -> None:
    op.drop_table("unmet_search")
