"""The first tables."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered_request",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_answered_request")),
    )
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answered_request_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "demo_state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_demo_state")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(kind = 'federation') = (parent_id is null)",
            name=op.f("ck_organisation_root"),
        ),
        sa.CheckConstraint(
            "kind in ('federation', 'union', 'association', 'school')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("path", name=op.f("uq_organisation_path")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_organisation_kind_name", ["kind", "name"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_parent_id"), ["parent_id"], unique=False
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'parked')", name=op.f("ck_outbox_state")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("topic", "key", name=op.f("uq_outbox_topic_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_waiting",
            ["topic", "next_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language in ('fr', 'en')", name=op.f("ck_person_language")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.CheckConstraint("hits > 0", name=op.f("ck_rate_limit_hits")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    op.create_table(
        "term",
        sa.Column("vocabulary", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label_fr", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("scolomfr", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "vocabulary in ('level', 'theme')", name=op.f("ck_term_vocabulary")
        ),
        sa.PrimaryKeyConstraint("vocabulary", "code", name=op.f("pk_term")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_token_prefix")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "association",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holiday_zone", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "number between 1 and 999", name=op.f("ck_association_number")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_association_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_association")),
        sa.UniqueConstraint("code", name=op.f("uq_association_code")),
        sa.UniqueConstraint("number", name=op.f("uq_association_number")),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "magic_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_magic_link_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_magic_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_magic_link_token_hash")),
    )
    with op.batch_alter_table("magic_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_magic_link_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(length=250), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_person", ["person_id", "created_at"], unique=False
        )

    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role in ('teacher', 'staff', 'coordinator', 'admin')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_role_grant_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "role", "organisation_id", name=op.f("pk_role_grant")
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_role_grant_organisation_id"),
            ["organisation_id"],
            unique=False,
        )

    op.create_table(
        "school",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("commune", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(uai) = 8", name=op.f("ck_school_uai")),
        sa.CheckConstraint(
            "pupils is null or pupils >= 0", name=op.f("ck_school_pupils")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_school_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_school")),
        sa.UniqueConstraint("uai", name=op.f("uq_school_uai")),
    )
    op.create_table(
        "title",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("subtitle", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("authors", sa.String(length=300), nullable=False),
        sa.Column("publisher", sa.String(length=120), nullable=False),
        sa.Column("isbn", sa.String(length=13), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("published_year", sa.Integer(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("min_players", sa.Integer(), nullable=True),
        sa.Column("max_players", sa.Integer(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("picture", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('trunk', 'game', 'book', 'sheet')", name=op.f("ck_title_kind")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_title_name")),
        sa.CheckConstraint(
            "visibility in ('draft', 'published', 'archived')",
            name=op.f("ck_title_visibility"),
        ),
        sa.CheckConstraint(
            "duration_minutes is null or duration_minutes > 0",
            name=op.f("ck_title_duration"),
        ),
        sa.CheckConstraint(
            "isbn is null or length(isbn) = 13", name=op.f("ck_title_isbn")
        ),
        sa.CheckConstraint(
            "min_age is null or max_age is null or min_age <= max_age",
            name=op.f("ck_title_ages"),
        ),
        sa.CheckConstraint(
            "min_players is null or max_players is null or min_players <= max_players",
            name=op.f("ck_title_players"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_title_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
    )
    with op.batch_alter_table("title", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_title_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            "ix_title_visibility_name", ["visibility", "name"], unique=False
        )

    op.create_table(
        "affiliation",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("affiliated_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "school_year between 2000 and 2200", name=op.f("ck_affiliation_school_year")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.organisation_id"],
            name=op.f("fk_affiliation_school_id"),
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "school_year", name=op.f("pk_affiliation")
        ),
    )
    op.create_table(
        "content_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_content_section_title_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_section")),
        sa.UniqueConstraint(
            "title_id", "rank", name=op.f("uq_content_section_title_id_rank")
        ),
    )
    op.create_table(
        "depot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(length=100), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.organisation_id"],
            name=op.f("fk_depot_association_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depot")),
        sa.UniqueConstraint(
            "association_id", "name", name=op.f("uq_depot_association_id_name")
        ),
    )
    with op.batch_alter_table("depot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_depot_association_id"), ["association_id"], unique=False
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("media_key", sa.String(length=120), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_document_title_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_title_id"), ["title_id"], unique=False
        )

    op.create_table(
        "loan_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=True),
        sa.Column("scope", sa.String(length=30), nullable=False),
        sa.Column("loan_days", sa.Integer(), nullable=True),
        sa.Column("max_loan_days", sa.Integer(), nullable=True),
        sa.Column("max_open_loans", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("horizon_days", sa.Integer(), nullable=True),
        sa.Column("preparation_days", sa.Integer(), nullable=True),
        sa.Column("turnaround_days", sa.Integer(), nullable=True),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('trunk', 'game', 'book', 'sheet')", name=op.f("ck_loan_rule_kind")
        ),
        sa.CheckConstraint(
            "scope = coalesce(cast(association_id as varchar), '*') || ':' || coalesce(kind, '*')",
            name=op.f("ck_loan_rule_scope"),
        ),
        sa.CheckConstraint(
            "lead_days >= 0 and preparation_days >= 0 and turnaround_days >= 0 and reminder_days >= 0",
            name=op.f("ck_loan_rule_not_negative"),
        ),
        sa.CheckConstraint(
            "loan_days > 0 and max_loan_days > 0 and max_open_loans > 0 and horizon_days > 0",
            name=op.f("ck_loan_rule_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.organisation_id"],
            name=op.f("fk_loan_rule_association_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_rule")),
        sa.UniqueConstraint("scope", name=op.f("uq_loan_rule_scope")),
    )
    op.create_table(
        "title_level",
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_level_title_id")
        ),
        sa.PrimaryKeyConstraint("title_id", "level", name=op.f("pk_title_level")),
    )
    with op.batch_alter_table("title_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_title_level_level"), ["level"], unique=False
        )

    op.create_table(
        "title_theme",
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_title_theme_title_id")
        ),
        sa.PrimaryKeyConstraint("title_id", "theme", name=op.f("pk_title_theme")),
    )
    with op.batch_alter_table("title_theme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_title_theme_theme"), ["theme"], unique=False
        )

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_closure_period")),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["depot.id"], name=op.f("fk_closure_depot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_closure_depot_id"), ["depot_id"], unique=False
        )

    op.create_table(
        "content_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("is_consumable", sa.Boolean(), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_content_line_quantity")),
        sa.CheckConstraint(
            "value_cents is null or value_cents >= 0",
            name=op.f("ck_content_line_value"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["content_section.id"],
            name=op.f("fk_content_line_section_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_line")),
        sa.UniqueConstraint(
            "section_id", "rank", name=op.f("uq_content_line_section_id_rank")
        ),
    )
    op.create_table(
        "copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(length=40), nullable=False),
        sa.Column("condition", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_copy_code")),
        sa.CheckConstraint(
            "condition in ('new', 'good', 'worn', 'damaged')",
            name=op.f("ck_copy_condition"),
        ),
        sa.CheckConstraint(
            "status in ('lendable', 'blocked', 'repair', 'lost', 'withdrawn')",
            name=op.f("ck_copy_status"),
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["depot.id"], name=op.f("fk_copy_depot_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["association.organisation_id"], name=op.f("fk_copy_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_copy_title_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
        sa.UniqueConstraint("code", name=op.f("uq_copy_code")),
        sa.UniqueConstraint("id", "title_id", name=op.f("uq_copy_id_title_id")),
    )
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_copy_depot_id"), ["depot_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_copy_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_copy_title_id"), ["title_id"], unique=False
        )

    op.create_table(
        "opening",
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_opening_hours")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_opening_weekday")),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["depot.id"], name=op.f("fk_opening_depot_id")
        ),
        sa.PrimaryKeyConstraint("depot_id", "weekday", name=op.f("pk_opening")),
    )
    op.create_table(
        "contents_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome in ('complete', 'incomplete')",
            name=op.f("ck_contents_check_outcome"),
        ),
        sa.CheckConstraint(
            "reason in ('purchase', 'departure', 'return', 'stocktake', 'repair')",
            name=op.f("ck_contents_check_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["copy.id"], name=op.f("fk_contents_check_copy_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contents_check_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents_check")),
    )
    with op.batch_alter_table("contents_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contents_check_copy", ["copy_id", "checked_at"], unique=False
        )

    op.create_table(
        "copy_alias",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["copy.id"], name=op.f("fk_copy_alias_copy_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_copy_alias")),
    )
    with op.batch_alter_table("copy_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_copy_alias_copy_id"), ["copy_id"], unique=False
        )

    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("blocked_starts_on", sa.Date(), nullable=False),
        sa.Column("blocked_ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_check_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at is not null)",
            name=op.f("ck_booking_cancelled"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (returned_at is not null)",
            name=op.f("ck_booking_returned"),
        ),
        sa.CheckConstraint(
            "(state in ('out', 'done')) = (checked_out_at is not null)",
            name=op.f("ck_booking_checked_out"),
        ),
        sa.CheckConstraint(
            "cause <> 'loan' or school_id is not null", name=op.f("ck_booking_borrower")
        ),
        sa.CheckConstraint(
            "cause in ('loan', 'transfer', 'maintenance', 'hold')",
            name=op.f("ck_booking_cause"),
        ),
        sa.CheckConstraint(
            "state <> 'out' or copy_id is not null",
            name=op.f("ck_booking_out_has_copy"),
        ),
        sa.CheckConstraint(
            "state in ('planned', 'out', 'done', 'cancelled')",
            name=op.f("ck_booking_state"),
        ),
        sa.CheckConstraint(
            "blocked_starts_on < blocked_ends_on", name=op.f("ck_booking_blocked")
        ),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_booking_period")),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.organisation_id"],
            name=op.f("fk_booking_association_id"),
        ),
        sa.ForeignKeyConstraint(
            ["copy_id", "title_id"],
            ["copy.id", "copy.title_id"],
            name=op.f("fk_booking_copy_id_title_id"),
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["depot.id"], name=op.f("fk_booking_depot_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["return_check_id"],
            ["contents_check.id"],
            name=op.f("fk_booking_return_check_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.organisation_id"], name=op.f("fk_booking_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_booking_title_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("reference", name=op.f("uq_booking_reference")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(
            "ix_booking_association_open",
            ["association_id", "starts_on"],
            unique=False,
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )
        batch_op.create_index(
            "ix_booking_association_out",
            ["association_id", "ends_on"],
            unique=False,
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        )
        batch_op.create_index(
            "ix_booking_copy_history", ["copy_id", "starts_on"], unique=False
        )
        batch_op.create_index(
            "ix_booking_copy_open",
            ["copy_id", "blocked_starts_on"],
            unique=False,
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )
        batch_op.create_index(
            "ix_booking_school_history", ["school_id", "starts_on"], unique=False
        )
        batch_op.create_index(
            "ix_booking_title_open",
            ["title_id", "blocked_starts_on", "blocked_ends_on"],
            unique=False,
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )
        batch_op.create_index(
            "uq_booking_possession",
            ["copy_id"],
            unique=True,
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        )

    op.create_table(
        "contents_check_line",
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "found >= 0 and expected > 0", name=op.f("ck_contents_check_line_counts")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["contents_check.id"],
            name=op.f("fk_contents_check_line_check_id"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["content_line.id"],
            name=op.f("fk_contents_check_line_line_id"),
        ),
        sa.PrimaryKeyConstraint(
            "check_id", "line_id", name=op.f("pk_contents_check_line")
        ),
    )


def downgrade() -> None:
    op.drop_table("contents_check_line")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_booking_possession",
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        )
        batch_op.drop_index(
            "ix_booking_title_open",
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )
        batch_op.drop_index("ix_booking_school_history")
        batch_op.drop_index(
            "ix_booking_copy_open",
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )
        batch_op.drop_index("ix_booking_copy_history")
        batch_op.drop_index(
            "ix_booking_association_out",
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        )
        batch_op.drop_index(
            "ix_booking_association_open",
            sqlite_where=sa.text("state in ('planned', 'out')"),
            postgresql_where=sa.text("state in ('planned', 'out')"),
        )

    op.drop_table("booking")
    with op.batch_alter_table("copy_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_alias_copy_id"))

    op.drop_table("copy_alias")
    with op.batch_alter_table("contents_check", schema=None) as batch_op:
        batch_op.drop_index("ix_contents_check_copy")

    op.drop_table("contents_check")
    op.drop_table("opening")
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_title_id"))
        batch_op.drop_index(batch_op.f("ix_copy_owner_id"))
        batch_op.drop_index(batch_op.f("ix_copy_depot_id"))

    op.drop_table("copy")
    op.drop_table("content_line")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closure_depot_id"))

    op.drop_table("closure")
    with op.batch_alter_table("title_theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_title_theme_theme"))

    op.drop_table("title_theme")
    with op.batch_alter_table("title_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_title_level_level"))

    op.drop_table("title_level")
    op.drop_table("loan_rule")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_title_id"))

    op.drop_table("document")
    with op.batch_alter_table("depot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_depot_association_id"))

    op.drop_table("depot")
    op.drop_table("content_section")
    op.drop_table("affiliation")
    with op.batch_alter_table("title", schema=None) as batch_op:
        batch_op.drop_index("ix_title_visibility_name")
        batch_op.drop_index(batch_op.f("ix_title_owner_id"))

    op.drop_table("title")
    op.drop_table("school")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_organisation_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_person")

    op.drop_table("notice")
    with op.batch_alter_table("magic_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_magic_link_person_id"))

    op.drop_table("magic_link")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_person_id"))

    op.drop_table("login_session")
    op.drop_table("association")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))

    op.drop_table("api_token")
    op.drop_table("term")
    op.drop_table("rate_limit")
    op.drop_table("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_parent_id"))
        batch_op.drop_index("ix_organisation_kind_name")

    op.drop_table("organisation")
    op.drop_table("demo_state")
    with op.batch_alter_table("answered_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_request_created_at"))

    op.drop_table("answered_request")
