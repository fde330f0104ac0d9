"""Expressions moved into variables: a plain value says the same, and nothing runs in a bad one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from runcrew_lint.checks.workflows.script_injection import check
from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import at, text_at
from runcrew_lint.domains.workflows.expressed import read
from runcrew_lint.engine.mend import apply
from runcrew_lint.mends.workflow import through_environment
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source
from tests.workflows.reading import Files

HEAD = "on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
TITLE = "${{ github.event.issue.title }}"
PATH = ".github/workflows/w.yml"


def mended(text: str) -> str | None:
    """The workflow after the first finding's fix; None where there is none."""
    source = Source(PATH, text)
    fact = read(source, Files({}))
    assert fact is not None
    fault = next(iter(check(fact, Policy("test"))))
    fix = through_environment(fault.mend, source) if fault.mend else None
    return apply(text, [fix], PATH)[0] if fix else None


def step(script: str) -> str:
    body = "\n".join(f"          {line}" if line else "" for line in script.splitlines())
    return f"{HEAD}      - name: one\n        run: |\n{body}\n"


def said(script: str, folder: Path, **env: str) -> str:
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-e", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    return done.stdout


SCRIPTS = [
    f"echo {TITLE}",
    f'echo "{TITLE}"',
    f"echo '{TITLE}'",
    f"echo 'a {TITLE} b' \"c {TITLE}_d\" e{TITLE}f",
    f'x="$(printf %s {TITLE})"\necho "$x"',
    f"cat <<EOF\n<{TITLE}>\nEOF",
    f'if [[ {TITLE} == word ]]; then echo yes; fi\nif [ "{TITLE}" = word ]; then echo two; fi',
    f"case {TITLE} in word) echo yes;; esac",
    f"A={TITLE} bash -c 'echo $A'",
    f"for each in {TITLE} other; do echo $each; done",
    f'echo "${{HOME:-none}} {TITLE}"',
    f"echo 한글 {TITLE} | tr a-z A-Z",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_plain_value_says_the_same_and_a_bad_one_runs_nothing(script: str, tmp_path: Path) -> None:
    if "bash -c" in script:
        assert mended(step(script)) is None  # another shell reads it again
        return
    after = mended(step(script))
    assert after is not None
    root = yaml.parse(Source(PATH, after))
    new = text_at(root, "jobs", "a", "steps", 0, "run")
    assert new is not None
    assert "${{" not in new
    env = at(root, "jobs", "a", "steps", 0, "env")
    assert text_at(env, "ISSUE_TITLE") == TITLE
    assert said(new, tmp_path, ISSUE_TITLE="word") == said(script.replace(TITLE, "word"), tmp_path)
    for bad in (
        "$(touch ran)",
        "`touch ran`",
        "; touch ran",
        '"; touch ran; "',
        "'; touch ran; '",
        "\ntouch ran\n",
    ):
        said(new, tmp_path, ISSUE_TITLE=bad)
        assert not (tmp_path / "ran").exists(), bad


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            f"      - run: echo {TITLE}\n        env:\n          A: b\n",
            '      - run: echo "$ISSUE_TITLE"\n        env:\n'
            f"          ISSUE_TITLE: {TITLE}\n          A: b\n",
        ),
        (
            f"      - run: echo {TITLE} $ISSUE_TITLE\n",
            f"      - env:\n          ISSUE_TITLE_2: {TITLE}\n"
            '        run: echo "$ISSUE_TITLE_2" $ISSUE_TITLE\n',
        ),
        (
            f"      - run: echo {TITLE}\n        env:\n          MINE: {TITLE}\n",
            f'      - run: echo "$MINE"\n        env:\n          MINE: {TITLE}\n',
        ),
        ("      - run: ruff ${{ inputs.arguments }}\n", None),
        (
            "      - run: ruff --level ${{ inputs.level }}\n",
            "      - env:\n          INPUT_LEVEL: ${{ inputs.level }}\n"
            '        run: ruff --level "$INPUT_LEVEL"\n',
        ),
        (f"      - {{run: 'echo {TITLE}'}}\n", None),
        (f"      - run: 'echo {TITLE}'\n", None),
        (f"      - run: echo {TITLE}\n        env: {{A: b}}\n", None),
        (f"      - run: echo {TITLE}\n        shell: pwsh\n", None),
        (f"      - run: eval {TITLE}\n", None),
        (f"      - run: {TITLE}\n", None),
    ],
)
def test_where_it_is_declared_and_what_is_refused(steps: str, expected: str | None) -> None:
    assert mended(HEAD + steps) == (HEAD + expected if expected else None)
