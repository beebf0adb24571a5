"""What importing each row would do: new, changed, same or refused. Pure: the same for a dry run of any size.

Rows that describe one title form a group: its first row makes or edits the title, the others only add copies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lending.catalog.imports.columns import plain
from lending.catalog.imports.copy_plans import CopyJudge
from lending.catalog.imports.known import Known, KnownTitle
from lending.catalog.imports.reasons import Problem
from lending.catalog.imports.said import Said, codes_in
from lending.catalog.imports.schemas import Defaults, Difference, Plan

MOST_LINES_NAMED = 10


@dataclass
class Group:
    """The rows of one title. `title` is what is there already."""

    lead: Said
    title: KnownTitle | None
    facts: dict[str, Any] = field(default_factory=dict)
    said_on: dict[str, int] = field(default_factory=dict)

    @property
    def numbers(self) -> dict[str, Any]:
        """The reference and the ISBN that it has, or that its rows give it."""
        there = self.title.facts if self.title else {}
        return {name: self.facts.get(name) or there.get(name) for name in ("reference", "isbn")}


@dataclass
class Judged:
    """What becomes of a row."""

    said: Said
    name: str = ""
    outcome: str = "refused"
    title_id: int | None = None
    plan: Plan | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in it."""
        return self.said.problems


class Judge:
    """Judges the rows of one file."""

    def __init__(self, known: Known, defaults: Defaults, *, is_isbn_list: bool = False) -> None:
        """A list of ISBNs gives unknown books their number as a name."""
        self._known = known
        self._defaults = defaults
        self._is_isbn_list = is_isbn_list
        self._by_key: dict[tuple[str, ...], Group] = {}
        self._by_title: dict[int, Group] = {}

    def judge(self, rows: Sequence[Said]) -> list[Judged]:
        """Every row, in order."""
        _refuse_repeated_codes(rows)
        grouped = [(said, None if said.problems else self._group_of(said)) for said in rows]
        copies = CopyJudge(self._known, self._defaults)
        return [self._judged(said, group, copies) for said, group in grouped]

    def _group_of(self, said: Said) -> Group | None:
        self._complete(said)
        group = self._found(said)
        if group is not None:
            self._merge(group, said)
        return None if said.problems else group

    def _found(self, said: Said) -> Group | None:
        """Numbers before names, and the file's own rows before the catalogue; else a new title's group."""
        if group := self._group_in_file(said, ("reference", "isbn")):
            return group
        if title := self._title_by_number(said):
            return self._group_with(said, title)
        if group := self._group_in_file(said, ("name",)):
            return group
        title = None if said.problems else self._title_by_name(said)
        return None if said.problems else self._group_with(said, title)

    def _group_with(self, said: Said, title: KnownTitle | None) -> Group:
        there = self._by_title.get(title.id) if title else None
        return there or self._new_group(said, title)

    def _complete(self, said: Said) -> None:
        facts = said.facts
        if self._is_isbn_list:
            facts.setdefault("kind", self._defaults.kind or "book")

    def _keys(self, said: Said) -> list[tuple[str, ...]]:
        facts = said.facts
        keys: list[tuple[str, ...]] = [(name, facts[name]) for name in ("reference", "isbn") if name in facts]
        kind = facts.get("kind", self._defaults.kind)
        if "name" in facts and kind:
            keys.append(("name", kind, plain(facts["name"])))
        return keys

    def _group_in_file(self, said: Said, ways: Sequence[str]) -> Group | None:
        if said.title_id is not None:
            # An export tells its titles apart by their numbers, whatever else they share.
            return self._by_key.get(("id", str(said.title_id)))
        for key in self._keys(said):
            group = self._by_key.get(key) if key[0] in ways else None
            if group is not None and not _contradicts(said.facts, group.numbers):
                return group
        return None

    def _new_group(self, said: Said, title: KnownTitle | None) -> Group:
        group = Group(said, title)
        if title is not None:
            self._by_title[title.id] = group
        return group

    def _merge(self, group: Group, said: Said) -> None:
        for name, fact in said.facts.items():
            if name in group.facts and not _same(name, group.facts[name], fact):
                other = shown(group.facts[name])[:60]
                said.refuse("differs-from-line", name, shown(fact)[:60], line=group.said_on[name], other=other)
        if said.problems:
            return
        for name, fact in said.facts.items():
            group.facts.setdefault(name, fact)
            group.said_on.setdefault(name, said.line)
        own = [("id", str(said.title_id))] if said.title_id is not None else []
        for key in (*own, *self._keys(said)):
            self._by_key.setdefault(key, group)

    def _title_by_number(self, said: Said) -> KnownTitle | None:
        """By the number that our export gave it, else by the owner's reference, else by ISBN."""
        known, facts = self._known, said.facts
        exported, name = known.titles.get(said.title_id or 0), facts.get("name", "")
        if exported and not _contradicts(facts, exported.facts) and _same("name", exported.facts["name"], name):
            return exported
        if (found := known.by_reference.get(facts.get("reference", ""))) is not None:
            return known.titles[found]
        return self._only(said, known.by_isbn.get(facts.get("isbn", ""), []))

    def _title_by_name(self, said: Said) -> KnownTitle | None:
        """By kind and name; of a title that others own, by the code of a copy of ours."""
        if "name" not in said.facts:
            return None
        kind = said.facts.get("kind", self._defaults.kind)
        kinds = [kind] if kind else ["trunk", "game", "book", "sheet"]
        name = plain(said.facts["name"])
        return self._only(said, [id_ for one in kinds for id_ in self._known.by_name.get((one, name), [])]) or (
            None if said.problems else self._by_copy(said)
        )

    def _by_copy(self, said: Said) -> KnownTitle | None:
        # A title of somebody else that we have copies of: the copy's code says which.
        for code in said.codes:
            copy = self._known.copies.get(code)
            title = self._known.titles.get(copy.title_id) if copy and copy.is_own else None
            name = said.facts.get("name")
            if title is not None and not title.is_own and name and plain(name) == plain(title.facts["name"]):
                return title
        return None

    def _only(self, said: Said, ids: Sequence[int]) -> KnownTitle | None:
        titles = [self._known.titles[id_] for id_ in ids if not _contradicts(said.facts, self._known.titles[id_].facts)]
        if len(titles) > 1 and (own := [one for one in titles if one.is_own]):
            titles = own
        if len(titles) > 1:
            named = [one for one in titles if plain(one.facts["name"]) == plain(said.facts.get("name", ""))]
            titles = named or titles
        if len(titles) > 1:
            said.refuse("several-titles", "name", titles=len(titles))
            return None
        return titles[0] if titles else None

    def _judged(self, said: Said, group: Group | None, copies: CopyJudge) -> Judged:
        judged = Judged(said, name=_name_of(said, group))
        if group is None or said.problems:
            return judged
        if group.lead.problems:
            said.refuse("title-refused", "name", line=group.lead.line)
            return judged
        plan = self._title_plan(judged, group)
        if plan is None or said.problems:
            return judged
        judged.plan = copies.plan(judged.differences, plan, said, group.title, group.lead.line)
        if said.problems:
            judged.plan, judged.differences = None, []
            return judged
        return _concluded(judged, group)

    def _title_plan(self, judged: Judged, group: Group) -> Plan | None:
        said, title = judged.said, group.title
        if said is not group.lead:
            return Plan(title_id=title.id if title else None, lead_line=group.lead.line)
        if title is None:
            return self._new_plan(judged, group)
        judged.title_id = title.id
        if not title.is_own:
            return Plan(title_id=title.id)
        facts = {name: fact for name, fact in group.facts.items() if _differs(title.facts.get(name), fact)}
        if "kind" in facts:
            said.refuse("kind-fixed", "kind", str(facts["kind"]), kind=title.facts["kind"])
            return None
        judged.differences += [self._difference(name, title.facts.get(name), fact) for name, fact in facts.items()]
        contents = facts.pop("contents", None)
        return Plan(title_id=title.id, version=title.version, facts=facts, contents=contents)

    def _new_plan(self, judged: Judged, group: Group) -> Plan | None:
        said, facts = judged.said, dict(group.facts)
        kind = facts.pop("kind", None) or self._defaults.kind
        if self._is_isbn_list:
            facts.setdefault("name", f"ISBN {facts.get('isbn', '')}")
            judged.name = facts["name"]
        if not facts.get("name"):
            said.refuse("no-name", "name")
        if kind is None:
            said.refuse("no-kind", "kind")
        if said.problems:
            return None
        judged.differences += [self._difference(name, None, fact) for name, fact in {"kind": kind, **facts}.items()]
        contents = facts.pop("contents", None)
        return Plan(kind=kind, facts=facts, contents=contents)

    def _difference(self, column: str, before: Any, after: Any) -> Difference:
        vocabulary = {"levels": "level", "themes": "theme", "game_kind": "game_kind"}.get(column)
        labels: Mapping[str, str] = self._known.words[vocabulary].labels if vocabulary else {}
        return Difference(column, shown(before, labels), shown(after, labels))


