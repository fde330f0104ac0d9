"""The words that clear a value: those of placeholders, and those of development values."""

from __future__ import annotations

_PLACEHOLDERS = """
your yours changeme change changethis replace replaceme insert todo fixme placeholder example sample redacted
removed masked fill enter tbd xxx here goes put secrethere yoursecret yourtoken yourpassword yourkey
yourapikey fixthis setme foo bar baz aqui votre sua seu dein
"""
_DEVELOPMENT = """
dev devel develop developer development test tests testing tester local localhost dummy mock mocked fake
stub demo sandbox insecure unsafe unsecure password passwd pass pwd secret secrets supersecret notsecret
notasecret e2e integration qwerty letmein hunter2 asdf abc xyz invalid wrong bad temporary
senha contrasena clave secreto secreta passwort kennwort geheim motdepasse mdp wachtwoord haslo parola sifre
"""
_DEFAULTS = """
admin administrator root user username guest default postgres postgresql postgis mysql mariadb mongo mongodb
redis rabbitmq minio minioadmin elastic docker ci key token apikey abc abc123 tmp admin123 root123 guest123
"""

PLACEHOLDERS = frozenset(_PLACEHOLDERS.split())
DEVELOPMENT = frozenset(_DEVELOPMENT.split())
DEFAULTS = frozenset(_DEFAULTS.split())  # what a service is installed with: they count as whole values only
