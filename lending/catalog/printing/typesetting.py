"""Documents as accessible PDF. What comes from people goes in as data: the typesetter never reads it as commands."""

import datetime as dt
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import typst

from lending.catalog.printing.errors import CannotTypeset

log = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "typst"


def typeset(template: str, data: Mapping[str, Any], made_at: dt.datetime, folder: Path = TEMPLATES) -> bytes:
    """A PDF of one of our templates, the same bytes for the same data and instant. Raises CannotTypeset.

    Nothing outside `folder`, where the template is, can be read.

    It is PDF/UA, unless a name holds a character that no font has: then it is plain PDF with a box in its place.
    """
    try:
        return _compiled(folder / template, data, made_at, "ua-1")
    except typst.TypstError:
        log.info("%s is not accessible: a character has no font", template)
    try:
        return _compiled(folder / template, data, made_at, None)
    except typst.TypstError as error:
        raise CannotTypeset from error


def _compiled(template: Path, data: Mapping[str, Any], made_at: dt.datetime, standard: Literal["ua-1"] | None) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        format="pdf",
        # Fonts of the machine would make the sizes hang on it.
        ignore_system_fonts=True,
        pdf_standards=standard,
        timestamp=int(made_at.timestamp()),
    )
    return bytes(made or b"")
