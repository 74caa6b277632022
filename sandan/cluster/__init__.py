"""The embedded PostgreSQL, behind one door and without Django: `start(home)` gives a Cluster."""

from sandan.cluster.binaries import tools
from sandan.cluster.errors import ClusterError
from sandan.cluster.folders import secret
from sandan.cluster.server import APP, Cluster, start

__all__ = ["APP", "Cluster", "ClusterError", "secret", "start", "tools"]
