"""French postcodes: which department or territory one belongs to."""

import re

POSTCODE = re.compile(r"[0-9]{5}")
# La Réunion, the Antilles, Guyane, Mayotte, Saint-Pierre-et-Miquelon, Saint-Barthélemy, Saint-Martin; then the Pacific
# and the southern lands: carriers charge them apart.
NEAR_OVERSEAS = frozenset({"971", "972", "973", "974", "975", "976", "977", "978"})
FAR_OVERSEAS = frozenset({"984", "986", "987", "988"})
CORSICA = "20"
# Monaco's postcodes belong to the French ones.
MONACO = "980"
LAST_MAINLAND = 95


def department_of(postcode: str) -> str | None:
    """The department or territory of a French postcode, two or three digits; None where there is none such."""
    if not POSTCODE.fullmatch(postcode):
        return None
    if postcode[:3] in NEAR_OVERSEAS | FAR_OVERSEAS | {MONACO}:
        return postcode[:3]
    return postcode[:2] if 1 <= int(postcode[:2]) <= LAST_MAINLAND else None
