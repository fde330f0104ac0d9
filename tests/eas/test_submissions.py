"""What is said of a submit profile's values."""

from __future__ import annotations

import json
from pathlib import Path

from runcrew_lint import lint


def test_it_is_said_where_a_variable_is_none(tmp_path: Path) -> None:
    ios = {"appleId": "$APPLE_ID", "ascAppId": "abc", "ascApiKeyId": "$KEY"}
    (tmp_path / "eas.json").write_text(json.dumps({"submit": {"production": {"ios": ios}}}))
    found = {
        each.message.split("`")[1]: each.message
        for each in lint(tmp_path).findings
        if each.rule == "eas-invalid-submit"
    }
    assert set(found) == {"appleId", "ascAppId"}
    assert "`$APPLE_ID` as it stands" in found["appleId"]
    assert "`ascApiKeyId` alone" in found["appleId"]
    assert "app ID of App Store Connect" in found["ascAppId"]
