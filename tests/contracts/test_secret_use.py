"""Which secret a text holds."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.contracts.secret_use import secret_of


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("${{ secrets.DSN }}", "DSN"),
        ("${{ secrets['DSN'] }}", "DSN"),
        ("https://${{ secrets.KEY }}@sentry.io", "KEY"),
        ("${{ secrets.A || 'none' }}", "A"),
        ("${{ github.ref == 'refs/heads/main' && secrets.LIVE || secrets.TEST }}", "LIVE"),
        ("${{ format('{0}!', secrets.A) }}", "A"),
        ("${{ toJSON(secrets.A) }}", "A"),
        ("${{ fromJSON(secrets.A).key }}", "A"),
        ("${{ secrets.A != '' }}", ""),
        ("${{ secrets.A && '1' || '' }}", ""),
        ("${{ !secrets.A }}", ""),
        ("${{ contains(secrets.A, 'x') }}", ""),
        ("${{ secrets.A != '' && secrets.B || '' }}", "B"),
        ("${{ secrets.GITHUB_TOKEN }}", ""),
        ("${{ secrets.A is broken }}", "A"),
        ("${{secrets.A}}", "A"),
        ("plain", ""),
    ],
)
def test_a_secret_that_is_only_asked_about_is_not_held(text: str, secret: str) -> None:
    assert secret_of(text) == secret
