"""`copies`: one of the processes of `sandan demo --orders`; prints how many orders and rows each chunk has."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sandan.core.errors import Refused
from sandan.demo.bulk.filling import here, refuse_real_people
from sandan.demo.bulk.studio import Task


class Command(BaseCommand):
    help = "演示：成批生成的单子里，一个进程的那一份"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county, how many orders, and what all processes of the pass share."""
        parser.add_argument("county")
        parser.add_argument("count", type=int)
        parser.add_argument("--newest", type=int, required=True)
        parser.add_argument("--now", type=datetime.fromisoformat, required=True)
        parser.add_argument("--part", type=int, default=0)
        parser.add_argument("--parts", type=int, default=1)
        parser.add_argument("--open", action="store_true")

    def handle(self, *_words: Any, **options: Any) -> None:
        """Copy until the share is made."""
        task = Task(
            options["county"], options["newest"], options["open"], options["now"], options["part"], options["parts"]
        )  # fmt: skip
        try:
            refuse_real_people()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        with connection.cursor() as cursor:  # what a power cut would lose is made again
            cursor.execute("SET synchronous_commit TO off")
        for orders, rows in here(task, options["count"]):
            self.stdout.write(f"{orders} {rows}")
            self.stdout.flush()
