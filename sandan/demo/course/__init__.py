"""The course of one simulated order: what people do next, how likely, and after how long."""

from sandan.demo.course.common import caller, phone
from sandan.demo.course.giving import offer_if_idle
from sandan.demo.course.judging import begin, begin_twin

__all__ = ["begin", "begin_twin", "caller", "offer_if_idle", "phone"]
