"""From the texts of tasks to features: words and pairs of words, pieces of words, and the topics of all tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Any

from labelwright.labelconfig import resolve

MOST_CHARACTERS = 20_000
"""Of a longer text the beginning counts, and the last quarter of it the end."""
_HASHES = 1 << 20
_MOST_FEATURES = 60_000
_TOPICS = 100
_TOPIC_WEIGHT = 1.5
"""Topics tell most while labels are few: on news they are worth 10 points of accuracy at 50 labels."""
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002ffff"
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[!?$%€£]")
# scripts without spaces between words are cut into characters; so are emoji and punctuation
_WORD = re.compile(rf"[{CJK}]|(?:(?![{CJK}])[^\W_])+|[^\w\s]")


def text_of(data: Mapping[str, Any], values: Sequence[tuple[str, str]]) -> list[str]:
    """What the annotator reads of a task, a text per object; "" where it has none.

    >>> data = {"a": "<p>Fish &amp; <b>chips</b></p>", "b": [{"who": "Ann", "text": "Hi"}]}
    >>> text_of(data, [("HyperText", "$a"), ("Dialog", "$b")])
    ['Fish & chips', 'Ann Hi']
    """
    return [_shorten(_plain(tag, resolve(value, data))) for tag, value in values]


def raw_text(data: Mapping[str, Any], value: str) -> str:
    """The text exactly as a Text tag shows it, so that offsets fit; "" for what is no text."""
    found = resolve(value, data)
    if isinstance(found, str):
        return found.encode("utf-8", "replace").decode("utf-8")
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def _plain(tag: str, value: Any) -> str:
    text = value if isinstance(value, str) else " ".join(_strings(value))
    # lone halves of surrogates can be read from JSON but not be encoded
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(unescape(_TAGS.sub(" ", text)).split()) if tag in ("HyperText", "RichText", "Markdown") else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _shorten(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    end = MOST_CHARACTERS // 4
    return f"{text[: MOST_CHARACTERS - end]} {text[-end:]}"


def words(text: str) -> list[str]:
    """Words in lower case; characters of scripts that write without spaces.

    >>> words("It's 5€!"), words("我喜欢 tea 🙂")
    (["it's", '5', '€', '!'], ['我', '喜', '欢', 'tea', '🙂'])
    """
    lower = text.lower()
    return _ASCII_WORD.findall(lower) if lower.isascii() else _WORD.findall(lower)


def _word_features(texts: Sequence[str]) -> list[str]:
    """Words and pairs of words. Those of further objects are told apart from those of the first one."""
    found: list[str] = []
    for index, text in enumerate(texts):
        own = words(text)
        marked = own if index == 0 else [f"{index}|{word}" for word in own]
        found += marked
        found += [f"{left} {right}" for left, right in pairwise(marked)]
    return found


def _piece_features(texts: Sequence[str]) -> list[str]:
    """Pieces of two to five characters of each word, with its ends marked: endings, compounds and misspellings share them."""
    found: list[str] = []
    for text in texts:
        for word in text.lower().split():
            found += _pieces(word)
    return found


@lru_cache(maxsize=100_000)
def _pieces(word: str) -> list[str]:
    padded = f" {word} "
    length = len(padded)
    return [padded[start : start + size] for size in (2, 3, 4, 5) for start in range(length - size + 1)]


class TextFeatures:
    """From texts to a sparse matrix, a row per task: tf-idf of words and of pieces, each of length 1, and the task's topics.

    Fitted on some tasks' texts without their labels, so that a task may test later what others trained. Memory is bounded by the
    number of features, not by the vocabulary: features are hashed, and the most frequent ones are kept.
    """

    def __init__(self, texts: Sequence[Sequence[str]], seed: int, tick: Callable[[int, int], None]) -> None:
        """`matrix` is that of these texts."""
        from scipy import sparse
        from sklearn.decomposition import TruncatedSVD

        total = 2 * len(texts)
        self._words, by_words = _fit_counts(texts, _word_features, lambda done: tick(done, total))
        self._pieces, by_pieces = _fit_counts(texts, _piece_features, lambda done: tick(len(texts) + done, total))
        n_topics = min(_TOPICS, len(texts) // 4, by_words.shape[1] - 1)
        self._topics: Any = TruncatedSVD(n_topics, random_state=seed, n_iter=4).fit(by_words) if n_topics >= 5 else None
        self.matrix: Any = sparse.hstack([by_words, by_pieces, *self._topics_of(by_words)], format="csr")

    def transform(self, texts: Sequence[Sequence[str]]) -> Any:
        """The matrix of other texts; they do not change what was fitted."""
        from scipy import sparse

        by_words = self._words.transform(texts)
        return sparse.hstack([by_words, self._pieces.transform(texts), *self._topics_of(by_words)], format="csr")

    def _topics_of(self, by_words: Any) -> list[Any]:
        import numpy as np
        from scipy import sparse
        from sklearn.preprocessing import normalize

        if self._topics is None:
            return []
        return [sparse.csr_matrix(normalize(self._topics.transform(by_words)) * _TOPIC_WEIGHT).astype(np.float32)]


class _Counts:
    """tf-idf of the features that are kept."""

    def __init__(self, hashing: Any, kept: Any, weights: Any) -> None:
        self._hashing = hashing
        self._kept = kept
        self._weights = weights

    def transform(self, texts: Sequence[Sequence[str]]) -> Any:
        return self._weights.transform(self._hashing.transform(texts)[:, self._kept])


def _fit_counts(
    texts: Sequence[Sequence[str]], cut: Callable[[Sequence[str]], list[str]], tick: Callable[[int], None]
) -> tuple[_Counts, Any]:
    import numpy as np
    from scipy import sparse
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    hashing = HashingVectorizer(analyzer=cut, n_features=_HASHES, alternate_sign=False, norm=None, dtype=np.float32)
    parts = []
    for start in range(0, len(texts), 500):
        tick(start)
        parts.append(hashing.transform(texts[start : start + 500]))
    counts = sparse.vstack(parts, format="csr")
    in_tasks = np.bincount(counts.indices, minlength=_HASHES)
    # what stands in one task alone tells nothing about others
    kept = np.flatnonzero(in_tasks >= (2 if len(texts) > 50 else 1))
    most = _MOST_FEATURES // 2
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-in_tasks[kept], kind="stable")[:most]])
    weights = TfidfTransformer(sublinear_tf=True)
    return _Counts(hashing, kept, weights), weights.fit_transform(counts[:, kept]).astype(np.float32)


def are_numbers(texts: Iterable[Sequence[str]]) -> bool:
    """Whether nearly all that is shown are numbers: then they are learned as numbers, not as words."""
    shown = [each[0] for each in texts if each and each[0].strip()]
    return bool(shown) and sum(1 for text in shown if as_number(text) is not None) >= 0.9 * len(shown)


def as_number(text: str) -> float | None:
    """The finite number that a text spells; None if it spells none.

    >>> as_number(" 1e3 "), as_number("nan"), as_number("12 apples")
    (1000.0, None, None)
    """
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None
