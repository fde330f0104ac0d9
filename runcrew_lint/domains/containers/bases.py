"""Base images by name: which start as root (any other's user is not known), and which Docker Hub has.

Sources: the USER of each image's own Dockerfile (Docker Official Images, and the projects' own), read in
2026-11; images whose entrypoint gives root up by itself (postgres, redis, nginx) are left out on purpose. The
names of Docker's official images (github.com/docker-library/official-images).
"""

from __future__ import annotations

from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.patterns import lazily

_OFFICIAL_NAMES = """
    alpine almalinux amazoncorretto amazonlinux archlinux buildpack-deps busybox centos clojure composer
    debian eclipse-temurin elixir erlang fedora gcc golang gradle groovy haskell julia maven mono node openjdk
    oraclelinux perl php pypy python r-base rockylinux ruby rust sapmachine swift ubuntu
"""
_OFFICIAL = frozenset(_OFFICIAL_NAMES.split())
_LIBRARY_NAMES = """
    adminer aerospike api-firewall arangodb backdrop bash bonita caddy cassandra chronograf cirros
    clearlinux clickhouse consul convertigo couchbase couchdb crate dart drupal eclipse-mosquitto eggdrop
    elasticsearch emqx express-gateway flink fluentd friendica gazebo geonetwork ghost haproxy haxe
    hello-world hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb irssi jetty joomla jruby kapacitor
    kibana kong krakend lightstreamer liquibase logstash mageia mariadb matomo mediawiki memcached mongo
    mongo-express monica mysql nats nats-streaming neo4j neurodebian nextcloud nginx notary nuxeo odoo
    open-liberty orientdb percona photon phpmyadmin plone postfixadmin postgres rabbitmq rakudo-star redis
    redmine registry rethinkdb rocket.chat ros satosa silverpeas solr sonarqube spark spiped storm swipl
    teamspeak telegraf tomcat tomee traefik unit valkey varnish vault websphere-liberty wordpress xwiki
    yourls znc zookeeper
"""
_LIBRARY = _OFFICIAL | frozenset(_LIBRARY_NAMES.split())
_OTHERS = (
    "ghcr.io/astral-sh/uv",
    "oven/bun",
    "denoland/deno",
    "continuumio/miniconda3",
    "condaforge/miniforge3",
    "ghcr.io/cirruslabs/flutter",
    "nvidia/cuda",
    "tiangolo/uvicorn-gunicorn-fastapi",
    "tiangolo/uvicorn-gunicorn",
)
_MIRRORS = (
    "docker.io/library/",
    "library/",
    "public.ecr.aws/docker/library/",
    "docker.io/",
    "amd64/",
    "arm64v8/",
)
# A tag that says that the image has another user.
_TAGS_OF_OTHERS = ("nonroot", "rootless", "unprivileged")
# Servers whose master alone is root and whose workers are not.
_MASTERS = ("apache", "fpm")


_DISTROLESS = lazily(r"gcr\.io/distroless/[\w.-]+-debian\d+")


def is_published(name: str) -> bool:
    """Whether a registry has an image of that name; one without a slash is Docker's, or is built beside."""
    return "/" in name or name.lower() in _LIBRARY


def is_versioned_by_name(name: str) -> bool:
    """Whether the name has the version, and no tag ever gives one: distroless images of a Debian."""
    return _DISTROLESS.fullmatch(name.lower()) is not None


def brings_a_server(image: str) -> bool:
    """Whether the image's own CMD starts a server, where most of those below start a shell."""
    return image.startswith("tiangolo/")


def starts_as_root(image: str) -> bool:
    """Whether an image surely runs as root unless a USER says otherwise."""
    if image == "scratch":
        return True
    reference = parse(image)
    if reference is None or any(word in reference.tag for word in (*_TAGS_OF_OTHERS, *_MASTERS)):
        return False
    name = reference.name.lower()
    for mirror in _MIRRORS:
        name = name.removeprefix(mirror)
    if name.startswith("gcr.io/distroless/"):
        return True
    return name in _OFFICIAL or name in _OTHERS
