"""Every text that people read exists in English, with the same facts in it."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from lending.core.i18n import LOCALE_DIR

LENDING = LOCALE_DIR.parent
PYTHON_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
FACT = re.compile(r"\{(\w+)[^}]*\}|%\((\w+)\)")


def texts_of(path: Path) -> Iterator[str]:
    is_template = path.suffix != ".py"
    method = "jinja2.ext:babel_extract" if is_template else "python"
    options = {
        "newstyle_gettext": "true",
        "silent": "false",
        "trimmed": "true",
        "extensions": "jinja2.ext.i18n",
    }
    with path.open("rb") as file:
        for _, message, _, _ in extract(method, file, PYTHON_KEYWORDS, (), options if is_template else {}):
            for text in message if isinstance(message, tuple) else (message,):
                if isinstance(text, str) and text:
                    yield text


def every_text() -> dict[str, Path]:
    files = [
        *LENDING.rglob("*.py"),
        *LENDING.rglob("templates/**/*.html"),
        *LENDING.rglob("templates/**/*.txt"),
    ]
    return {text: path for path in files for text in texts_of(path)}


def english() -> dict[str, str]:
    found = {}
    for part in sorted((LOCALE_DIR / "en").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale="en"):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,) * len(ids)
                found |= {one: text for one, text in zip(ids, texts, strict=False) if one and text}
    return found


def test_every_text_has_its_english() -> None:
    known = english()
    missing = sorted(f"{path.relative_to(LENDING)}: {text}" for text, path in every_text().items() if text not in known)
    assert missing == []


def test_the_english_has_the_same_facts() -> None:
    different = [
        text for text, translated in english().items() if set(FACT.findall(text)) != set(FACT.findall(translated))
    ]
    assert different == []


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    assert sorted(set(english()) - set(every_text())) == []
