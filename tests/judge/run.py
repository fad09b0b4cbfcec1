"""Judge the compiler on random designs: `python tests/judge/run.py --seed 1 --count 1000 --jobs 2`.

Each design is asked of the compiler in a process of its own (60 s, 3 GB), and each figure is held against the judge.
The table says what was right, wide, absent or wrong; every finding's text goes into a folder, the first of each kind
made as small as it still shows it. Exit status 1 when there is a finding.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)  # not this folder: its modules are tests.judge's

from tests.judge.asked import Asked  # noqa: E402
from tests.judge.cut import Patience  # noqa: E402
from tests.judge.designs import SIZES, drawn  # noqa: E402
from tests.judge.model import Design  # noqa: E402
from tests.judge.shrink import shrunk  # noqa: E402
from tests.judge.text import written  # noqa: E402
from tests.judge.trial import Trial, kind_of, plain, tried  # noqa: E402
from tests.judge.verdicts import verdicts  # noqa: E402

RESULTS = ("exact", "bounds", "absent", "rightly absent", "reading", "unjudged", "WRONG")
PATIENCE = Patience()
_ASKED: list[Asked] = []


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=100, help="how many designs")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--size", choices=["", *SIZES], default="", help="a class of sizes; a mixture to 40 otherwise")
    parser.add_argument("--variants", type=float, default=0.2, help="share that is asked in another writing too")
    parser.add_argument("--shrink", type=int, default=1, help="how many of each kind of finding are made small")
    parser.add_argument("--cuts", action="store_true", help="ask for cuts at other sizes too")
    parser.add_argument("--out", type=Path, default=Path("judge-findings"), help="the folder for texts of findings")
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + chosen.count)
    with ProcessPoolExecutor(chosen.jobs, mp_context=get_context("spawn")) as pool:
        work = [(seed, chosen.size, chosen.variants, chosen.cuts) for seed in seeds]
        trials = list(_watched(pool.map(_trial, work, chunksize=4), len(work)))
        kinds = _by_kind(trials)
        small = [(seed, chosen.size, kind) for kind, seeds_of in kinds.items() for seed in seeds_of[: chosen.shrink]]
        texts = dict(zip(((kind, seed) for seed, _, kind in small), pool.map(_small, small), strict=True))
    _write(chosen.out, chosen.size, trials, texts)
    for line in table(trials):
        print(line)
    return int(any(trial.findings for trial in trials))


def _watched(trials: Iterable[Trial], total: int) -> Iterator[Trial]:
    for number, trial in enumerate(trials, 1):
        if number % 250 == 0:
            print(f"{number} of {total}", file=sys.stderr, flush=True)
        yield trial


# ---- in other processes -------------------------------------------------------------------------------------


def _asked() -> Asked:
    if not _ASKED:
        _ASKED.append(Asked())
    return _ASKED[0]


def _trial(work: tuple[int, str, float, bool]) -> Trial:
    seed, size, share, cuts = work
    asked = _asked()
    return tried(seed, asked.answer, PATIENCE, size, share, asked.query if cuts else None)


def _small(work: tuple[int, str, str]) -> str:
    """The smallest text that shows a finding of a kind, with what is said of it."""
    seed, size, kind = work
    asked = _asked()

    def findings(design: Design) -> list[str]:
        found = verdicts(design, asked.answer(written(design, asks=True)), PATIENCE)
        return [f"{one.figure}: {one.detail}" for one in map(plain, found) if kind_of(one) == kind]

    smallest = drawn(seed, size)
    if findings(smallest):  # what only another writing shows stays as it was drawn
        smallest = shrunk(smallest, lambda design: bool(findings(design)))
    head = "".join(f"# {line}\n" for line in (kind, f"seed {seed}{f', {size}' if size else ''}", *findings(smallest)))
    return head + written(smallest)


# ---- what came of it ----------------------------------------------------------------------------------------


def _by_kind(trials: list[Trial]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for trial in trials:
        for kind in dict.fromkeys(map(kind_of, trial.findings)):
            found[kind].append(trial.seed)
    return found


def _write(folder: Path, size: str, trials: list[Trial], texts: dict[tuple[str, int], str]) -> None:
    """A file for each design with a finding, and one for each kind made small."""
    folder.mkdir(parents=True, exist_ok=True)
    for trial in trials:
        if trial.findings:
            head = "".join(f"# {one.result} {one.figure}: {one.detail}\n" for one in map(plain, trial.findings))
            text = head + written(drawn(trial.seed, size))
            (folder / f"{size or 'mixed'}-{trial.seed}.cluster").write_text(text, encoding="utf-8")
    for number, ((_, seed), text) in enumerate(texts.items()):
        (folder / f"small-{number:03}-{seed}.cluster").write_text(text, encoding="utf-8")


def table(trials: list[Trial]) -> Iterator[str]:
    """The lines of the summary."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    for trial in trials:
        for one in trial.verdicts:
            counts[one.subject][one.result] += 1
            if one.result == "absent" and one.subject in ("whole", "without scale-up", "network bisection"):
                reasons[kind_of(one)] += 1
    yield f"{'figure':<26}" + "".join(f"{name:>15}" for name in ("judged", *RESULTS))
    for subject, found in sorted(counts.items()):
        if subject != "design":
            cells = [sum(found.values()), *(found[name] for name in RESULTS)]
            yield f"{subject:<26}" + "".join(f"{cell:>15}" for cell in cells)
    yield f"designs: {len(trials)}, with a finding {sum(bool(trial.findings) for trial in trials)}"
    for result, number in sorted(counts["design"].items()):
        yield f"  {result}: {number}"
    yield "absent, by reason:"
    yield from (f"  {number:>6}  {reason}" for reason, number in reasons.most_common())
    yield "findings, by kind:"
    kinds = _by_kind(trials)
    for kind, seeds in sorted(kinds.items(), key=lambda item: -len(item[1])):
        yield f"  {len(seeds):>6}  {kind}  (seed {', '.join(map(str, seeds[:3]))})"
    yield "slowest:"
    for trial in sorted(trials, key=lambda trial: -trial.seconds)[:5]:
        yield f"  {trial.seconds:8.1f} s  seed {trial.seed} (judging {trial.judging:.1f} s)"


if __name__ == "__main__":
    sys.exit(main())
