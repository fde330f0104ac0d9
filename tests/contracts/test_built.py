"""Which folder of the repository an image is built from."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.contracts.built import builds_of
from tests.delivery.mapping import repository, workflow

_CI = ".github/workflows/image.yml"
_OUT = "- uses: actions/checkout@v5\n"


def _built(image: str, files: dict[str, str]) -> tuple[str, str] | None:
    """The folder and the Dockerfile ("" for a stage of one) of a service that only names its image."""
    compose = {"compose.prod.yml": f"services: {{api: {{image: '{image}'}}}}\n"}
    found = repository(files | compose, more=("compose",))
    (service,) = next(
        each.services for each in found.facts(ComposeProject) if each.path == "compose.prod.yml"
    )
    built = builds_of(found).of(service)
    return built and (built.folder, "" if built.is_stage else built.dockerfile)


@pytest.mark.parametrize(
    ("command", "built"),
    [
        ("docker build -t ghcr.io/team/api:$GITHUB_SHA ./api", ("api", "api/Dockerfile")),
        (
            "docker build --tag=ghcr.io/team/api -f docker/api.Dockerfile api",
            ("api", "docker/api.Dockerfile"),
        ),
        ("docker buildx build --push --platform linux/amd64 -t ghcr.io/team/api:1 .", ("", "Dockerfile")),
        ("cd api && docker build -t ghcr.io/team/api .", ("api", "api/Dockerfile")),
        ("docker build -t ghcr.io/team/api --target prod api", ("api", "")),
        ("docker build -t ghcr.io/team/api-worker api", None),
        ("docker build -t ghcr.io/team/api ${{ matrix.folder }}", None),
        ("docker build -t ghcr.io/team/api ../api", None),
        ("docker build -t ghcr.io/team/api a\n    docker build -t ghcr.io/team/api b", None),
    ],
)
def test_by_a_command(command: str, built: tuple[str, str] | None) -> None:
    ci = {_CI: workflow(f"{_OUT}- run: |\n    {command}")}
    assert _built("ghcr.io/team/api:${TAG}", ci) == built


@pytest.mark.parametrize(
    ("inputs", "built"),
    [
        ("context: api, tags: 'ghcr.io/team/api:${{ github.sha }}'", ("api", "api/Dockerfile")),
        ("context: ., file: docker/Dockerfile, tags: 'x,ghcr.io/team/api'", ("", "docker/Dockerfile")),
        ("context: api, target: prod, tags: ghcr.io/team/api", ("api", "")),
        ("tags: ghcr.io/team/api", None),
        ("context: api, tags: ghcr.io/team/web", None),
    ],
)
def test_by_an_action(inputs: str, built: tuple[str, str] | None) -> None:
    ci = {_CI: workflow(f"- uses: docker/build-push-action@v6\n  with: {{{inputs}}}")}
    assert _built("ghcr.io/team/api:${TAG}", ci) == built


@pytest.mark.parametrize(
    ("image", "service", "built"),
    [
        ("team/api", "{build: ./api}", ("api", "api/Dockerfile")),
        ("team/api", "{build: {context: ./api, target: dev}}", ("api", "")),
        ("local:1", "{build: ./api, image: local}", ("api", "api/Dockerfile")),
        ("postgres:16", "{build: ./api}", None),  # Docker's own
        ("team/api", "{image: team/api}", None),
    ],
)
def test_by_another_compose_file(image: str, service: str, built: tuple[str, str] | None) -> None:
    assert _built(image, {"dev/compose.yml": f"services: {{api: {service}}}\n"}) == (
        built and (f"dev/{built[0]}", built[1] and f"dev/{built[1]}")
    )


def test_homes_are_where_the_dockerfiles_of_a_folder_lie() -> None:
    services = (
        "services: {a: {build: {context: src, dockerfile: a/Dockerfile}},"
        " b: {build: {context: src, target: dev}}}\n"
    )
    builds = builds_of(repository({"compose.yml": services}, more=("compose",)))
    assert builds.homes("src") == {"src", "src/a"}
