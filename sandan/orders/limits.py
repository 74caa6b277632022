"""What one device, one phone and one address may send in a stretch of time, as rules; of those signed in
only who looks for callers is limited.

An address alone never closes the door: thousands of phones share one. It counts only for devices that this site has
not known for ten minutes, and for those the door opens by waiting.
"""

from datetime import timedelta

from sandan.core.tallies import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YOUNG = timedelta(minutes=10)
TYPE_WITHIN = timedelta(minutes=30)  # how long a pass waits to be typed

ORDERS = Limit("order", 10, HOUR)
ORDERS_A_DAY = Limit("order day", 30, DAY)
ORDERS_OF_A_PHONE = Limit("order phone", 20, DAY)
DRAFTS = Limit("draft", 40, HOUR)
PHOTOS = Limit("photo", 60, HOUR)
CODES = Limit("code", 6, HOUR)
CALLERS = Limit("caller", 20, HOUR)  # looks of one person for a caller by the last four digits
BY_YOUNG = Limit("young", 300, HOUR)  # of all devices that are new here, from one address
