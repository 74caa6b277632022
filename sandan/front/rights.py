"""The level of every column of this room that holds words or persons."""

from sandan.core.levels import Levels

LEVELS: Levels = {
    "front.LoginFailure": {"sealed": "account source"},
    "front.Account": {"inside": "person"},
    "front.LoginCode": {"sealed": "phone_digest device digest code"},
    "front.Factor": {"inside": "person kind device", "sealed": "secret handle"},
    "front.RecoveryCode": {"inside": "person", "sealed": "digest"},
    "front.Visit": {"inside": "person how device prefix", "sealed": "key"},
    "front.Link": {"inside": "person provider", "sealed": "subject"},
}
