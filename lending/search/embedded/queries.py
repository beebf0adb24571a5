"""From a plan to tantivy's queries: `matching` decides what is found, `ranking` only in which order."""

from itertools import pairwise

import tantivy
from tantivy import Occur, Query

from lending.search.embedded.fields import whole_name
from lending.search.embedded.plan import Plan
from lending.search.french import STOP_WORDS
from lending.search.stemming import stem

Clause = tuple[Occur, Query]
# What a word is worth, by where it stands and how exactly. Sums over the words of a query order the hits.
EXACT = {"name": 80.0, "synonyms": 60.0, "themes": 48.0, "authors": 40.0, "contents": 24.0, "all": 8.0}
STEMMED = {"name_stems": 70.0}
BEGUN = {"name": 60.0}
GLUED = 50.0
MISTYPED = {"name": 30.0, "themes": 27.0, "authors": 24.0}
# A few words are asked for one by one, many as a set.
FEW = 8
NEIGHBOURS = 20.0
WHOLE_NAME = 150.0
CODE = 10_000.0
SLOP = 2


class QueryBuilder:
    """Builds queries on one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        """Takes the schema of the index."""
        self._schema = schema

    def matching(self, plan: Plan) -> Query:
        """What is found: every word that must be there in some form, or the code as a whole."""
        asked = plan.asked
        if asked.is_number:
            return self._either([self._term("codes", asked.code), self._term("all", asked.code.lower())])
        clauses: list[Clause] = [(Occur.Must, self._as_it_stands(one)) for one in asked.phrases]
        if asked.words:
            clauses.append((Occur.Must, self._words(plan)))
        if not clauses:
            clauses.append((Occur.Must, Query.all_query()))
        clauses += [(Occur.MustNot, self._as_it_stands(one)) for one in asked.unwanted]
        return self._silent(Query.boolean_query(clauses))

    def ranking(self, plan: Plan) -> list[Clause]:
        """What brings a title forward."""
        words, asked = plan.asked.words, plan.asked
        ways = [self._worth(plan, word, is_last=place == len(words) - 1) for place, word in enumerate(words)]
        ways.append(self._constant("codes", asked.code, CODE))
        ways.append(self._constant("whole_name", whole_name(list(asked.typed)), WHOLE_NAME))
        ways += [self._constant("glued", first + second, GLUED) for first, second in pairwise(asked.typed)]
        if len(words) > 1:
            near = Query.phrase_query(self._schema, "name", list(words), slop=SLOP)
            ways.append(Query.const_score_query(near, NEIGHBOURS))
        ways += [Query.const_score_query(self._as_it_stands(one, "name"), EXACT["name"]) for one in asked.phrases]
        return [(Occur.Should, one) for one in ways]

    def _words(self, plan: Plan) -> Query:
        asked = plan.asked
        last = len(asked.words) - 1
        must = [self._forms(plan, word, is_last=place == last) for place, word in enumerate(asked.words[: plan.count])]
        ways = [self._all(must), self._term("codes", asked.code)]
        if plan.count == len(asked.words):
            ways += self._joined(plan)
        return self._either(ways)

    def _joined(self, plan: Plan) -> list[Query]:
        """Two neighbouring words typed apart may be one: « arc en ciel », « porte monnaie »."""
        ways, typed = [], plan.asked.typed
        for place, (first, second) in enumerate(pairwise(typed)):
            rest = [one for one in typed[:place] + typed[place + 2 :] if one not in STOP_WORDS]
            one = self._either([self._term("glued", first + second), self._term("all", first + second)])
            is_last = place + 2 < len(typed)
            others = [self._forms(plan, word, is_last=is_last and word == typed[-1]) for word in rest]
            ways.append(self._all([one, *others]))
        return ways

    def _forms(self, plan: Plan, word: str, *, is_last: bool) -> Query:
        """A word as typed, in another number or gender, glued, begun, or what it may mean."""
        ways = [self._term("all", word), self._term("all_stems", stem(word)), self._term("glued", word)]
        if is_last:
            ways.append(self._begun("all", word))
        meant = [one for some in plan.meanings.get(word, {}).values() for one in some]
        if meant:
            ways.append(self._any_of("all", meant))
        return self._either(ways)

    def _worth(self, plan: Plan, word: str, *, is_last: bool) -> Query:
        ways = [self._constant(field, word, weight) for field, weight in EXACT.items()]
        ways += [self._constant(field, stem(word), weight) for field, weight in STEMMED.items()]
        ways.append(self._constant("glued", word, GLUED))
        if is_last:
            ways += [Query.const_score_query(self._begun(field, word), weight) for field, weight in BEGUN.items()]
        for typos, meant in plan.meanings.get(word, {}).items():
            ways += [
                Query.const_score_query(self._any_of(field, meant), weight / typos)
                for field, weight in MISTYPED.items()
            ]
        return Query.disjunction_max_query(ways)

    def _as_it_stands(self, phrase: tuple[str, ...], field: str = "all") -> Query:
        if len(phrase) == 1:
            return self._term(field, phrase[0])
        return Query.phrase_query(self._schema, field, list(phrase))

    def _any_of(self, field: str, words: list[str]) -> Query:
        if len(words) > FEW:
            return Query.term_set_query(self._schema, field, words)
        return self._either([self._term(field, word) for word in words])

    def _term(self, field: str, word: str) -> Query:
        return Query.term_query(self._schema, field, word, index_option="basic")

    def _constant(self, field: str, word: str, weight: float) -> Query:
        return Query.const_score_query(self._term(field, word), weight)

    def _begun(self, field: str, word: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, word, distance=0, prefix=True)

    @staticmethod
    def _either(ways: list[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, one) for one in ways])

    @staticmethod
    def _all(ways: list[Query]) -> Query:
        return Query.boolean_query([(Occur.Must, one) for one in ways])

    @staticmethod
    def _silent(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)
