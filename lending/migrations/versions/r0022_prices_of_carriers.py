"""What carriers ask for a parcel, by weight and zone."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "carrier_price_table",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_carrier_price_table_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_carrier_price_table")),
    )
    op.create_table(
        "carrier_price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=12), nullable=False),
        sa.Column("up_to_grams", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(carrier) <> ''", name=op.f("ck_carrier_price_carrier")),
        sa.CheckConstraint(
            "zone in ('department', 'mainland', 'corsica', 'overseas', 'far_overseas')",
            name=op.f("ck_carrier_price_zone"),
        ),
        sa.CheckConstraint("up_to_grams between 1 and 50000", name=op.f("ck_carrier_price_up_to")),
        sa.CheckConstraint("price_cents between 0 and 100000", name=op.f("ck_carrier_price_price")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["carrier_price_table.organisation_id"],
            name=op.f("fk_carrier_price_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_price")),
        sa.UniqueConstraint(
            "organisation_id", "carrier", "zone", "up_to_grams", name=op.f("uq_carrier_price_organisation_id_carrier_zone_up_to_grams")
        ),
    )


def downgrade() -> None:
    op.drop_table("carrier_price")
    op.drop_table("carrier_price_table")
