"""Alembic's entry: runs on the connection that `lending.migrations.run` hands over."""

from typing import Literal

from alembic import context

from lending.core.database import UtcDateTime
from lending.migrations.models import metadata


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations stand on their own: they name the database's types, never the code's."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate() -> None:
    """Run inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate()
