"""Messages on paper, and the batches in which desks print them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("printed_by", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_letter_batch_association_id")
        ),
        sa.ForeignKeyConstraint(["printed_by"], ["person.id"], name=op.f("fk_letter_batch_printed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.create_index(op.f("ix_letter_batch_association_id"), "letter_batch", ["association_id"])
    op.create_table(
        "paper_letter",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("waits_since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["letter_batch.id"], name=op.f("fk_paper_letter_batch_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_paper_letter_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_paper_letter")),
    )
    op.create_index(op.f("ix_paper_letter_batch_id"), "paper_letter", ["batch_id"])


def downgrade() -> None:
    op.drop_table("paper_letter")
    op.drop_table("letter_batch")
