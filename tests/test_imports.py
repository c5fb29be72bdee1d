"""Imports have ranks, and `import titlenorm` is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import titlenorm

SOURCE = Path(titlenorm.__file__).parent
RANKS = [
    {"native", "tuples"},
    {"choice", "collector", "errors", "options", "text", "rows", "scan", "tally", "taxonomy.origin"},
    {"result", "tables", "dialect", "packing", "taxonomy.alias"},
    {"chunk", "lines"},
    {"senses", "taxonomy.taxonomy", "explanation"},
    {"trie"},
    {"word"},
    {"numbers", "language", "delimited", "sink"},
    {"folding"},
    {"segment"},
    {"taxonomy.cells", "taxonomy.claims", "taxonomy.sheet", "draft"},
    {"taxonomy.release", "taxonomy.columnar", "taxonomy.manifest"},
    {"taxonomy.document", "taxonomy.onet", "taxonomy.esco", "taxonomy.archive"},
    {"taxonomy.catalogue", "taxonomy.readings"},
    {"taxonomy.source", "taxonomy.bundled"},
    {"taxonomy"},
    {"glossary"},
    {"lexicon"},
    {"parse", "joins"},
    {"tails"},
    {"compose"},
    {"match.matcher", "levels", "trace"},
    {"match", "match.reliability"},
    {"match.findings", "match.runs", "match.terms", "match.query"},
    {"match.fields", "match.space", "match.taught"},
    {"match.index"},
    {"match.exact", "match.spelling", "match.tfidf", "match.decide"},
    {"answer"},
    {"pipeline", "overlay"},
    {"bridge", "learn"},
    {"normalizer", "columns"},
    {"adapters", "adapters.accessor", "adapters.lookup", "adapters.schema"},
    {"adapters.arrow", "adapters.frames"},
    {"adapters.duckdb", "adapters.pandas", "adapters.polars", "adapters.sklearn", "adapters.spark"},
    {"formats.kinds", "formats.values", "formats.writer", "recall"},
    {"formats.arrow", "formats.jsonl", "formats.text", "formats.workbook", "crew", "files", "journal", "record"},
    {"formats", "outputs", "worker"},
    {"batch", "check", "inspection", "difference"},
    {"console", "cli.options", "evaluate.labels"},
    {"evaluate.judged", "lessons"},
    {"evaluate.figures"},
    {"evaluate.curve", "evaluate.wording"},
    {"evaluate.report", "evaluate.drawing"},
    {"evaluate.run"},
    {"evaluate.comparison"},
    {"evaluate", "evaluate.page"},
    {"cli.run"},
    {"cli.lookup", "cli.normalize", "cli.taxonomy", "cli.evaluate", "cli.report", "cli.diff", "cli.changes", "cli.learn"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
ASKED_FOR = ("adapters.pandas", "adapters.polars", "adapters.sklearn", "console")
"""Whoever imports one of these asks for its library: it registers something there, or derives from it."""
HEAVY = ("sklearn", "scipy", "numpy", "pandas", "polars", "pyarrow", "duckdb", "pyspark", "rich", "click", "narwhals")


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree, top_level_only):
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}".removeprefix("titlenorm.") in RANK else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_module_has_a_rank():
    assert sorted(name for name, _ in modules() if name not in RANK) == []


def test_no_import_points_up():
    upward = [
        (name, target)
        for name, tree in modules()
        for target in imports(tree, top_level_only=True)
        if target.startswith("titlenorm.") and RANK[target.removeprefix("titlenorm.")] >= RANK[name] and not name.startswith(target.removeprefix("titlenorm."))
        and not (name == "taxonomy" and target.startswith("titlenorm.taxonomy."))
    ]  # fmt: skip
    assert upward == []


def test_the_core_imports_heavy_libraries_only_inside_functions():
    heavy = [
        (name, target)
        for name, tree in modules()
        if not name.startswith("cli") and name not in ASKED_FOR
        for target in imports(tree, top_level_only=True)
        if target.split(".")[0] in HEAVY
    ]
    assert heavy == []


def loaded_after(code):
    script = f"import sys\n{code}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    return set(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split())


def test_import_is_light():
    assert not loaded_after("import titlenorm") & {*HEAVY, "pydantic", "rapidfuzz"}


@pytest.mark.parametrize("adapter", ["duckdb", "frames", "spark"])
def test_an_adapter_loads_its_library_when_it_is_used(adapter):
    assert not loaded_after(f"import titlenorm.adapters.{adapter}") & {*HEAVY}


def test_an_adapter_loads_only_its_own_library():
    assert not loaded_after("import titlenorm.adapters.polars") & {"pandas", "pyarrow", "duckdb", "pyspark"}
    assert not loaded_after("import titlenorm.adapters.pandas") & {"polars", "duckdb", "pyspark"}


def test_a_known_title_needs_no_scikit_learn():
    assert not loaded_after("import titlenorm; titlenorm.normalize('Senior Accountant')") & {"sklearn", "scipy", "pandas"}


def test_an_unknown_title_needs_numpy_only():
    loaded = loaded_after("import titlenorm; titlenorm.normalize('Zorgle Bloop Manager')")
    assert "numpy" in loaded
    assert not loaded & {"sklearn", "scipy", "pandas"}


def test_public_names_are_there_and_documented():
    for name in titlenorm.__all__:
        value = getattr(titlenorm, name)
        assert name == "__version__" or value.__doc__


def test_no_module_is_long():
    long = {str(path.relative_to(SOURCE)): count for path in SOURCE.rglob("*.py") if (count := len(path.read_text(encoding="utf-8").splitlines())) > 290}
    assert long == {}
