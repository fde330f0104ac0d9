"""A compose project's facts: anchors, variables, ports, layers, and what a file is for."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.containers import compose
from runcrew_lint.domains.containers.interpolation import interpolate, variables_of
from runcrew_lint.domains.containers.project import ComposeProject, Purpose, Service
from runcrew_lint.domains.containers.stores import shows_data, store_of
from runcrew_lint.text import Source
from tests.consulting import Consulting


def _project(files: dict[str, str], path: str | None = None) -> ComposeProject:
    path = path or next(iter(files))
    project = compose.read(Source(path, files[path]), Consulting(files))
    assert project is not None
    return project


def _service(text: str, name: str = "a", env: str | None = None) -> Service:
    project = _project({"compose.yaml": f"services:\n{text}", **({".env": env} if env else {})})
    return next(each for each in project.services if each.name == name)


PORTS = [
    ('"5432:5432"', ("", "5432", 5432, 5432, "tcp"), True),
    ("5432:5432", ("", "5432", 5432, 5432, "tcp"), True),
    ("5432", ("", "", 5432, 5432, "tcp"), True),
    ('"127.0.0.1:5432:5432"', ("127.0.0.1", "5432", 5432, 5432, "tcp"), False),
    ('"127.0.0.1::5432"', ("127.0.0.1", "", 5432, 5432, "tcp"), False),
    ('"0.0.0.0:5432:5432/tcp"', ("0.0.0.0", "5432", 5432, 5432, "tcp"), True),
    ('"[::1]:5432:5432"', ("::1", "5432", 5432, 5432, "tcp"), False),
    ('"[::]:5432:5432"', ("::", "5432", 5432, 5432, "tcp"), True),
    ('"9000-9001:9000-9001/udp"', ("", "9000-9001", 9000, 9001, "udp"), True),
    ('"${P:-5432}:5432"', ("", "5432", 5432, 5432, "tcp"), True),
    ('"${DB_PORT}:5432"', ("", "\0DB_PORT\0", 5432, 5432, "tcp"), True),
    ('"${BIND:-127.0.0.1}:5432:5432"', ("127.0.0.1", "5432", 5432, 5432, "tcp"), False),
    ('"${BIND}:5432:5432"', (None, "5432", 5432, 5432, "tcp"), False),
    ('"${WHAT}:5432"', (None, "", 5432, 5432, "tcp"), False),
    ('"${WHAT}"', (None, "", 0, 0, ""), False),
    ("{target: 5432}", ("", "", 5432, 5432, "tcp"), True),
    (
        '{target: 5432, published: "15432", host_ip: 127.0.0.1}',
        ("127.0.0.1", "15432", 5432, 5432, "tcp"),
        False,
    ),
    ("{target: 53, protocol: udp, mode: host}", ("", "", 53, 53, "udp"), True),
]


@pytest.mark.parametrize(("text", "expected", "is_open"), PORTS)
def test_ports(text: str, expected: tuple[object, ...], is_open: bool) -> None:
    (port,) = _service(f"  a:\n    image: x\n    ports: [{text}]\n").ports
    assert port[:5] == expected
    assert port.is_open == is_open


INTERPOLATIONS = [
    ("a", "a", False),
    ("$A", "1", False),
    ("${A}b", "1b", False),
    ("$$A", "$A", False),
    ("${N:-d}", "d", False),
    ("${E:-d}", "d", False),
    ("${E-d}", "", False),
    ("${N:-${A}}", "1", False),
    ("${N:-${M:-d}}", "d", False),
    ("${A:+x}", "x", False),
    ("${N:+x}", "", False),
    ("${A:?no}", "1", False),
    ("x${N}y", "x\0N\0y", True),
    ("${N:?no}", "\0N\0", True),
    ("${", "\0\0", True),
    ("${A!}", "\0\0", True),
    ("$1", "\0\0", True),
    ("a'$A'", "a'1'", False),
]


@pytest.mark.parametrize(("text", "expected", "unknown"), INTERPOLATIONS)
def test_interpolation(text: str, expected: str, unknown: bool) -> None:
    value, why = interpolate(text, {"A": "1", "E": ""})
    assert (value, bool(why)) == (expected, unknown)


def test_the_env_file_beside_it() -> None:
    text = "# c\nA=1\nexport B='2 # 3'\nC=4 # five\nD=${A}\nE: 6\n\nnothing\n"
    assert variables_of(text) == {"A": "1", "B": "2 # 3", "C": "4", "E": "6"}
    service = _service("  a:\n    image: x:${V}\n", env="V=7\n")
    assert service.image is not None and service.image.value == "x:7"
    service = _service("  a:\n    image: x:${V}\n")
    assert service.image is not None and service.image.value is None and "V" in service.image.unknown


def test_anchors_and_merge_keys() -> None:
    text = """
