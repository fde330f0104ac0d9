"""The package as a wheel lays it out, for tests of what an installation does and a checkout doesn't."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from runcrew_lint.catalogue.build import compile_index

ROOT = Path(__file__).parents[1]


def laid_out(site: Path) -> Path:
    """Copies the package into `site`, with its data inside it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "runcrew_lint", site / "runcrew_lint", ignore=ignore)
    for name in ("rules", "schemas", "data"):
        shutil.copytree(ROOT / name, site / "runcrew_lint/_data" / name)
    for name, part in compile_index(ROOT / "rules").items():
        (site / f"runcrew_lint/_data/{name}.json").write_text(json.dumps(part))
    return site
