"""E-mail through Django's mail backend, one connection a message; a mail server knows no key, so a copy may arrive.

A line that broke after the message was on its way leaves it open whether it arrived: that is UNSURE, tried once more.
"""

import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from sandan.notices.channels.trouble import UNSURE, Trouble


def send(*, key: str, address: str, text: str) -> str:
    """Hand one message to the mail server; its Message-ID, the same at every try of the key, by which a mail server or
    mailbox knows a copy. Raises Trouble, UNSURE where it may have gone out."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    reference = f"<{key}@{domain}>"
    server = get_connection()
    mail = EmailMessage(
        subject=text.splitlines()[0][:60], body=text, to=[address], headers={"Message-ID": reference}, connection=server
    )
    is_open = False
    try:
        server.open()
        is_open = True
        mail.send()
    except smtplib.SMTPAuthenticationError:
        raise Trouble("smtp_login") from None
    except smtplib.SMTPRecipientsRefused as refusal:  # its words quote the address
        raise Trouble("smtp_refused", is_final=all(code >= 500 for code, _ in refusal.recipients.values())) from None
    except smtplib.SMTPResponseException as refusal:
        raise Trouble(f"smtp_{refusal.smtp_code}", is_final=refusal.smtp_code >= 550) from None
    except (smtplib.SMTPException, OSError):
        raise Trouble(UNSURE if is_open else "no_connection") from None
    except ValueError:  # an address that is none
        raise Trouble("address", is_final=True) from None
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.close()
    return reference[:64]
