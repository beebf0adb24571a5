"""Messages to people: written down in a transaction, sent after it."""

from lending.notices.announce import announce

__all__ = ["announce"]
