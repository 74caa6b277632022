"""The course of one simulated order: what people do next, how likely, and after how long."""

from sandan.demo.course.common import asker, caller, phone
from sandan.demo.course.giving import offer_if_idle
from sandan.demo.course.judging import begin, begin_twin, give_back
from sandan.demo.course.resuming import go_on

__all__ = ["asker", "begin", "begin_twin", "caller", "give_back", "go_on", "offer_if_idle", "phone"]
