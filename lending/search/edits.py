"""How many typos part two words. A swap of neighbours counts one."""


def edits(one: str, other: str, limit: int) -> int:
    """How many typos part two words, at most `limit` + 1."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    return min(_last_line(one, other, limit)[-1], limit + 1)


def prefix_edits(typed: str, word: str, limit: int) -> int:
    """How many typos part what was typed from the beginning of a word, at most `limit` + 1."""
    if word.startswith(typed):
        return 0
    return min(*_last_line(typed, word[: len(typed) + limit], limit), limit + 1)


def _last_line(one: str, other: str, limit: int) -> list[int]:
    """For each beginning of `other`, its distance from `one`; given up once all are beyond the limit."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, top in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (left != top))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == top:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > limit:
            return [limit + 1] * len(line)
        before, above = above, line
    return above
