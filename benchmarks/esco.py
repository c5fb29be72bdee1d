"""Speed and memory with ESCO, a taxonomy of 33,000 labels: titles per second in batch, time for one title, peak memory.

    python benchmarks/esco.py [../shared/data] [--tries 3]

Each try is a fresh interpreter on one thread, with distinct titles of vacancies; the best of the tries is printed, as Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpora
from peers import THREADS, WARM
from titlenorm import Normalizer, Taxonomy

ONE_BY_ONE = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("TAXONOMY", "TITLES"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure(*args.measure)))
        return
    try:
        corpus = corpora.vacancies(args.data)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is not there. Name the folder of the data: python benchmarks/esco.py FOLDER")
    with tempfile.TemporaryDirectory() as folder:
        taxonomy, titles = Path(folder) / "esco.titlenorm", Path(folder) / "titles.json"
        corpus.taxonomy.save(taxonomy)
        titles.write_text(json.dumps(random.Random(0).sample(sorted(set(corpus.titles)), len(set(corpus.titles)))))
        command = [sys.executable, __file__, "--measure", str(taxonomy), str(titles)]
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        tries = [json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout) for _ in range(args.tries)]
    print_table({name: (max if name in ("rate", "processor") else min)(one[name] for one in tries) for name in tries[0]})


def measure(taxonomy: str, titles: str) -> dict[str, float]:
    """One try: load, build, answer some titles one by one and the others in one batch."""
    texts = json.loads(Path(titles).read_text())
    single, batch = texts[:ONE_BY_ONE], texts[ONE_BY_ONE:]
    started = time.perf_counter()
    normalizer = Normalizer(Taxonomy.load(taxonomy))
    normalizer.normalize(WARM)
    ready = time.perf_counter() - started
    times, work = [], []
    for title in single:
        began, worked = time.perf_counter(), time.process_time()
        normalizer.normalize(title)
        times.append(time.perf_counter() - began)
        work.append(time.process_time() - worked)
    began, worked = time.perf_counter(), time.process_time()
    normalizer.normalize_columns(batch)
    wall, processor = time.perf_counter() - began, time.process_time() - worked
    hundredths = statistics.quantiles(times, n=100)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    figures = {"titles": len(batch), "rate": len(batch) / wall, "processor": len(batch) / processor, "ready": ready, "memory": peak}
    return {**figures, "p50": hundredths[49], "p99": hundredths[98], "work": statistics.median(work)}


def print_table(figures: dict[str, float]) -> None:
    rows = (
        (f"distinct titles in batch ({figures['titles']:,.0f})", f"{figures['rate']:,.0f} titles/s", ">= 10,000 titles/s"),
        ("the same, per second of processor time", f"{figures['processor']:,.0f} titles/s", ""),
        ("one title, median", f"{figures['p50'] * 1e3:.2f} ms", "<= 1 ms"),
        ("the same, of processor time", f"{figures['work'] * 1e3:.2f} ms", ""),
        ("one title, 99th percentile", f"{figures['p99'] * 1e3:.2f} ms", ""),
        ("load, build, first answer", f"{figures['ready']:.1f} s", ""),
        ("peak memory of the process", f"{figures['memory'] / 1e6:,.0f} MB", "<= 400 MB"),
    )
    print("| measured with ESCO | figure | target |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
