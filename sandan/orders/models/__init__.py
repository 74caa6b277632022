"""Tables of the order, its people, its words and its course."""

from sandan.orders.models.card import CardIssue, CardRun
from sandan.orders.models.course import CallBack, Check, Custody, Extension, Offer, Pause, Review
from sandan.orders.models.duty import Duty, Page, Paging
from sandan.orders.models.follow import Knock, PhoneCode
from sandan.orders.models.grabbing import Claim, Consent, GrabRule, Round
from sandan.orders.models.joint import Share
from sandan.orders.models.ladder import LevelLimit, Step
from sandan.orders.models.limits import Pass
from sandan.orders.models.old_number import OldNumber
from sandan.orders.models.order import Order, OrderQuerySet
from sandan.orders.models.partner import Sending
from sandan.orders.models.resident_data import DataConsent, EraseWish
from sandan.orders.models.whistle import Call, Whistle
from sandan.orders.models.whistle_phone import Ring
from sandan.orders.models.words import Asker, Draft, Photo, Words

__all__ = [
    "Asker",
    "Call",
    "CallBack",
    "CardIssue",
    "CardRun",
    "Check",
    "Claim",
    "Consent",
    "Custody",
    "DataConsent",
    "Draft",
    "Duty",
    "EraseWish",
    "Extension",
    "GrabRule",
    "Knock",
    "LevelLimit",
    "Offer",
    "OldNumber",
    "Order",
    "OrderQuerySet",
    "Page",
    "Paging",
    "Pass",
    "Pause",
    "PhoneCode",
    "Photo",
    "Review",
    "Ring",
    "Round",
    "Sending",
    "Share",
    "Step",
    "Whistle",
    "Words",
]
