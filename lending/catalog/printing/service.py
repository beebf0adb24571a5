"""Use cases of printing: labels of copies, labels before their copies, what to stick inside a lid."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select

from lending.catalog import queries, rules
from lending.catalog.errors import UnknownMedia
from lending.catalog.media import MediaStore
from lending.catalog.photos.naming import BOXES, folder_in
from lending.catalog.photos.queries import keys_of_lines, rows_of
from lending.catalog.placing.queries import inside
from lending.catalog.printing.drawing import bars_svg, module_count, qr_svg
from lending.catalog.printing.errors import (
    BlankAlreadyBound,
    NothingToPrint,
    TooManyLabels,
    UnknownBlank,
)
from lending.catalog.printing.formats import format_of
from lending.catalog.printing.frames import codes_in
from lending.catalog.printing.schemas import Binding, FrameCodes, LabelChoice, NewBlanks, ShelfChoice, SmallStyle
from lending.catalog.printing.tables import BlankCode
from lending.catalog.printing.typesetting import typeset
from lending.catalog.schemas import ChecklistLine, ChecklistSection, CopyDetail
from lending.catalog.service.copies import add_alias, next_codes
from lending.catalog.states import PRESENT
from lending.catalog.tables import Copy, Title
from lending.core.actor import Actor, Role
from lending.core.barcodes import parse_scan, shown
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.i18n import gettext, language
from lending.network import queries as network
from lending.network.tables import Depot, Organisation

MOST_LABELS = 2000
# Four dots of a 300-dpi printer: whole dots, and wide enough to be read from a copy at half of that.
MODULE_MM = 4 * 25.4 / 300


class Printing:
    """Makes PDF documents for depots."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore, host: str) -> None:
        """`media` holds the photos; `host` is where `/E/<code>` is served, such as `malles.example.org`."""
        self._db = db
        self._clock = clock
        self._media = media
        self._host = host

    def labels(self, actor: Actor, association_id: int, choice: LabelChoice) -> bytes:
        """Sheets of labels for an association's copies.

        Raises NotFound, Forbidden, UnknownFormat, NothingToPrint, TooManyLabels, CannotTypeset.
        """
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            owner = session.get_one(Organisation, association_id).name
            found = [tuple(row) for row in session.execute(_chosen(association_id, choice))]
        if not found:
            raise NothingToPrint
        return self._sheets(choice.format, choice.skip, choice.small, found, owner)

    def blanks(self, actor: Actor, association_id: int, new: NewBlanks) -> bytes:
        """Labels whose codes no copy has yet; nothing else ever gets these codes.

        Raises NotFound, Forbidden, UnknownFormat, CodesExhausted, CannotTypeset.
        """
        format_of(new.format)
        now = self._clock.now()
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            owner = session.get_one(Organisation, association_id).name
            codes = next_codes(session, association_id, new.count)
            session.add_all(BlankCode(code=code, association_id=association_id, printed_at=now) for code in codes)
        return self._sheets(new.format, new.skip, new.small, [(code, "") for code in codes], owner)

    def shelves(self, actor: Actor, association_id: int, choice: ShelfChoice) -> bytes:
        """A label for each shelf on which the association keeps something.

        Raises NotFound, Forbidden, UnknownFormat, BadOwnFormat, NothingToPrint, TooManyLabels, CannotTypeset.
        """
        sheet = format_of(choice.format)
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            found = [tuple(row) for row in session.execute(_shelves(association_id, choice))]
        if not found:
            raise NothingToPrint
        if len(found) > MOST_LABELS:
            raise TooManyLabels(count=len(found), most=MOST_LABELS)
        labels = [{"shelf": shelf, "depot": depot} for depot, shelf in found]
        facts = {"format": asdict(sheet), "skip": choice.skip % sheet.per_sheet, "labels": labels}
        return typeset("shelves.typ", facts | {"title": gettext("Étiquettes de rayons")}, self._clock.now())

    def bind(self, actor: Actor, binding: Binding) -> CopyDetail:
        """Let a blank label mean a copy.

        Raises UnknownBlank, BlankAlreadyBound, UnknownBarcode, Forbidden, CodeTaken.
        """
        now, code = self._clock.now(), parse_scan(rules.clean_line(binding.blank))
        with self._db.write() as session:
            blank = session.get(BlankCode, code, with_for_update=True)
            if blank is None:
                raise UnknownBlank(code=code[:60])
            actor.require(network.path_of(session, blank.association_id), Role.STAFF)
            if blank.copy_id is not None:
                raise BlankAlreadyBound(code=shown(code))
            copy = queries.copy_by_code(session, binding.copy)
            bound = add_alias(session, actor, copy.id, code, now)
            blank.copy_id, blank.bound_at = copy.id, now
            return bound

    def codes_in_frame(self, actor: Actor, content: bytes) -> FrameCodes:
        """What a camera shows, for who works at a desk. Raises Unauthenticated, Forbidden, UnreadableFrame."""
        if not actor.is_signed_in:
            raise Unauthenticated
        if not actor.has_role(Role.STAFF):
            raise Forbidden
        return FrameCodes(codes_in(content))

    def contents_sheet(self, actor: Actor, title_id: int, code: str = "") -> bytes:
        """What is in a title, to stick inside its lid; with the code of a copy, with its QR code.

        Raises NotFound, UnknownBarcode, CannotTypeset.
        """
        with self._db.read() as session:
            access = queries.access(session, [title_id]).get(title_id)
            if access is None or not rules.can_see(actor, access.visibility, access.owner_path):
                raise NotFound
            title = queries.title_page(session, title_id)
            copy = queries.copy_by_code(session, code) if code else None
            placed = inside(session, copy.id) if copy else []
            cover = next((row.media_key for row in rows_of(session, title_id)), None)
            pictured = keys_of_lines(session, title_id)
        if copy is not None and copy.title_id != title_id:
            raise NotFound
        data = {
            "title": gettext("Contenu : {title}").format(title=title.name),
            "language": language.get(),
            "name": title.name,
            "subtitle": title.subtitle,
            "owner": copy.owner_name if copy else title.owner_name,
            "qr": qr_svg(copy.code, self._host) if copy else "",
            "qr_alt": gettext("Code QR de l’exemplaire"),
            "shown": copy.shown_code if copy else "",
            "words": _words(),
            "cover": self._picture(cover),
            "sections": self._sections(title.contents, pictured),
            "inside": [{"shown": one.shown_code, "name": one.title_name} for one in placed],
        }
        return typeset("contents.typ", data, self._clock.now())

    def _sections(self, sections: Iterable[ChecklistSection], pictured: Mapping[int, str]) -> list[dict[str, Any]]:
        return [
            {"name": section.name, "lines": [self._line(line, pictured.get(line.id)) for line in section.lines]}
            for section in sections
        ]

    def _line(self, line: ChecklistLine, key: str | None) -> dict[str, Any]:
        facts = {"name": line.name, "quantity": line.quantity, "is_consumable": line.is_consumable}
        return facts | {"picture": self._picture(key)}

    def _picture(self, key: str | None) -> list[int]:
        """The bytes of a photo's smallest version; none where there is no photo, or its file is gone."""
        if key is None:
            return []
        try:
            return list(self._media.open(f"{folder_in(key)}/{BOXES[0]}.jpg").content)
        except UnknownMedia:
            return []

    def _sheets(self, name: str, skip: int, small: SmallStyle, found: Iterable[tuple[Any, ...]], owner: str) -> bytes:
        sheet = format_of(name)
        labels = [self._label(code, title, owner) for code, title in found]
        if len(labels) > MOST_LABELS:
            raise TooManyLabels(count=len(labels), most=MOST_LABELS)
        data = {
            "title": gettext("Étiquettes"),
            "format": asdict(sheet),
            "is_small": sheet.is_small,
            "small": small,
            "skip": skip % sheet.per_sheet,
            "labels": labels,
            "qr_alt": gettext("Code QR de l’exemplaire"),
            "bars_alt": gettext("Code-barres de l’exemplaire"),
        }
        return typeset("labels.typ", data, self._clock.now())

    def _label(self, code: str, name: str, owner: str) -> dict[str, Any]:
        return {
            "shown": shown(code),
            "name": name,
            "owner": owner,
            "qr": qr_svg(code, self._host),
            "bars": bars_svg(code),
            "bars_mm": round(module_count(code) * MODULE_MM, 3),
        }


