"""Owns the scratch environments of the peers below `var/bench`; never touches the product's."""

from dataclasses import dataclass
from pathlib import Path

from backend.ops import apt, interpreter, packages, stamps
from backend.ops.command import environment, run_logged
from backend.ops.errors import OpsError
from backend.ops.packages import Need
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.serving.server import scratch

_FILES = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Peer:
    """Software that answers the same questions; `peers/NAME.txt` pins all of its packages.

    :param needs: what Debian has to provide.
    :param folder: where its pins are.
    """

    name: str
    title: str
    needs: tuple[Need, ...] = ()
    folder: Path = _FILES

    @property
    def pins(self) -> Path:
        """Return the file of names and versions."""
        return self.folder / f"{self.name}.txt"

    @property
    def tables(self) -> Path:
        """Return the file of statements that fill the peer's tables."""
        return self.folder / f"{self.name}.sql"


GDAL = Need("GDAL for MapIt", ("libgdal32",), ("gdal-bin",), required=False)
TIPG = Peer("tipg", "tipg 1.6.1")
MAPIT = Peer("mapit", "MapIt 3.0", (GDAL,))
KRGC = Peer("krgc", "krgc 0.1.0")
PEERS = (TIPG, MAPIT, KRGC)


def home(paths: Paths, peer: Peer) -> Path:
    """Return the folder of a peer's environment."""
    return scratch(paths) / peer.name


def program(paths: Paths, peer: Peer, name: str) -> str:
    """Return the path of a program in a peer's environment."""
    return str(home(paths, peer) / "bin" / name)


def ensure(paths: Paths, progress: Progress, peer: Peer) -> None:
    """Install a peer unless its pins are installed already.

    :raises OpsError: when Debian's packages, Python or pip fail.
    """
    missing = packages.missing(peer.needs)
    if missing:
        apt.install(progress, missing, paths.logs / "apt-bench.log")
    stamp = home(paths, peer) / "made-from-pins"
    digest = stamps.digest([peer.pins])
    if stamps.matches(stamp, digest):
        return
    python = interpreter.find()
    if python is None:
        raise OpsError("Python 3.11 or later is needed.", "make doctor")
    log = paths.logs / f"bench-{peer.name}-install.log"
    log.unlink(missing_ok=True)
    with progress.step(f"Installing {peer.title}") as step:
        make = [python.path, "-m", "venv", "--clear", str(home(paths, peer))]
        run_logged(step, make, log=log, cwd=paths.root)
        # Without dependencies: MapIt asks for a source build of psycopg2 and a compiler of
        # stylesheets. The pins are complete.
        pip = [program(paths, peer, "python"), "-m", "pip", "install", "--progress-bar", "off"]
        env = environment(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
        arguments = ["--no-deps", "-r", str(peer.pins)]
        run_logged(step, [*pip, *arguments], log=log, cwd=paths.root, env=env)
        stamps.write(stamp, digest)
