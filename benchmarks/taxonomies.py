"""Loading: a saved taxonomy beside the plain JSON of the same tables, each in a fresh interpreter.

    python benchmarks/taxonomies.py onet.titlenorm esco.titlenorm

The files are made with `titlenorm taxonomy import`. The ratio is what to compare between machines; absolute figures
stand beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

IMPORT = "import time, sys; t = time.perf_counter(); from titlenorm.taxonomy import Taxonomy, archive; print(time.perf_counter() - t)"
LOAD = "import time, sys; from titlenorm.taxonomy import Taxonomy, archive; t = time.perf_counter(); Taxonomy.load(sys.argv[1]); print(time.perf_counter() - t)"
PLAIN = "import time, sys, json; t = time.perf_counter(); [json.load(open(path, encoding='utf-8')) for path in sys.argv[1:]]; print(time.perf_counter() - t)"


def fresh(code: str, *arguments: str) -> float:
    """Seconds in a new interpreter, as the code prints them."""
    return float(subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tries", type=int, default=15)
    args = parser.parse_args()

    print(f"import of the package  {statistics.median(fresh(IMPORT) for _ in range(args.tries)) * 1e3:6.1f} ms")
    for path in args.files:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
            tables = [archive.extract(name, folder) for name in ("roles.json", "aliases.json")]
            pairs = [(fresh(LOAD, str(path)), fresh(PLAIN, *tables)) for _ in range(args.tries)]
            size = sum(os.path.getsize(table) for table in tables)
        load, plain = (statistics.median(times) for times in zip(*pairs, strict=True))
        worst = max(load for load, _ in pairs)
        print(
            f"{path.name:<22} {load * 1e3:6.1f} ms (slowest {worst * 1e3:.1f})   plain JSON {plain * 1e3:6.1f} ms   ratio {load / plain:.1f}"
            f"   {path.stat().st_size:,} bytes for {size:,}"
        )


if __name__ == "__main__":
    main()
