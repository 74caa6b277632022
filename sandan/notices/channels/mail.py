"""E-mail through Django's mail backend, one connection a message; a mail server knows no key, so a copy may arrive."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from sandan.notices.channels.trouble import Trouble


def send(*, key: str, address: str, text: str) -> str:
    """Hand one message to the mail server; its Message-ID, by which a mailbox knows a copy. Raises Trouble."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    reference = f"<{key}@{domain}>"
    mail = EmailMessage(subject=text.splitlines()[0][:60], body=text, to=[address], headers={"Message-ID": reference})
    try:
        mail.send()
    except smtplib.SMTPAuthenticationError:
        raise Trouble("smtp_login") from None
    except smtplib.SMTPRecipientsRefused as refusal:  # its words quote the address
        raise Trouble("smtp_refused", is_final=all(code >= 500 for code, _ in refusal.recipients.values())) from None
    except smtplib.SMTPResponseException as refusal:
        raise Trouble(f"smtp_{refusal.smtp_code}", is_final=refusal.smtp_code >= 550) from None
    except (smtplib.SMTPException, OSError):
        raise Trouble("no_connection") from None
    except ValueError:  # an address that is none
        raise Trouble("address", is_final=True) from None
    return reference[:64]
