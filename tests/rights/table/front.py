"""Lines of the way in, of the ground, of notices and the catalogue."""

from collections.abc import Mapping

from tests.rights.table.line import GUESTS, P

LINES: Mapping[str, P] = {
    # the way in, help, and what machines ask
    "front:home": P(get="*", open=True),
    "front:login": P(get="*", post="*", open=True),
    "front:logout": P(post="*", open=True),
    "front:start": P(get="*", also={"visitor": "login", "resident": "login"}),
    "front:help": P(get="*", open=True),
    "front:elder": P(post="*", open=True),
    "front:privacy": P(get="*", open=True),
    "front:gallery": P(get="", open=True, also={"*": "gone"}),
    "front:audit": P(get="auditor"),
    "front:rights": P(get="OURS"),
    "front:kept": P(get="auditor"),
    "running:ready": P(get="*", open=True),
    "running:live": P(get="*", open=True),
    "running:metrics": P(get="*", open=True),
    "front:code_ask": P(get="", post="", open=True, also={"*": "gone"}),  # no codes by message in tests
    "front:code_type": P(get="", post="", open=True, also={"*": "gone"}),
    "front:second": P(get="", post="", also={"*": "login"}),  # nobody is half signed in here
    "front:again": P(get="SIGNED", post="SIGNED"),
    "front:awake": P(post="SIGNED"),
    "front:safety": P(get="SIGNED"),
    "front:app": P(get="SIGNED", post="SIGNED"),
    "front:paper": P(post="", also={"*": "gone"}),  # nothing set up yet
    "front:passkey": P(get="", post="", also={"*": "gone"}),
    "front:drop": P(post="", also={"*": "gone"}),
    "front:password": P(get="SIGNED", post="SIGNED"),
    "front:accounts": P(get="security"),
    "front:account": P("account", get="security"),
    "front:account_move": P("account", post="security"),
    "dingtalk_login": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "dingtalk_callback": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "feishu_login": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "feishu_callback": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "weixin_login": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "weixin_callback": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "wecom_login": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "wecom_callback": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "openid_connect_login": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    "openid_connect_callback": P(get="", post="", open=True, also={"*": "gone"}),  # no provider is set up here
    # the ground
    "places:tree": P(get="OURS"),
    "places:map": P(get="OURS"),
    "places:outlines": P(
        "county", get="", wide=True, also={**dict.fromkeys(GUESTS, "login"), "*": "gone"}
    ),  # of grids, which this county has none of
    "places:estates": P(get="*", open=True),
    "places:own": P(get="district admin", post="district admin", also={"*": "gone"}),
    "places:look": P("import", get="district admin", post="district admin"),
    "places:undo_import": P("import", post="district admin"),
    "places:export": P("county", get="district admin"),
    "places:community": P("code", get="OURS", wide=True),
    "places:grids": P("code", get="district admin"),
    "places:divide": P("code", post="district admin"),
    "places:merge": P("code", post="district admin"),
    "places:undo": P("change", post="district admin"),
    # notices and the catalogue
    "notices:inbox": P(get="OURS"),
    "notices:read_all": P(post="OURS"),
    "notices:open": P("notice", post="OURS"),
    "notices:reach": P(get="OURS", post="OURS"),
    "notices:unsent": P(get="DESKS admin"),
    "notices:handle": P("delivery", post="DESKS"),
    "notices:receipts": P(post="", open=True, also={"*": "broken 401"}),  # the provider's, by signature
    "intake:catalogue": P(get="STAFF auditor admin"),
    "intake:gate": P(get="STAFF auditor admin"),
    "intake:propose": P(post="STAFF auditor admin"),
    "intake:decide": P("proposal", post="district"),
}
