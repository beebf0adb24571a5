"""Who borrows, as the lender sees it."""

from enum import StrEnum


class Borrowers(StrEnum):
    """A school of the lending association, of its regional union, or of any other."""

    OWN = "own"
    REGION = "region"
    ELSEWHERE = "elsewhere"


def borrowers_of(lender_path: str, school_path: str) -> Borrowers:
    """What a school is to an association, by their places in the tree (`/1/5/37/`, `/1/5/37/420/`)."""
    if school_path.startswith(lender_path):
        return Borrowers.OWN
    union_path = lender_path.rstrip("/").rpartition("/")[0] + "/"
    return Borrowers.REGION if school_path.startswith(union_path) else Borrowers.ELSEWHERE
