"""Invitations to borrow for a school."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IS_UNANSWERED = sa.text("accepted_at is null and withdrawn_at is null")


def upgrade() -> None:
    op.create_table(
        "school_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "accepted_at is null or withdrawn_at is null", name=op.f("ck_school_invitation_one_answer")
        ),
        sa.CheckConstraint("created_at < expires_at", name=op.f("ck_school_invitation_lifetime")),
        sa.CheckConstraint("person_id <> invited_by_id", name=op.f("ck_school_invitation_somebody_else")),
        sa.ForeignKeyConstraint(["school_id"], ["school.organisation_id"], name=op.f("fk_school_invitation_school_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_school_invitation_person_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_school_invitation_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_school_invitation_token_hash")),
    )
    op.create_index("ix_school_invitation_person_id", "school_invitation", ["person_id"])
    op.create_index(
        "uq_school_invitation_unanswered",
        "school_invitation",
        ["school_id", "person_id"],
        unique=True,
        sqlite_where=IS_UNANSWERED,
        postgresql_where=IS_UNANSWERED,
    )


def downgrade() -> None:
    op.drop_table("school_invitation")
