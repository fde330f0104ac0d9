"""What runs on a developer's machine or in a test alone, and how much it weighs there."""

from __future__ import annotations

from runcrew_lint.domains.containers.project import Purpose, Service
from runcrew_lint.model.finding import Severity

HOME = frozenset({Purpose.DEVELOPMENT, Purpose.TEST})


def is_at_home(service: Service) -> bool:
    """Whether the service's file is for development or tests."""
    return service.purpose in HOME


def weight_at_home(in_development: bool) -> Severity:
    """How much a fault of such a service weighs, by the option `in_development`."""
    return Severity.WARNING if in_development else Severity.INFO
