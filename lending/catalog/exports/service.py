"""Use case of exports: everything that an association owns, as a file."""

from collections.abc import Callable, Mapping, Sequence

from lending.catalog.exports import queries
from lending.catalog.exports.marc import to_marc
from lending.catalog.exports.schemas import ExportedTitle, ExportFile, ExportFormat
from lending.catalog.exports.tables_of import Labels, to_csv, to_json, to_xlsx
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.network import queries as network

Writer = Callable[[Sequence[ExportedTitle], Labels, str], bytes]
WRITERS: Mapping[str, tuple[str, str, Writer]] = {
    "xlsx": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda titles, labels, _date: to_xlsx(titles, labels),
    ),
    "csv": ("csv", "text/csv; charset=utf-8", lambda titles, labels, _date: to_csv(titles, labels)),
    "json": ("json", "application/json", lambda titles, _labels, _date: to_json(titles)),
    "unimarc": ("mrc", "application/marc", lambda titles, _labels, date: to_marc(titles, "unimarc", date)),
    "marc21": ("mrc", "application/marc", lambda titles, _labels, date: to_marc(titles, "marc21", date)),
}


class Exports:
    """What an association owns, for its staff."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def export(self, actor: Actor, association_id: int, format_: ExportFormat) -> ExportFile:
        """A file of all titles and copies. Raises NotFound, Forbidden."""
        suffix, media_type, write = WRITERS[format_]
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            code = network.association(session, association_id).code
            titles, labels = queries.stock_of(session, association_id), queries.labels_of(session)
        date = f"{self._clock.now():%Y%m%d}"
        name = f"fonds-{code}-{date}.{suffix}" if suffix != "mrc" else f"fonds-{code}-{date}-{format_}.mrc"
        return ExportFile(name=name, media_type=media_type, content=write(titles, labels, date))
