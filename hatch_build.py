"""Build hook: compiles rules/ into the index that an installed runcrew-lint reads."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileIndex(BuildHookInterface[Any]):
    """Puts runcrew_lint/_data/rules.json and policies.json into a wheel.

    An editable install has none: a checkout compiles its rules when they have changed.
    """

    PLUGIN_NAME = "custom"
    _workspace: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the index and hand it to the wheel; `version` is "standard" or "editable"."""
        if version != "standard":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from runcrew_lint.catalogue.build import compile_index

            index = compile_index(root / "rules")
        finally:
            sys.path.remove(str(root))
        # Outside the checkout, so that a build leaves nothing there that could go stale.
        self._workspace = tempfile.TemporaryDirectory(prefix="runcrew-lint-build-")
        for name, part in index.items():
            compiled = Path(self._workspace.name) / f"{name}.json"
            compiled.write_text(json.dumps(part, ensure_ascii=False, sort_keys=True), encoding="utf-8")
            build_data["force_include"][str(compiled)] = f"runcrew_lint/_data/{compiled.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Drop what was compiled, once it is in the wheel."""
        if self._workspace is not None:
            self._workspace.cleanup()
