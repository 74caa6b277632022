"""The ways out of the house: e-mail by SMTP and short messages by a signed HTTP provider."""

from django.conf import settings

from sandan.notices.channels.sms import is_safe


def is_stage() -> bool:
    """Whether this is the demonstration without a provider: nothing leaves, the ledger is filled as if it did."""
    return bool(settings.DEMO and not settings.SMS_URL)


def reaches_phones() -> bool:
    """Whether a short message would reach somebody: a provider is configured, or this is the demonstration."""
    configured = settings.SMS_KEY and settings.SMS_SECRET and is_safe(settings.SMS_URL)
    return is_stage() or bool(configured)


def reaches_mail() -> bool:
    """Whether an e-mail would leave the house: a mail server is configured."""
    return bool(settings.SMTP_URL)
