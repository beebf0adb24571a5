"""Channels of messages: preferences, own words, bounces, the bell; steps of reminders."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANTS = ("held_until_at", "gathered_at", "read_at")
IS_UNREAD = sa.text("read_at is null and cancelled_at is null")


def upgrade() -> None:
    widen_notice()
    op.create_table(
        "notice_preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("delivery", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "delivery in ('now', 'digest', 'never', 'daily', 'weekly')", name=op.f("ck_notice_preference_delivery")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_preference_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_preference")),
    )
    op.create_table(
        "notice_wording",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language in ('fr', 'en')", name=op.f("ck_notice_wording_language")),
        sa.CheckConstraint("length(subject) between 1 and 150", name=op.f("ck_notice_wording_subject")),
        sa.CheckConstraint("length(body) between 1 and 4000", name=op.f("ck_notice_wording_body")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_notice_wording_association_id")
        ),
        sa.PrimaryKeyConstraint("association_id", "name", "language", name=op.f("pk_notice_wording")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_signing_key_only")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=11), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("diagnostic", sa.String(length=300), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_bounce_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bounce_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("notice_id", "email", "status", name=op.f("uq_bounce_notice_id_email_status")),
    )
    op.create_index("ix_bounce_person_id", "bounce", ["person_id"])
    op.create_index("ix_bounce_email", "bounce", ["email"])
    op.create_table(
        "overdue_step",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("copy_to", sa.String(length=5), nullable=False),
        sa.CheckConstraint("number between 1 and 8", name=op.f("ck_overdue_step_number")),
        sa.CheckConstraint("after_days between 1 and 365", name=op.f("ck_overdue_step_after_days")),
        sa.CheckConstraint("copy_to in ('none', 'union')", name=op.f("ck_overdue_step_copy_to")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_overdue_step_association_id")
        ),
        sa.PrimaryKeyConstraint("association_id", "number", name=op.f("pk_overdue_step")),
        sa.UniqueConstraint("association_id", "after_days", name=op.f("uq_overdue_step_association_id_after_days")),
    )


def widen_notice() -> None:
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("association_id", sa.Integer(), nullable=True))
        for name in INSTANTS:
            batch.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            "fk_notice_association_id", "association", ["association_id"], ["organisation_id"]
        )
    op.create_index("ix_notice_association", "notice", ["association_id", "created_at"])
    op.create_index("ix_notice_sent", "notice", ["sent_at"])
    op.create_index("ix_notice_message", "notice", ["message_id"])
    op.create_index(
        "ix_notice_unread", "notice", ["person_id"], sqlite_where=IS_UNREAD, postgresql_where=IS_UNREAD
    )
    # Messages about a booking are the lender's; what was told before there was a bell is no news.
    op.execute(
        "update notice set association_id = (select association_id from booking"
        " where booking.id = cast(substr(notice.subject, 9) as integer)) where subject like 'booking:%'"
    )
    op.execute("update notice set read_at = created_at")


def downgrade() -> None:
    raise NoWayBackError("what people chose and what came back would be forgotten")
