"""Which copies of rsync, scp and sftp leave the runner."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.calls import Action
from tests.delivery.mapping import delivery, workflow

W = ".github/workflows/w.yml"
SETS = "- run: |\n    made=$(mktemp -d)\n    "


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rsync -a site/ deploy@host:/srv", [Action.COPY]),
        ("rsync -a site/ rsync://host/srv --delete", [Action.COPY]),
        ('rsync -az -e "ssh -i key" site/ "$USER@$HOST:/srv"', [Action.COPY]),
        ('rsync -az -e "ssh -i key" site/ "$TARGET"', [Action.COPY]),
        ('rsync site/ deploy@host:/srv -avze "ssh -i key"', [Action.COPY]),
        ('rsync -az site/ "$TARGET"', [Action.UNKNOWN]),
        ('rsync -az site/ "${{ secrets.TARGET }}"', [Action.UNKNOWN]),
        ('rsync -a host:/srv/dump "$TARGET"', []),
        ("rsync -a host:/srv/dump dump/", []),
        ('rsync -a "$HOST:/srv/dump" dump/', []),
        ("rsync -a site/ public/", []),
        ("rsync -a site/ public/a:b/", []),
        ("rsync -a site/ public/ --exclude host:x", []),
        ("rsync -a --chown=www:www site/ public/", []),
        ("rsync -a --chown www:www site/ public/", []),
        ('rsync -a site/ "$made"/', []),
        ('rsync -a site/ "$(pwd)/public"', []),
        ('rsync -a site/ "$HOME/public"', []),
        ('rsync -a site/ "$PAGES_DIR"', []),
        ('rsync -a site/ "deploy@host:$PAGES_DIR"', [Action.COPY]),
        ('rsync -a site/ "public/$NAME"', []),
        ("scp -P 22 -i key app.tar deploy@host:/srv", [Action.COPY]),
        ('scp app.tar "$TARGET"', [Action.COPY]),
        ("scp host:/srv/log .", []),
        ('scp "$HOST:/srv/log" "$TARGET"', []),
        ("sftp -b batch deploy@host", [Action.COPY]),
        ("rsync --version", []),
        ("scp", []),
    ],
)
def test_where_a_copy_goes(line: str, expected: list[Action]) -> None:
    found = delivery({W: workflow(f"{SETS}{line}")}).edges
    assert list(dict.fromkeys(each.action for each in found)) == expected
