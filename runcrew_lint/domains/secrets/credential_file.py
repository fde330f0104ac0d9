"""Which files hold nothing but credentials: told by their names, and of two by their content."""

from __future__ import annotations

import re

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.secrets.context import is_test_data, setting_of
from runcrew_lint.domains.secrets.facts import Context, CredentialFile
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_HOLDS = (
    (re.compile(r"\.p8\Z", re.IGNORECASE), "a private key of Apple's"),
    (re.compile(r"\.(?:p12|pfx)\Z", re.IGNORECASE), "a certificate with its private key"),
    (re.compile(r"\.(?:jks|keystore)\Z", re.IGNORECASE), "a store of signing keys"),
    (re.compile(r"\.mobileprovision\Z", re.IGNORECASE), "a provisioning profile"),
    (re.compile(r"(?:^|/)[._]netrc\Z"), "a file of passwords"),
    (re.compile(r"(?:^|/)\.pypirc\Z"), "the password of a package index"),
    (re.compile(r"(?:^|/)\.npmrc\Z"), "the token of a package registry"),
    (re.compile(r"(?:^|/)credentials\.json\Z"), "a file of credentials"),
    (re.compile(r"(?:^|/)google-service-account\.json\Z"), "the key of a service account"),
)
_NPM_TOKEN = lazily(r"(?m)^[^#;\n]*:_(?:authToken|auth|password)[ \t]*=[ \t]*(?!\$\{)([^\s$][^\n]*)")
# What EAS, Google and others write into a file of that name; a schema or a translation has none of it.
_CREDENTIALS = lazily(
    r"\"(?:keystore|private_key|client_secret|password|provisioningProfilePath|refresh_token|secret)"
)


def read(source: Source, _reading: Reading) -> CredentialFile | None:
    """What the file holds; None for the debug store, a test's own data and a file without a secret."""
    path, name = source.path, source.path.rpartition("/")[2]
    context = setting_of(path).context
    if name == "debug.keystore" or context in (Context.TEST, Context.EXAMPLE) or is_test_data(path):
        return None
    holds = next(said for pattern, said in _HOLDS if pattern.search(path))
    values: tuple[Span, ...] = ()
    if name == ".npmrc":
        values = tuple(Span(*found.span(1)) for found in _NPM_TOKEN.finditer(source.text))
        if not values:
            return None
    elif name == "credentials.json" and not _CREDENTIALS.search(source.text):
        return None
    elif name in (".netrc", "_netrc", ".pypirc", "google-service-account.json", "credentials.json"):
        values = (Span(0, len(source.text)),)
    return CredentialFile(path, holds, values)