def _chosen(association_id: int, choice: LabelChoice) -> Select[str, str]:
    query = (
        select(Copy.code, Title.name)
        .join(Title, Title.id == Copy.title_id)
        .where(Copy.owner_id == association_id, Copy.status.in_(PRESENT))
        .order_by(Copy.depot_id, Copy.shelf, Title.name, Copy.code)
    )
    if choice.copies:
        query = query.where(Copy.id.in_(choice.copies))
    if choice.title_id is not None:
        query = query.where(Copy.title_id == choice.title_id)
    if choice.depot_id is not None:
        query = query.where(Copy.depot_id == choice.depot_id)
    if choice.shelf:
        query = query.where(Copy.shelf == choice.shelf)
    return query.limit(MOST_LABELS + 1)


def _shelves(association_id: int, choice: ShelfChoice) -> Select[str, str]:
    query = (
        select(Depot.name, Copy.shelf)
        .join(Depot, Depot.id == Copy.depot_id)
        .where(Copy.owner_id == association_id, Copy.status.in_(PRESENT), Copy.shelf != "")
        .distinct()
        .order_by(Depot.name, Copy.shelf)
    )
    if choice.depot_id is not None:
        query = query.where(Copy.depot_id == choice.depot_id)
    return query.limit(MOST_LABELS + 1)


def _words() -> dict[str, Any]:
    return {
        "hint": gettext("Comptez au départ et au retour ; signalez ce qui manque au dépôt."),
        "count": gettext("Nombre"),
        "thing": gettext("Objet"),
        "checks": [gettext("Départ"), gettext("Retour"), gettext("Départ"), gettext("Retour")],
        "consumable": gettext("consommable"),
        "inside": gettext("Rangés dans cette malle, avec leur propre étiquette"),
        "picture": gettext("Photo"),
        "nothing": gettext("Le contenu n’est pas encore décrit."),
    }
