"""References, local titles, kinds of game, history."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Checks go in with their columns: building the table anew would let go of everything that hangs on a title.
    op.execute(
        "alter table title add column ean varchar(13) constraint ck_title_ean check (ean is null or length(ean) = 13)"
    )
    op.add_column("title", sa.Column("reference", sa.String(length=40), nullable=True))
    op.add_column("title", sa.Column("is_local", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("title", sa.Column("game_kind", sa.String(length=40), nullable=True))
    op.create_index("uq_title_owner_reference", "title", ["owner_id", "reference"], unique=True)
    with op.batch_alter_table("term") as batch_op:
        batch_op.drop_constraint(op.f("ck_term_vocabulary"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_term_vocabulary"), sa.text("vocabulary in ('level', 'theme', 'game_kind')")
        )
        batch_op.add_column(sa.Column("is_edited", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "record_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=True),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(title_id is null) <> (copy_id is null)", name=op.f("ck_record_change_one_record")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_record_change_copy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_record_change_person_id")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_record_change_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_change")),
    )
    op.create_index("ix_record_change_title", "record_change", ["title_id", "changed_at"])
    op.create_index("ix_record_change_copy", "record_change", ["copy_id", "changed_at"])


def downgrade() -> None:
    raise NoWayBackError("what was changed by whom would be lost")