x-base: &base
  image: postgres:16
  environment: &env {A: "1", B: "2"}
x-more: &more
  image: never
  restart: always
services:
  a:
    <<: [*base, *more]
    environment:
      <<: *env
      B: "3"
"""
    service = _project({"compose.yaml": text}).services[0]
    assert service.image is not None and service.image.value == "postgres:16"
    assert service.restart == "always"
    assert {each.name: each.value.value for each in service.environment if each.value} == {"A": "1", "B": "3"}
    assert text[slice(*service.image.place.span)] == "postgres:16"


def test_a_chain_of_merge_keys_is_followed_to_its_end() -> None:
    links = "".join(f"x{n}: &x{n} {{<<: *x{n - 1}}}\n" for n in range(1, 600))
    text = f"x0: &x0 {{image: redis}}\n{links}services:\n  a: {{<<: *x599}}\n"
    image = _project({"compose.yaml": text}).services[0].image
    assert image is not None and image.value == "redis"


def test_every_part_of_a_service() -> None:
    service = _service("""  a:
    build: {context: ./api, dockerfile: Dockerfile.prod, args: {V: "1"}}
    env_file: [.env, {path: more.env}]
    environment: [A=1, B, "C=${X}"]
    volumes: ["./src:/app:ro", "data:/data", "/anonymous", {type: bind, source: ./x, target: /x}]
    depends_on: {db: {condition: service_healthy}, cache: {}}
    healthcheck: {test: [CMD, "true"]}
    command: uvicorn app:app --reload
    profiles: [debug]
""")
    assert service.build is not None and service.build.context is not None
    assert (service.build.context.value, service.build.arguments[0].name) == ("./api", "V")
    assert [each.value for each in service.env_files] == [".env", "more.env"]
    values = {each.name: (each.value.value if each.value else "") for each in service.environment}
    assert values == {"A": "1", "B": "", "C": None}
    assert [(m.kind, m.source, m.target, m.read_only) for m in service.volumes] == [
        ("bind", "./src", "/app", True),
        ("volume", "data", "/data", False),
        ("volume", "", "/anonymous", False),
        ("bind", "./x", "/x", False),
    ]
    conditions = {each.service: each.condition for each in service.depends_on}
    assert conditions == {"db": "service_healthy", "cache": "service_started"}
    assert service.healthcheck is not None and service.healthcheck.test == ("CMD", "true")
    assert service.profiles == ("debug",)


BASE = """services:
  db:
    image: postgres:16
    ports: ["5432:5432"]
    environment: {A: "1", B: "2"}
