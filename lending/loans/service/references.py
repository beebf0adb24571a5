"""What people say on the phone."""

import secrets

# Without vowels, so that no reference reads as a word, and without what looks alike.
LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"
LENGTH = 8


def new_reference() -> str:
    """Two groups of four: `K7QX-29MD`."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"