def shown(fact: Any, labels: Mapping[str, str] | None = None) -> str:
    """A fact as a cell would say it."""
    labels = labels or {}
    match fact:
        case None:
            return ""
        case bool():
            return "oui" if fact else "non"
        case set() | frozenset():
            return ", ".join(label for code, label in labels.items() if code in fact) or ", ".join(sorted(fact))
        case list():
            return ", ".join(labels.get(one, one) for one in fact)
        case _:
            return labels.get(str(fact), str(fact))


def _differs(before: Any, after: Any) -> bool:
    if isinstance(before, set):
        return before != set(after)
    return bool(before != after)


def _name_of(said: Said, group: Group | None) -> str:
    """What the row calls its title, else what the title is called, else its reference."""
    there = (group.title.facts if group.title else group.facts) if group else {}
    return str(said.facts.get("name") or there.get("name") or said.facts.get("reference") or "")


def _same(name: str, one: Any, other: Any) -> bool:
    # A name differs by more than its capitals and signs: the rows found each other by it.
    return bool(plain(one) == plain(other) if name == "name" else one == other)


def _contradicts(said: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether two descriptions cannot be of one title: each has a reference (or an ISBN) and they differ."""
    if said.get("reference") and there.get("reference"):
        return bool(said["reference"] != there["reference"])
    return bool(said.get("isbn") and there.get("isbn") and said["isbn"] != there["isbn"])


def _concluded(judged: Judged, group: Group) -> Judged:
    if not judged.differences:
        judged.outcome, judged.plan = "same", None
    else:
        judged.outcome = "new" if group.title is None else "changed"
    judged.title_id = group.title.id if group.title else None
    return judged


def _refuse_repeated_codes(rows: Sequence[Said]) -> None:
    repeated = {code: lines for code, lines in codes_in(rows).items() if len(lines) > 1}
    for said in rows:
        for column, codes in (("code", said.codes), ("other_codes", said.other_codes)):
            for code in codes:
                if lines := repeated.get(code):
                    named = ", ".join(str(line) for line in lines[:MOST_LINES_NAMED])
                    said.refuse(
                        "repeated-code", column, code, lines=named + ("…" if len(lines) > MOST_LINES_NAMED else "")
                    )
