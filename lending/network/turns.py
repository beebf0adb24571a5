"""Writers of one thing take turns, also those of its first version, who have no row to wait for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.network.tables import Organisation


def take_turns(session: Session, path: str) -> None:
    """Wait until nobody else writes what belongs to the organisation at `path`; readers do not wait.

    It lasts until the end of the transaction. On SQLite a transaction that writes is alone already.
    """
    session.execute(select(Organisation.id).where(Organisation.path == path).with_for_update(key_share=True)).one()
