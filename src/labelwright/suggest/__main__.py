"""The worker: `python -m labelwright.suggest FOLDER`. `labelwright.suggest.folder` says what it reads, writes and prints."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from labelwright.suggest.learn import CannotLearn, learn
from labelwright.suggest.progress import Orphaned, Progress, say


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m labelwright.suggest FOLDER", file=sys.stderr)
        return 2
    # one thread, set before numpy is loaded, gives the same figures in every run; being nice keeps labeling fast
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        learn(Path(arguments[0]), Progress())
    except CannotLearn as reason:
        say({"phase": "failed", "reason": str(reason)})
        return 1
    except MemoryError:
        say({"phase": "failed", "reason": "the tasks do not fit into memory"})
        return 1
    except Orphaned:
        return 3
    except Exception as error:
        traceback.print_exc()
        say({"phase": "failed", "reason": f"the built-in model has a bug: {type(error).__name__}: {error}"})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
