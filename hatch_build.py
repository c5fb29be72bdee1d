"""Build hook: compiles the modules that read titles, so that an installed titlenorm answers about three times as fast.

Wheels hold the compiled modules beside their sources. Where nothing can be compiled, the wheel is pure Python and gives the same answers;
an editable installation always is.
Set `TITLENORM_COMPILE` to `never` for a pure wheel, or to `always` to let the build fail where compiling fails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NAME = "titlenorm"  # of the package, and of the library that the compiled modules share
_SETUP = """
import json, os, re, sys
from pathlib import Path
import mypyc
from mypyc.build import mypycify
from setuptools import setup

if os.name == "posix":
    # What is called after an error only is moved out of the way, so that more of what titles pass fits into the cache of the processor.
    declared = (Path(mypyc.__file__).parent / "lib-rt" / "CPy.h").read_text()
    found = [re.search(rf"^[A-Za-z_ ]+ {{name}}\\([^;{{{{]*\\)", declared, re.M) for name in {rare!r}]
    lines = ["#include <Python.h>", *(match[0] + " __attribute__((cold));" for match in found if match is not None)]
    Path("rare.h").write_text("\\n".join([*lines, "PyAPI_FUNC(void) PyErr_SetString(PyObject *, const char *) __attribute__((cold));", ""]))
    os.environ["CFLAGS"] += " -include rare.h"
options = ["--config-file=", "--ignore-missing-imports"]
extensions = mypycify([*options, *json.loads(sys.argv.pop())], opt_level="3", debug_level="0", group_name={name!r})
setup(name={name!r}, packages=[], ext_modules=extensions)
"""
_RARE = ("CPy_AddTraceback", "CPy_TypeErrorTraceback", "CPy_TypeError", "CPy_AttributeError", "CPyError_OutOfMemory", "CPy_DecRef")
"""Functions that compiled modules call after an error only."""


class CompiledModules(BuildHookInterface[Any]):
    """Adds the compiled form of the modules that `modules` in pyproject.toml names."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is packed, and say so in its tag."""
        wanted = os.environ.get("TITLENORM_COMPILE", "auto")
        if version == "editable" or wanted == "never":
            return
        self._folder = Path(tempfile.mkdtemp(prefix="titlenorm-"))
        try:
            found = _compile(Path(self.root) / "src" / _NAME, self._folder, self.config["modules"])
        except (OSError, subprocess.CalledProcessError) as error:
            said = (getattr(error, "stderr", "") or str(error)).strip()
            if wanted == "always":
                raise SystemExit(f"The modules cannot be compiled:\n{said}") from None
            last = said.splitlines()[-1:]
            self.app.display_warning(f"Nothing was compiled; titlenorm will be slower, its answers are the same. {''.join(last)}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"].update(found)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clear up."""
        if folder := getattr(self, "_folder", None):
            shutil.rmtree(folder, ignore_errors=True)


def _compile(package: Path, folder: Path, modules: list[str]) -> dict[str, str]:
    """Compile modules of a copy of the package in a folder: file to its place in the wheel."""
    shutil.copytree(package, folder / _NAME, ignore=shutil.ignore_patterns("data", "__pycache__", "*.so", "*.pyd"))
    (folder / "setup.py").write_text(_SETUP.format(name=_NAME, rare=_RARE), encoding="utf-8")
    sources = [f"{_NAME}/{module.replace('.', '/')}.py" for module in modules]
    command = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace", json.dumps(sources)]
    # Who sets flags sets all of them: those of this Python leave out the checks of its own headers. What nobody outside calls is called directly.
    flags = f"{sysconfig.get_config_var('CFLAGS') or ''} {os.environ.get('CFLAGS', '')} -fvisibility=hidden"
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, "CFLAGS": flags})
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    return {str(file): file.relative_to(folder).as_posix() for file in folder.rglob(f"*{suffix}") if "build" not in file.relative_to(folder).parts}