"""


def test_an_override_is_merged_over_its_base() -> None:
    override = 'services:\n  db:\n    ports: ["15432:5432"]\n    environment: {B: "3"}\n'
    files = {"compose.override.yaml": override, "compose.yaml": BASE}
    project = _project(files)
    (service,) = project.services
    assert project.layers == ("compose.yaml", "compose.override.yaml") == service.layers
    assert [(port.published, port.place.path) for port in service.ports] == [
        ("5432", "compose.yaml"),
        ("15432", "compose.override.yaml"),
    ]
    assert {each.name: each.value.value for each in service.environment if each.value} == {"A": "1", "B": "3"}


@pytest.mark.parametrize(
    ("ports", "expected"),
    [("!reset []", []), ('!override ["127.0.0.1:1:5432"]', ["127.0.0.1"]), ('["5432:5432"]', [""])],
)
def test_reset_and_override(ports: str, expected: list[str]) -> None:
    override = f"services:\n  db:\n    ports: {ports}\n"
    project = _project({"compose.override.yaml": override, "compose.yaml": BASE})
    assert [port.host_ip for port in project.services[0].ports] == expected


def test_a_file_that_stands_alone_is_not_merged() -> None:
    production = "services:\n  db:\n    image: postgres:16\n"
    project = _project({"compose.production.yaml": production, "compose.yaml": BASE})
    assert project.layers == ("compose.production.yaml",)
    assert project.services[0].ports == ()
    partial = "services:\n  db: {restart: always}\n"
    project = _project({"compose.production.yaml": partial, "compose.yaml": BASE})
    assert project.layers == ("compose.yaml", "compose.production.yaml")


def test_extends() -> None:
    files = {
        "app/compose.yaml": "services:\n"
        "  a: {extends: {file: ../common.yml, service: base}, restart: always}\n"
        "  b: {extends: a}\n  c: {extends: c}\n",
        "common.yml": "services:\n  base: {extends: root, ports: ['1:1']}\n  root: {image: x}\n",
    }
    services = {each.name: each for each in _project(files).services}
    image = services["b"].image
    assert image is not None and image.value == "x" and image.place.path == "common.yml"
    assert services["b"].restart == "always" and services["b"].ports[0].first == 1


PURPOSES = [
    ("compose.prod.yml", "a: {image: x}", Purpose.PRODUCTION),
    ("docker-compose.staging.yml", "a: {image: x}", Purpose.PRODUCTION),
    ("docker-compose_dev.yml", "a: {image: x}", Purpose.DEVELOPMENT),
    ("compose.override.yml", "a: {image: x}", Purpose.DEVELOPMENT),
    ("compose.override.prod.yml", "a: {image: x}", Purpose.PRODUCTION),
    ("compose.dev.prod.yml", "a: {image: x}", Purpose.UNCLEAR),
    ("docker-compose-e2e.yml", "a: {image: x}", Purpose.TEST),
    (".devcontainer/compose.yml", "a: {image: x}", Purpose.DEVELOPMENT),
    ("deploy/dev/compose.yml", "a: {image: x}", Purpose.DEVELOPMENT),
    ("deploy/compose.yml", "a: {image: x}", Purpose.PRODUCTION),
    ("compose.yml", "a: {image: x}", Purpose.UNCLEAR),
    ("compose.yml", "a: {build: ., command: uvicorn app:app --reload}", Purpose.DEVELOPMENT),
    ("compose.yml", "a: {build: ., volumes: ['./api:/app']}", Purpose.DEVELOPMENT),
    ("compose.tilt.yml", "a: {image: x}", Purpose.DEVELOPMENT),
    ("compose.yml", "a: {build: ., volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}", Purpose.UNCLEAR),
    ("compose.yml", "a: {build: ., volumes: ['./data:/data']}", Purpose.UNCLEAR),
    ("compose.yml", "a: {image: x, environment: {NODE_ENV: production}}", Purpose.PRODUCTION),
    (
        "compose.yml",
        "a: {build: ., environment: [NODE_ENV=production], volumes: ['.:/app']}",
        Purpose.UNCLEAR,
    ),
    ("compose.yml", "a: {build: ., develop: {watch: []}}", Purpose.DEVELOPMENT),
    ("compose.yml", "a: {image: postgres}, b: {image: 'axllent/mailpit:v1'}", Purpose.DEVELOPMENT),
]


@pytest.mark.parametrize(("path", "services", "expected"), PURPOSES)
def test_what_a_file_is_for(path: str, services: str, expected: Purpose) -> None:
    assert _project({path: f"services: {{{services}}}\n"}).purpose is expected


def test_a_profile_says_what_one_service_is_for() -> None:
    service = _service("  a: {image: postgres, profiles: [dev]}\n  b: {image: x}\n")
    assert service.purpose is Purpose.DEVELOPMENT


def test_a_developers_file_stays_theirs_over_a_base_whose_profiles_say_production() -> None:
    files = {
        "docker-compose.yml": "services:\n  a: {image: api, profiles: [prod]}\n  b: {image: x}\n",
        "docker-compose.dev.yml": "services:\n  a: {build: {target: dev}}\n  b: {command: run}\n",
        "docker-compose.extra.yml": "services:\n  a: {command: run}\n",
    }
    purposes = {path: _project(files, path).services[0].purpose for path in files}
    assert purposes["docker-compose.dev.yml"] is Purpose.DEVELOPMENT
    assert purposes["docker-compose.yml"] is purposes["docker-compose.extra.yml"] is Purpose.PRODUCTION


STORES = [
    ("{image: 'postgis/postgis:16-3.4'}", "PostgreSQL"),
    ("{image: 'docker.io/library/redis'}", "Redis"),
    ("{image: 'registry:5000/bitnami/postgresql:16'}", "PostgreSQL"),
    ("{image: 'ghcr.io/acme/postgres-extended:1', ports: ['5432:5432']}", "PostgreSQL"),
    ("{image: 'prometheuscommunity/postgres-exporter', ports: ['9187:9187']}", None),
    ("{image: 'rediscommander/redis-commander', ports: ['8081:8081']}", None),
    ("{image: 'acme/api', ports: ['5432:5432']}", None),
    ("{image: '${IMAGE}', ports: ['5432:5432']}", None),
    ("{image: postgres, command: pg_dump -h db app}", None),
    ("{image: postgres, entrypoint: [psql, -f, /seed.sql]}", None),
    ("{image: mongo, command: [bash, -c, 'sleep 5; mongosh --host db --eval 1']}", None),
    ("{image: postgres, command: [-c, shared_buffers=1GB]}", "PostgreSQL"),
    ("{image: postgres, command: [sh, -c, 'pg_isready; exec docker-entrypoint.sh postgres']}", "PostgreSQL"),
    ("{image: redis, command: redis-server --appendonly yes}", "Redis"),
]


@pytest.mark.parametrize(("text", "expected"), STORES)
def test_what_a_service_stores(text: str, expected: str | None) -> None:
    store = store_of(_service(f"  a: {text}\n"))
    assert (store.label if store else None) == expected


@pytest.mark.parametrize(
    ("name", "port", "expected"),
    [("db", 5432, "PostgreSQL"), ("postgres", 5432, "PostgreSQL"), ("api", 5432, None)],
)
def test_a_store_that_is_built_here(name: str, port: int, expected: str | None) -> None:
    store = store_of(_service(f"  {name}: {{build: ., ports: ['{port}:{port}']}}\n", name))
    assert (store.label if store else None) == expected


def test_a_console_shows_no_data() -> None:
    service = _service("  a: {image: rabbitmq, ports: ['15672:15672', '5670-5680:5670-5680', '$X']}\n")
    store = store_of(service)
    assert store is not None
    assert [shows_data(store, port) for port in service.ports] == [False, True, False]


@pytest.mark.parametrize("text", ["", "a: 1", "[]", "services: []", "services:\n", "- services"])
def test_what_is_no_project(text: str) -> None:
    assert compose.read(Source("compose.yml", text), Consulting({})) is None


ODD = [
    "services: {a: 1, b: null, c: []}",
    "services: {a: {image: [x], build: 1, ports: x, environment: 3, volumes: {}, extends: []}}",
    "services: {a: {ports: [[], {}, null, {target: {}}], healthcheck: [], command: {}}}",
    "services: {a: {depends_on: 7}}",
    "services: {a: {extends: {file: compose.yml, service: a}}}",
    "? [1]\n: 2\nservices: {a: {image: x}}",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_shapes_are_no_crash(text: str) -> None:
    files = {"compose.yml": text}
    compose.read(Source("compose.yml", text), Consulting(files))


@pytest.mark.parametrize(
    ("options", "mount"),
    [
        ("driver_opts: {type: none, o: bind, device: /srv/x}", ("bind", "/srv/x", False)),
        ('driver: local, driver_opts: {o: "ro, rbind", device: "${ROOT:-/srv}"}', ("bind", "/srv", True)),
        ("driver_opts: {type: nfs, o: addr=10.0.0.1, device: ':/x'}", ("volume", "v", False)),
        ("driver: rexray/ebs, driver_opts: {o: bind, device: /srv/x}", ("volume", "v", False)),
        ("driver_opts: {o: bind}", ("volume", "v", False)),
        ("driver_opts: [o]", ("volume", "v", False)),
        ("external: true", ("volume", "v", False)),
    ],
)
def test_a_volume_that_is_bound_to_a_folder_is_that_folder(
    options: str, mount: tuple[str, str, bool]
) -> None:
    service = _service(f"  a: {{image: x, volumes: ['v:/x']}}\nvolumes:\n  v: {{{options}}}\n")
    (found,) = service.volumes
    assert (found.kind, found.source, found.read_only) == mount
