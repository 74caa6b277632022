"""The ways out of the house: e-mail by SMTP and short messages by a signed HTTP provider."""

from django.conf import settings


def reaches_phones() -> bool:
    """Whether a short message would reach somebody: a provider is configured, or this is the demonstration."""
    return bool(settings.DEMO or (settings.SMS_URL and settings.SMS_KEY and settings.SMS_SECRET))


def reaches_mail() -> bool:
    """Whether an e-mail would leave the house: a mail server is configured."""
    return bool(settings.SMTP_URL)
