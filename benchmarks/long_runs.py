"""Long runs: killed at random moments and resumed, every cell accounted for, memory and time as rows grow.

    python benchmarks/long_runs.py kill EXPORT.csv [--times 10] [--workers 1]
    python benchmarks/long_runs.py account EXPORT.csv
    python benchmarks/long_runs.py grow EXPORT.csv [--times 1 10]

EXPORT is a delimited file with the column `job_title`. `grow` repeats its rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import file_digest
from pathlib import Path

COMMAND = [sys.executable, "-m", "titlenorm", "normalize"]


def command(source: Path, target: Path, *more: str) -> list[str]:
    return [*COMMAND, str(source), "--column", "job_title", "-o", str(target), "--quiet", *more]


def checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return file_digest(handle, "sha256").hexdigest()


def kill(source: Path, folder: Path, times: int, workers: int) -> None:
    """A run is killed (SIGKILL) at a random moment and resumed, again and again; each result has the checksum of the first."""
    more = ("--workers", str(workers))
    target = folder / "whole.csv"
    started = time.monotonic()
    subprocess.run(command(source, target, *more), check=False)
    seconds, expected = time.monotonic() - started, checksum(target)
    counts = json.loads(Path(f"{target}.run.json").read_text())["counts"]
    print(f"whole run: {seconds:.1f} s, {expected[:16]}")
    rng, same, number = random.Random(5), 0, 0
    target = folder / "killed.csv"
    while number < times:
        for path in folder.glob("killed.csv*"):
            path.unlink()
        moment = rng.uniform(0, seconds)
        with subprocess.Popen(command(source, target, *more)) as process:
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        if process.returncode != -signal.SIGKILL:
            continue  # it had finished: another moment
        number += 1
        half = target.exists() and checksum(target) != expected
        started = time.monotonic()
        subprocess.run(command(source, target, *more, "--resume"), check=False)
        bytes_same, counts_same = checksum(target) == expected, json.loads(Path(f"{target}.run.json").read_text())["counts"] == counts
        fine = bytes_same and counts_same and not half
        same += fine
        left = [path.name for path in folder.glob(".titlenorm-*")]
        print(f"{number}: killed after {moment:.1f} s; resumed in {time.monotonic() - started:.1f} s; identical: {fine}; left behind: {left}")
        if not fine:
            print(f"   half a file under its name: {half}; bytes the same: {bytes_same}; counts the same: {counts_same}")
    print(f"{same} of {times} identical")


def account(source: Path, folder: Path) -> None:
    """Every row is in the output or among the rejects, and every cell of the output is one of the input."""
    target = folder / "out.csv"
    subprocess.run(command(source, target), check=False)
    counts = json.loads(Path(f"{target}.run.json").read_text())["counts"]
    lines = source.read_bytes().count(b"\n") - 1
    with source.open("rb") as before, target.open("rb") as after, Path(f"{target}.rejects.csv").open("rb") as rejects:
        rows = {name: csv.reader(line.decode("latin-1") for line in handle) for name, handle in (("in", before), ("out", after), ("rejects", rejects))}
        width = len(next(rows["in"]))
        next(rows["out"])
        next(rows["rejects"])
        same = different = set_aside = 0
        for cells in rows["in"]:
            if len(cells) != width:
                next(rows["rejects"])
                set_aside += 1
                continue
            if next(rows["out"])[:width] == cells:
                same += 1
            else:
                different += 1
        left = sum(1 for name in ("out", "rejects") for _ in rows[name])
    print(f"{lines:,} lines in: {same:,} rows with every cell as it was, {different} with another, {set_aside:,} rejected, {left} too many")
    print(f"the record says {counts['rows']:,} rows and {counts['rejected']:,} rejected, {counts['rows'] + counts['rejected']:,} in all")


def grow(source: Path, folder: Path, times: list[int]) -> None:
    """Seconds of processor and wall, and peak memory, for the rows of a file once and many times."""
    for number in times:
        longer, target = folder / "longer.csv", folder / "out.csv"
        with source.open("rb") as read, longer.open("wb") as write:
            write.write(read.readline())
            start = read.tell()
            for _ in range(number):
                read.seek(start)
                while data := read.read(1 << 24):
                    write.write(data)
        script = (
            "import resource, sys; from titlenorm.cli import main; main(sys.argv[1:], standalone_mode=False);"
            "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)"
        )
        arguments = command(longer, target, "--workers", "1")[3:]
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
        peak, used = map(float, done.stdout.split())
        rows = json.loads(Path(f"{target}.run.json").read_text())["counts"]["rows"]
        print(f"{rows:,} rows: {time.monotonic() - started:.1f} s, {used:.1f} s of processor, {used / rows * 1e6:.2f} us a row, peak {peak:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["kill", "account", "grow"])
    parser.add_argument("export", type=Path)
    parser.add_argument("--times", type=int, nargs="+", default=None)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    csv.field_size_limit(2**31 - 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(dir=args.export.parent) as folder:
        if args.what == "kill":
            kill(args.export, Path(folder), (args.times or [10])[0], args.workers)
        elif args.what == "account":
            account(args.export, Path(folder))
        else:
            grow(args.export, Path(folder), args.times or [1, 10])


if __name__ == "__main__":
    main()
