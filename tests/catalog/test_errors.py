"""Every refusal of the catalogue speaks both languages."""

import inspect
import re

import pytest

from lending.catalog import errors
from lending.core.errors import LendingError
from lending.core.i18n import gettext, speaking

REFUSALS = [
    refusal
    for _, refusal in inspect.getmembers(errors, inspect.isclass)
    if issubclass(refusal, LendingError)
    and refusal.__module__ in (errors.__name__, "lending.core.errors")
    and refusal.slug != LendingError.slug
]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_it_has_english_texts_with_the_same_facts(refusal: type[LendingError]) -> None:
    with speaking("en"):
        for text in (refusal.title, refusal.detail):
            translated = gettext(text)
            assert translated != text
            assert set(PLACEHOLDER.findall(translated)) == set(PLACEHOLDER.findall(text))


def test_slugs_are_unique() -> None:
    slugs = [refusal.slug for refusal in REFUSALS if refusal is not errors.VersionChanged]
    assert len(slugs) == len(set(slugs))


def test_a_check_of_facts_fits_the_texts() -> None:
    assert str(errors.UnknownBarcode(barcode="X1")) == "Aucun exemplaire ne porte le code X1."
    with speaking("en"):
        assert str(errors.BadCopyCount()) == "Add 1 to 200 copies at a time."
