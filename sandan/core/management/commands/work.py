"""`sandan manage work`: one more process for due work; `sandan serve` starts one by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from sandan.core import logs, tasks


class Command(BaseCommand):
    help = "运行一个后台进程（期限、通知、日志封存）"
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Work until told to stop."""
        logs.guard()
        tasks.run_worker()
