"""Forms with files whose text cannot be read: the framework's reader stumbles over them as over an error of ours.

It meets bytes that are no text, or the name of a character set that does not exist. Both are the sender's mistake.
"""

import traceback

READER = "litestar._multipart"
STUMBLES = (UnicodeDecodeError, LookupError)


def is_unreadable_form(error: Exception) -> bool:
    """Whether the reader of forms itself raised this, and not what was done with the form afterwards."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return isinstance(error, STUMBLES) and bool(frames) and frames[-1].f_globals.get("__name__") == READER
