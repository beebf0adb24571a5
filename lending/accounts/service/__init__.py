"""Use cases of accounts: proving who one is, and what one may do."""

from lending.accounts.service.people import People
from lending.accounts.service.sign_in import SignIn


class Accounts(SignIn, People):
    """People, sessions, links and tokens."""
