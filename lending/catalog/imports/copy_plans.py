"""What a row does to the copies of its title. Pure."""

from collections import defaultdict
from typing import Any

import msgspec

from lending.catalog.imports.known import Known, KnownCopy, KnownTitle
from lending.catalog.imports.said import Said
from lending.catalog.imports.schemas import CopyPlan, Defaults, Difference, Plan
from lending.core.barcodes import has_valid_key

Group = int


class CopyJudge:
    """Plans the copies of all the rows of a file; it counts those that earlier rows add."""

    def __init__(self, known: Known, defaults: Defaults) -> None:
        """One for each file."""
        self._known = known
        self._defaults = defaults
        self._planned: defaultdict[tuple[Group, int], int] = defaultdict(int)
        self._wanted: defaultdict[tuple[Group, int], int] = defaultdict(int)

    def plan(
        self, differences: list[Difference], plan: Plan, said: Said, title: KnownTitle | None, group: Group
    ) -> Plan:
        """The plan with its copies; what is wrong goes to `said`, what changes to `differences`."""
        count = said.count if said.count is not None else self._default_count(said)
        if not said.codes and not count:
            return plan
        depot_id = self._depot(said)
        copies = [self._coded(differences, said, title, code, depot_id) for code in said.codes]
        if depot_id is None or said.problems:
            return msgspec.structs.replace(plan, copies=[one for one in copies if one])
        place = (group, depot_id)
        self._planned[place] += sum(one is not None and one.copy_id is None for one in copies)
        self._wanted[place] += max(count, len(said.codes))
        present = (self._known.copies_in[title.id, depot_id] if title else 0) + self._planned[place]
        added = None
        if count > len(said.codes) and self._wanted[place] > present:
            differences.append(Difference("count", str(present), str(self._wanted[place])))
            self._planned[place] += self._wanted[place] - present
            added = self._new(said, depot_id, None)
        changing = [one for one in copies if one]
        return msgspec.structs.replace(plan, copies=changing, added=added, wanted_count=self._wanted[place])

    def _default_count(self, said: Said) -> int:
        return 0 if said.codes else self._defaults.count

    def _depot(self, said: Said) -> int | None:
        """Where the row's copies belong; None is an error only where one is to be added."""
        only = next(iter(self._known.depots.values())) if len(self._known.depots) == 1 else None
        depot_id = said.depot_id or self._defaults.depot_id or only
        known = all(code in self._known.copies for code in said.codes)
        if depot_id is None and not (said.codes and known):
            said.refuse("no-depot", "depot")
        return depot_id

    def _coded(
        self, differences: list[Difference], said: Said, title: KnownTitle | None, code: str, depot_id: int | None
    ) -> CopyPlan | None:
        copy = self._known.copies.get(code)
        if copy is not None:
            return self._present(differences, said, title, code, copy)
        if has_valid_key(code) and int(code[:3]) == self._known.number:
            said.refuse("reserved-code", "code", code)
        if depot_id is None or not self._others_are_free(said, None):
            return None
        differences.append(Difference("code", "", code))
        return self._new(said, depot_id, code)

    def _new(self, said: Said, depot_id: int, code: str | None) -> CopyPlan:
        others = said.other_codes if code else []
        return CopyPlan(
            code=code, other_codes=others, depot_id=depot_id, shelf=said.shelf or "", condition=said.condition or "good"
        )

    def _present(
        self, differences: list[Difference], said: Said, title: KnownTitle | None, code: str, copy: KnownCopy
    ) -> CopyPlan | None:
        if not copy.is_own or title is None or copy.title_id != title.id:
            said.refuse("code-of-another", "code", code, title=copy.title_name)
            return None
        if not self._others_are_free(said, copy):
            return None
        changes: dict[str, Any] = {
            name: wanted
            for name, wanted in (("depot_id", said.depot_id), ("shelf", said.shelf), ("condition", said.condition))
            if wanted is not None and wanted != getattr(copy, name)
        }
        others = [one for one in said.other_codes if one not in self._known.copies]
        for name, wanted in changes.items():
            before = getattr(copy, name)
            if name == "depot_id":
                names = self._known.depot_names
                differences.append(Difference("depot", names.get(before, ""), names.get(wanted, "")))
            else:
                differences.append(Difference(name, str(before), str(wanted)))
        differences.extend(Difference("other_codes", "", one) for one in others)
        if not changes and not others:
            return None
        return CopyPlan(code=code, copy_id=copy.id, version=copy.version, other_codes=others, **changes)

    def _others_are_free(self, said: Said, copy: KnownCopy | None) -> bool:
        for code in said.other_codes:
            there = self._known.copies.get(code)
            if there is not None and (copy is None or there.id != copy.id):
                said.refuse("code-of-another", "other_codes", code, title=there.title_name)
                return False
        return True
