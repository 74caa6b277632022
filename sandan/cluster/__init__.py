"""The embedded PostgreSQL, behind one door and without Django: `start(home)` gives a Cluster."""

from sandan.cluster.errors import ClusterError
from sandan.cluster.folders import secret
from sandan.cluster.server import Cluster, start

__all__ = ["Cluster", "ClusterError", "secret", "start"]
