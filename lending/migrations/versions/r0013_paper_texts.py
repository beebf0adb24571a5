"""What associations write on the papers of loans."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_text",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("signatory", sa.String(length=120), nullable=False),
        sa.Column("commitments", sa.Text(), nullable=False),
        sa.Column("insurance", sa.Text(), nullable=False),
        sa.Column("slip_note", sa.Text(), nullable=False),
        sa.Column("footer", sa.String(length=200), nullable=False),
        sa.Column("logo_key", sa.String(length=120), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(signatory) <= 120 and length(footer) <= 200", name=op.f("ck_paper_text_lines")
        ),
        sa.CheckConstraint(
            "length(commitments) <= 4000 and length(insurance) <= 1000 and length(slip_note) <= 600",
            name=op.f("ck_paper_text_texts"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_paper_text_association_id")
        ),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_paper_text_updated_by")),
        sa.PrimaryKeyConstraint("association_id", name=op.f("pk_paper_text")),
    )


def downgrade() -> None:
    op.drop_table("paper_text")
