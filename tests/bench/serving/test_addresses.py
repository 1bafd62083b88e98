"""One database has many spellings: psycopg's, tipg's and libpq's."""

from sqlalchemy import make_url

from bench.serving.database import as_variables, libpq, our_settings, with_socket_as_host

SOCKET = make_url("postgresql://dongne@/bench?host=/a b/run")
NETWORK = make_url("postgresql://user:p%40ss@example.org:5433/bench")


def test_a_socket_directory_becomes_a_host_that_tipg_takes() -> None:
    assert with_socket_as_host(SOCKET) == "postgresql://dongne@%2Fa%20b%2Frun/bench"


def test_a_server_on_the_network_keeps_its_address() -> None:
    assert with_socket_as_host(NETWORK) == libpq(NETWORK)


def test_libpq_gets_only_what_is_known() -> None:
    assert as_variables(SOCKET) == {
        "PGHOST": "/a b/run",
        "PGUSER": "dongne",
        "PGDATABASE": "bench",
    }
    assert as_variables(NETWORK)["PGPASSWORD"] == "p@ss"
    assert as_variables(NETWORK)["PGPORT"] == "5433"


def test_our_server_gets_its_driver_and_its_password() -> None:
    assert our_settings(NETWORK)["DATABASE_URL"].startswith("postgresql+psycopg://user:p%40ss@")
