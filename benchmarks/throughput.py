"""Speed, in one run: titles per second, time per title, import, first answer, and the command line beside a plain copy.

    python benchmarks/throughput.py TITLES.tsv.gz [--rows 1000000]

TITLES is a file of `title<TAB>count` lines (gzip or plain); rows are drawn by count. Ratios are what to compare between
machines; absolute figures stand beside them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

UNKNOWN = "Head of Blorp"
"""A title with a word that no table knows: it is looked for by spelling and by likeness."""


def read_titles(path: Path) -> tuple[list[str], list[int]]:
    opener = gzip.open if path.suffix == ".gz" else open
    titles, counts = [], []
    with opener(path, "rt", encoding="utf-8", errors="replace") as handle:
        for line in handle:
            title, _, count = line.rstrip("\n").rpartition("\t")
            if title:
                titles.append(title)
                counts.append(int(count))
    return titles, counts


def percentile(sorted_values: list[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def fresh(code: str, tries: int = 5) -> float:
    """The best of some runs in new interpreters, in seconds, as the code prints it."""
    return min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(tries))


def best_run(export: Path, tries: int = 5) -> float:
    """The best of some runs of the command line on a file, in seconds, with the start of the interpreter."""
    asked = [sys.executable, "-m", "titlenorm", "normalize", str(export), "--column", "job_title", "-o", str(export.with_suffix(".out.csv")), "--quiet"]
    taken = []
    for _ in range(tries):
        started = time.perf_counter()
        subprocess.run(asked, check=True)
        taken.append(time.perf_counter() - started)
    return min(taken)


def write_export(path: Path, titles: list[str], counts: list[int], rows: int) -> None:
    """An HR-like export, its titles drawn by count."""
    rng = random.Random(7)
    drawn = rng.choices(titles, weights=counts, k=rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["employee_id", "full_name", "job_title", "department", "location", "start_date"])
        writer.writerows([f"{n:08d}", f"Person {n}", title, f"Dept {n % 40}", f"City {n % 200}", "2024-01-01"] for n, title in enumerate(drawn))


def plain_copy(source: Path, target: Path) -> float:
    """Seconds for csv.reader to csv.writer with twelve more columns."""
    started = time.perf_counter()
    more = [
        "software-engineer",
        "Software Engineer",
        "software-engineering",
        "engineering",
        "senior",
        "2",
        "resolved",
        "0.99",
        "exact",
        "software engineer",
        "",
        "",
    ]
    with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as write:
        writer = csv.writer(write, lineterminator="\n")
        for row in csv.reader(read):
            writer.writerow(row + more)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("titles", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=100_000, help="titles for the figures per title")
    args = parser.parse_args()

    titles, counts = read_titles(args.titles)
    rng = random.Random(1)
    weighted = rng.choices(titles, weights=counts, k=args.sample)
    distinct = rng.sample(titles, min(args.sample, len(titles)))

    timed = "import time; t = time.perf_counter(); import titlenorm; {}; print(time.perf_counter() - t)"
    print(f"import titlenorm            {fresh(timed.format('pass')) * 1e3:9.1f} ms")
    first = "titlenorm.normalize('Senior Software Engineer')"
    print(f"import and first answer     {fresh(timed.format(first)) * 1e3:9.1f} ms")

    import titlenorm

    normalizer = titlenorm.Normalizer()
    normalizer.normalize("warm up the index with words unknown")
    for name, sample in (("drawn by count", weighted), ("distinct", distinct)):
        times = []
        for title in sample:
            started = time.perf_counter()
            normalizer.normalize(title)
            times.append(time.perf_counter() - started)
        times.sort()
        p50, p99 = percentile(times, 0.5) * 1e6, percentile(times, 0.99) * 1e6
        print(f"one by one, {name:<15} {len(times) / sum(times):9,.0f} titles/s   p50 {p50:6.1f} us   p99 {p99:8.1f} us")
    for name, sample, ask in (
        ("columns, drawn by count", weighted, normalizer.normalize_columns),
        ("columns, distinct", distinct, normalizer.normalize_columns),
        ("objects, distinct", distinct, normalizer.normalize_many),
    ):
        started = time.perf_counter()
        kept = ask(sample)
        taken = time.perf_counter() - started
        print(f"batch, {name:<24} {len(sample) / taken:9,.0f} titles/s")
        del kept

    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few.csv"
        write_export(few, titles, counts, 10)
        print(f"titlenorm normalize, 10 rows {best_run(few) * 1e3:8.1f} ms")
        write_export(few, [*titles, UNKNOWN], [*counts, sum(counts)], 10)
        print(f"the same, a word unknown    {best_run(few) * 1e3:9.1f} ms")
        export, copy, out = (Path(folder) / name for name in ("export.csv", "copy.csv", "out.csv"))
        write_export(export, titles, counts, args.rows)
        with export.open(encoding="utf-8", newline="") as handle:
            number = len({row[2] for row in csv.reader(handle)}) - 1
        copied = plain_copy(export, copy)
        print(f"{args.rows:,} rows, {number:,} distinct: plain copy {copied:.1f} s")
        for workers in ("1", "2"):
            asked = [str(export), "--column", "job_title", "-o", str(out), "--quiet", "--workers", workers]
            started = time.perf_counter()
            subprocess.run([sys.executable, "-m", "titlenorm", "normalize", *asked], check=True)
            normalized = time.perf_counter() - started
            print(f"titlenorm normalize, --workers {workers}: {normalized:.1f} s, {normalized / copied:.1f} times the copy")


if __name__ == "__main__":
    main()
