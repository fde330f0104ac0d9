"""Services that hold data: databases, caches and brokers, known by image or by name."""

from __future__ import annotations

from runcrew_lint.domains.containers.project import Port, Service
from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_LETTERS = lazily(r"[a-z]+[0-9]?[a-z]*")


class Store(NamedTuple):
    """A kind of data service; `ports` are those it answers on, its consoles and metrics left out."""

    label: str
    ports: tuple[int, ...]


# The last step of an image's name (docker.io/library/postgres, postgis/postgis, bitnami/postgresql), and
# the words that stand for the store in names of a team's own.
_STORES: tuple[tuple[Store, str, str], ...] = (
    (
        Store("PostgreSQL", (5432,)),
        "postgres postgresql postgis pgvector pgvecto-rs timescaledb timescaledb-ha timescaledb-postgis "
        "citus edge-postgres spilo-15 spilo-16 postgresql-repmgr paradedb",
        "postgres postgresql postgis pg pgsql timescaledb pgvector",
    ),
    (
        Store("MySQL", (3306, 33060)),
        "mysql mysql-server mariadb percona percona-server mariadb-galera",
        "mysql mariadb",
    ),
    (
        Store("Redis", (6379,)),
        "redis redis-stack redis-stack-server redis-cluster valkey keydb dragonfly",
        "redis valkey",
    ),
    (
        Store("MongoDB", (27017, 27018, 27019)),
        "mongo mongodb mongodb-community-server mongodb-atlas-local ferretdb",
        "mongo mongodb",
    ),
    (
        Store("Elasticsearch", (9200, 9300)),
        "elasticsearch elasticsearch-oss opensearch",
        "elasticsearch opensearch",
    ),
    (Store("Memcached", (11211,)), "memcached", "memcached"),
    (Store("RabbitMQ", (5672, 5671, 25672, 4369)), "rabbitmq", "rabbitmq"),
    (Store("ClickHouse", (8123, 9000, 9440, 8443)), "clickhouse clickhouse-server", "clickhouse"),
    (Store("Cassandra", (9042, 7000, 7001, 7199)), "cassandra scylla", "cassandra"),
    (Store("CouchDB", (5984, 4369)), "couchdb", "couchdb"),
    (Store("Neo4j", (7687, 7474, 7473)), "neo4j", "neo4j"),
    (Store("InfluxDB", (8086,)), "influxdb", "influxdb"),
    (Store("CockroachDB", (26257,)), "cockroach", "cockroach"),
    (Store("ArangoDB", (8529,)), "arangodb", "arangodb"),
    (Store("etcd", (2379, 2380)), "etcd", "etcd"),
    (Store("Qdrant", (6333, 6334)), "qdrant", "qdrant"),
)
_IMAGES = {name: store for store, images, _ in _STORES for name in images.split()}
_WORDS = {word: store for store, _, words in _STORES for word in words.split()}
# A service called `db` is what its port says: the first port of the stores that such names are used for.
_GENERIC = frozenset({"db", "database", "cache", "sql", "rdbms", "datastore"})
_BY_PORT = {store.ports[0]: store for store, _, _ in _STORES[:5]}

# Where a program's name stands, in a list of words as in a shell's script.
_RUN = r"(?:^|[;&|(\n\"']|-c|\b(?:exec|until|while|do|then|if|else|!))\s*(?:/usr/(?:local/)?bin/)?"
_CLIENT = lazily(
    _RUN + r"(?:psql|pg_(?:dump|dumpall|restore|basebackup|isready)|createdb|createuser|redis-cli|valkey-cli"
    r"|(?:mysql|mariadb)(?:-?(?:dump|admin|import))?|mongo(?:sh|dump|restore|import)?|cqlsh|clickhouse-client"
    r"|rabbitmqadmin|influx|curl|wget)(?=[\s\"';]|\Z)"
)
_SERVER = lazily(
    _RUN + r"(?:[\w./-]*entrypoint[\w.-]*|postgres|pg_ctl|patroni|redis-(?:server|sentinel)|valkey-server"
    r"|mysqld|mariadbd|mongo[ds]|rabbitmq-server|elasticsearch|opensearch|clickhouse-server|influxd)"
    r"(?=[\s\"';]|\Z)"
)


def is_client(service: Service) -> bool:
    """Whether it starts a store's image for the client in it: to make a database, to load it, to save it."""
    given = (each.words for each in (service.entrypoint, service.command) if each)
    text = " ".join(word or "$" for words in given for word in words)
    return bool(text) and _CLIENT.search(text) is not None and _SERVER.search(text) is None


def store_of(service: Service) -> Store | None:
    """The kind of data service that this is, or None.

    An image tells by its name. A service that is built here, or whose image has a name of the team's
    own, tells by its name together with the port that it publishes.
    """
    if is_client(service):
        return None
    short = short_name(service)
    if short in _IMAGES:
        return _IMAGES[short]
    words = set(_LETTERS.findall(short))
    if service.build:
        words |= set(_LETTERS.findall(service.name.lower()))
    targets = {port.first for port in service.ports}
    for word in sorted(words & _WORDS.keys()):
        if targets & set(_WORDS[word].ports):
            return _WORDS[word]
    if service.build and words & _GENERIC:
        return next((_BY_PORT[port] for port in sorted(targets) if port in _BY_PORT), None)
    return None


def short_name(service: Service) -> str:
    """The last step of a service's image name, in small letters; "" where it has no known image."""
    reference = parse(service.image.value) if service.image and service.image.value else None
    return reference.short_name if reference else ""


def shows_data(store: Store, port: Port) -> bool:
    """Whether a published port is one that the store answers on, and not its console or metrics."""
    if not port.first:
        return False
    return any(port.first <= each <= port.last for each in store.ports)
