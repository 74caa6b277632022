"""The storms' own tool: a server of several real processes that can be killed and comes back."""

import urllib.request

from tests.storm.crowd import Call, at_once
from tests.storm.servers import Server


def children(pid: int) -> int:
    """How many processes hang under one."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return len(file.read().split())


class TestServer:
    def test_has_several_processes_and_answers(self, server: Server) -> None:
        assert children(server.pid) >= 2
        with urllib.request.urlopen(f"{server.base}/login/") as answer:
            assert answer.status == 200

    def test_comes_back_at_the_same_address_after_a_kill(self, server: Server) -> None:
        base = server.base
        server.kill()
        assert not server.answers()
        server.restart()
        assert (server.base, server.answers()) == (base, True)


class TestCrowd:
    def test_gets_every_answer(self, server: Server) -> None:
        answers = at_once(server.port, [Call("/login/")] * 40)
        assert [answer.status for answer in answers] == [200] * 40
        assert all("</html>" in answer.body for answer in answers)

    def test_says_where_nobody_was(self, server: Server) -> None:
        server.kill()
        assert [answer.status for answer in at_once(server.port, [Call("/login/")])] == [0]
