"""What a form of the desk says about a return, beside the counts."""

from collections.abc import Mapping

import msgspec

from lending.loans.schemas import DeskDecision, FoundLine
from lending.web.forms import day


def take_back_of(data: Mapping[str, str], found: list[FoundLine]) -> DeskDecision:
    """The decision of a return. Raises BadDay."""
    decision = DeskDecision(
        action="take_back",
        found=found,
        note=data.get("note", "")[:2000],
        lendable_though_incomplete=data.get("lendable_though_incomplete") == "yes",
        returned_on=day(data, "returned_on") if data.get("returned_on") else None,
        note_seen=data.get("note_seen") == "yes",
        accept_withdrawn=data.get("accept_withdrawn") == "yes",
    )
    return _with_damage(_with_claim(decision, data.get("claim", "")), data.get("damaged", ""))


def _with_claim(decision: DeskDecision, claim: str) -> DeskDecision:
    match claim:
        case "found":
            return msgspec.structs.replace(decision, claim="found")
        case "was_here":
            return msgspec.structs.replace(decision, claim="was_here")
        case _:
            return decision


def _with_damage(decision: DeskDecision, damaged: str) -> DeskDecision:
    match damaged:
        case "repair":
            return msgspec.structs.replace(decision, damaged="repair")
        case "blocked":
            return msgspec.structs.replace(decision, damaged="blocked")
        case _:
            return decision
