"""Changes as people see them."""

import datetime as dt

import msgspec


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One fact before and after. `copy_code` is empty where it is the title's; nobody named: the product itself."""

    field: str
    before: str
    after: str
    copy_code: str
    changed_by: str
    changed_at: dt.datetime
