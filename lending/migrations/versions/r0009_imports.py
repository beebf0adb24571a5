"""Imports."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("defaults", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "format in ('csv', 'xlsx', 'json', 'unimarc', 'marc21', 'isbn')", name=op.f("ck_import_run_format")
        ),
        sa.CheckConstraint(
            "state in ('unmapped', 'checked', 'applying', 'applied', 'undoing', 'undone')",
            name=op.f("ck_import_run_state"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_import_run_association_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_run_person_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"], name=op.f("fk_import_run_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_association", "import_run", ["association_id", "id"])
    op.create_index("ix_import_run_state", "import_run", ["state"])
    op.create_table(
        "import_row",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("diff", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome in ('new', 'changed', 'same', 'refused')", name=op.f("ck_import_row_outcome")),
        sa.CheckConstraint("step in ('none', 'waiting', 'done', 'undone', 'kept')", name=op.f("ck_import_row_step")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "line", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_step", "import_row", ["run_id", "step", "line"])
    op.create_index("ix_import_row_outcome", "import_row", ["run_id", "outcome", "line"])
    op.create_index("ix_import_row_title", "import_row", ["title_id"])
    op.create_table(
        "import_mapping",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("defaults", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_import_mapping_association_id")
        ),
        sa.PrimaryKeyConstraint("association_id", "signature", name=op.f("pk_import_mapping")),
    )


def downgrade() -> None:
    raise NoWayBackError("what was written down would be lost")
