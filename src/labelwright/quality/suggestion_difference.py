"""What a person changed about a suggestion."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from labelwright.labelconfig import LabelConfig, index_flags, matches_name, parse_config
from labelwright.quality.answer_parts import AnswerParts, Mark, is_same_content, match_marks, take_apart


class Difference(Struct, frozen=True, kw_only=True):
    """From a suggestion to the answer that was submitted. The parts counted are marks, answers about the task, relations."""

    accepted: bool
    """Nothing was changed."""
    edits: int
    """Fewest single steps from one to the other: a label set or taken away, a mark drawn, moved or deleted, a text or number
    written anew. One label instead of another is one step."""
    kept: int
    changed: int
    added: int
    removed: int


def difference(prediction: Any, annotation: Any, config: LabelConfig | str | None = None) -> Difference:
    """How far the answer is from the suggestion. Order, ids, `origin`, scores and noise of rounding do not count.

    Both are results (lists of items); anything else counts as empty. Marks with the same id are the same mark, others where
    they overlap by half. With a config, items of controls that it does not have are left out on both sides.

    >>> def says(*labels):
    ...     return [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": [*labels]}}]
    >>> difference(says("A", "B"), says("B", "C", "D"))
    Difference(accepted=False, edits=2, kept=0, changed=1, added=0, removed=0)
    """
    suggested, answered = (_of_config(result, config) for result in (prediction, annotation))
    pairs = match_marks(suggested.marks, answered.marks)
    tally = _Tally()
    for before, after in pairs:
        tally.compare(_edits_of_mark(before, after))
    tally.removed += len(suggested.marks) - len(pairs)
    tally.added += len(answered.marks) - len(pairs)
    for key in {**suggested.whole, **answered.whole}:
        if key not in answered.whole:
            tally.removed += 1
            tally.edits += _edits(suggested.whole[key], ()) - 1
        elif key not in suggested.whole:
            tally.added += 1
            tally.edits += _edits((), answered.whole[key]) - 1
        else:
            tally.compare(_edits(suggested.whole[key], answered.whole[key]))
    _compare_relations(tally, suggested, answered, pairs)
    edits = tally.edits + tally.added + tally.removed
    return Difference(
        accepted=edits == 0,
        edits=edits,
        kept=tally.kept,
        changed=tally.changed,
        added=tally.added,
        removed=tally.removed,
    )


class _Tally:
    """`edits` holds those beyond one per added or removed part."""

    def __init__(self) -> None:
        self.kept = self.changed = self.added = self.removed = self.edits = 0

    def compare(self, edits: int) -> None:
        self.edits += edits
        if edits:
            self.changed += 1
        else:
            self.kept += 1


def _of_config(result: Any, config: LabelConfig | str | None) -> AnswerParts:
    if config is None:
        return take_apart(result)
    config = parse_config(config) if isinstance(config, str) else config
    names = {node.name for node in (*config.controls, *config.objects)}
    flags = index_flags(config)
    used = {str(item.get("from_name")) for item in result if isinstance(item, dict)} if isinstance(result, list) else set()
    return take_apart(
        result,
        [name for name in used if name in names or (flags and any(matches_name(known, name, flags) for known in names))],
    )


def _edits_of_mark(before: Mark, after: Mark) -> int:
    moved = not before.place.is_same(after.place)
    controls = {**before.content, **after.content}
    return moved + sum(_edits(before.content.get(name, ()), after.content.get(name, ())) for name in controls)


def _edits(before: Any, after: Any) -> int:
    """Steps from one content to another: between sets of labels the greater of what went and what came, else at most 1."""
    if is_same_content(before, after):
        return 0
    if _is_labels(before) and _is_labels(after):
        return max(len(set(before) - set(after)), len(set(after) - set(before)), 1)
    return 1


def _is_labels(content: Any) -> bool:
    return isinstance(content, tuple)


def _compare_relations(tally: _Tally, suggested: AnswerParts, answered: AnswerParts, pairs: list[tuple[Mark, Mark]]) -> None:
    """Relations are the same when they join the same marks the same way."""
    new_ids = {before.id: after.id for before, after in pairs if before.id and after.id}
    after = {(relation.from_id, relation.to_id): relation for relation in answered.relations}
    for relation in suggested.relations:
        found = after.pop((new_ids.get(relation.from_id, relation.from_id), new_ids.get(relation.to_id, relation.to_id)), None)
        if found is None:
            tally.removed += 1
        else:
            edits = _edits(relation.labels, found.labels) + (relation.direction != found.direction)
            tally.compare(edits)
    tally.added += len(after)
