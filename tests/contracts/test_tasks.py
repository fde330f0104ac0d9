"""Task definitions of ECS: what is read, and which Dockerfile a container is built from."""

from __future__ import annotations

import pytest

from runcrew_lint.documents import hcl
from runcrew_lint.documents.tree import Mapping
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.tasks import tasks
from runcrew_lint.domains.tasks.facts import Container, Given, TaskDefinition
from runcrew_lint.domains.tasks.read import read
from runcrew_lint.domains.tasks.shape import task_of
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.text import Source, Span
from tests.consulting import Consulting

WHOLE = """{"family": "api", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
 "memory": 512, "containerDefinitions": [{
  "name": "api", "image": "example/api:1", "entryPoint": ["sh", "-c"],
  "command": ["uvicorn a:b --port ${PORT}"],
  "portMappings": [{"containerPort": 8000}, {"containerPort": "9000", "hostPort": 90},
  {"containerPort": "${P}"}],
  "environment": [{"name": "A", "value": "1"}, {"name": "B"}],
  "secrets": [{"name": "C", "valueFrom": "arn:c"}],
  "dependsOn": [{"containerName": "db", "condition": "HEALTHY"}],
  "healthCheck": {"command": ["CMD", "true"]}}]}"""


def _read(text: str) -> TaskDefinition | None:
    return read(Source("task.json", text), Consulting({}))


def test_a_definition() -> None:
    task = _read(WHOLE)
    assert task and (task.network, task.for_fargate, task.has_size, task.is_whole) == (
        "awsvpc",
        True,
        True,
        True,
    )
    [api] = task.containers
    assert (api.name, api.image and api.image.value) == ("api", "example/api:1")
    assert api.command and api.command.words == ("sh", "-c", None)
    assert api.probe and api.probe.words == ("CMD", "true")
    assert [each[:2] for each in api.ports] == [(8000, 0), (9000, 90)]
    assert [(each.name, each.value.value) for each in (*api.settings, *api.secrets)] == [
        ("A", "1"),
        ("C", "arn:c"),
    ]
    assert [each[:2] for each in api.awaits] == [("db", "HEALTHY")]


@pytest.mark.parametrize(
    ("text", "containers"),
    [
        ('{"taskDefinition": {"containerDefinitions": [{"name": "a"}]}}', 1),
        ('[{"name": "a", "image": "b", "portMappings": []}]', 1),
        ('[{"name": "a", "portMappings": []}]', None),
        ('{"portMappings": []}', None),
        ('{"containerDefinitions": "file.json"}', None),
        ('{"containerDefinitions": ["a", null]}', 0),
        (
            '{"containerDefinitions": [{"name": {}, "image": [], "portMappings": 7, "environment": [7]}]}',
            1,
        ),
    ],
)
def test_what_is_one(text: str, containers: int | None) -> None:
    task = _read(text)
    assert (len(task.containers) if task else None) == containers


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"containerDefinitions": [{"cpu": ${CPU}}]}', Template),
        ('{"containerDefinitions": [{"secrets": {{ .secrets }} }]}', Template),
        ('{"containerDefinitions": [,]}', Unreadable),
    ],
)
def test_what_does_not_read(text: str, error: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as caught:
        _read(text)
    assert type(caught.value) is error


def test_terraform_says_the_same() -> None:
    text = """resource "aws_ecs_task_definition" "api" {
      network_mode             = "awsvpc"
      requires_compatibilities = ["FARGATE"]
      cpu                      = 256
      memory                   = var.memory
      container_definitions = jsonencode([{
        name         = "api"
        image        = var.image
        portMappings = [{ containerPort = 8000, hostPort = 80 }]
        environment  = [{ name = "A", value = var.a }, { name = "B", value = "" }]
      }])
    }"""
    [block] = hcl.parse(Source("a.tf", text))
    task = tasks.from_resource("a.tf", "api", block)
    assert task and (task.network, task.for_fargate, task.has_size) == ("awsvpc", True, True)
    [api] = task.containers
    assert api.image and api.image.value is None
    assert [each[:2] for each in api.ports] == [(8000, 80)]
    assert [(each.name, each.value.value) for each in api.settings] == [("A", None), ("B", "")]


def test_a_list_of_containers_alone_says_nothing_of_the_task() -> None:
    task = task_of("a.json", "a.json", Mapping(Span(0, 0), ()), None)
    assert not task.is_whole and task.containers == ()


def _container(name: str, image: str | None) -> Container:
    given = Given(image, Span(0, 0))
    return Container(name, Span(0, 0), given, None, None, (), (), (), ())


ECR = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/"


@pytest.mark.parametrize(
    ("containers", "dockerfiles", "found"),
    [
        ([("api", None)], ["Dockerfile"], "Dockerfile"),
        ([("api", ECR + "api:1")], ["Dockerfile"], "Dockerfile"),
        ([("api", None), ("proxy", "public.ecr.aws/nginx/nginx:1")], ["Dockerfile"], "Dockerfile"),
        ([("api", None), ("web", None)], ["Dockerfile"], None),
        ([("cache", "redis:8")], ["Dockerfile"], None),
        ([("api", None)], ["api/Dockerfile", "web/Dockerfile"], "api/Dockerfile"),
        ([("server", ECR + "web:1")], ["api/Dockerfile", "web/Dockerfile"], "web/Dockerfile"),
        ([("server", None)], ["api/Dockerfile", "web/Dockerfile"], None),
        ([("web", ECR + "api:1")], ["api/Dockerfile", "web/Dockerfile"], None),
        ([("api", None)], [], None),
    ],
)
def test_which_dockerfile(
    containers: list[tuple[str, str | None]], dockerfiles: list[str], found: str | None
) -> None:
    own = tuple(_container(*each) for each in containers)
    task = TaskDefinition("t.json", Span(0, 0), "t.json", "", True, False, False, own)
    images = tuple(Image(path, (), ()) for path in dockerfiles)
    image = tasks.image_of(task, own[0], images)
    assert (image.path if image else None) == found
