"""Every refusal of lending speaks both languages and has an address of its own."""

import datetime as dt
import inspect
import typing

import pytest

from lending.core.errors import LendingError
from lending.core.i18n import speaking
from lending.loans.rules import desk_errors, errors

REFUSALS = [
    refusal
    for module in (errors, desk_errors)
    for _, refusal in inspect.getmembers(module, inspect.isclass)
    if issubclass(refusal, LendingError) and refusal.__module__ == module.__name__
]
SAMPLES: dict[object, object] = {int: 4, str: "abc", dt.date: dt.date(2027, 3, 1)}


def sample(refusal: type[LendingError]) -> LendingError:
    hints = typing.get_type_hints(refusal)
    facts = {name: hint for name, hint in hints.items() if typing.get_origin(hint) is not typing.ClassVar}
    return refusal(**{name: _sample_of(hint) for name, hint in facts.items()})


def _sample_of(hint: object) -> object:
    args = typing.get_args(hint)
    return () if typing.get_origin(hint) is tuple else SAMPLES[args[0] if args else hint]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_a_refusal_is_told_in_french_and_in_english(refusal: type[LendingError]) -> None:
    error = sample(refusal)
    french, english = [], []
    for language, said in (("fr", french), ("en", english)):
        with speaking(language):
            said += [error.localized_title(), error.localized_detail()]
    assert all(a != b for a, b in zip(french, english, strict=True))
    assert "{" not in "".join(french + english)


def test_no_two_refusals_share_an_address() -> None:
    slugs = [refusal.slug for refusal in REFUSALS]
    assert len(set(slugs)) == len(slugs)
    assert "error" not in slugs
