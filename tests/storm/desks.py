"""A desk in every community of a county, signed in; prints code and cookie: python -m tests.storm.desks COUNTY"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from sandan.front.views.admitting import BACKEND
    from sandan.people import actions
    from sandan.people.models import Role
    from sandan.places.models import Place

    cookies, at = {}, timezone.now()
    for code in Place.objects.filter(kind="community", code__startswith=sys.argv[1]).values_list("code", flat=True):
        person = actions.make_person(
            login=f"desk{code}", name="派单", phone="", password="for the soak alone", scope=code, by="system", at=at
        )  # fmt: skip
        actions.give_post(person=person, role=Role.DISPATCHER, scope=code, from_at=at, by="system", at=at)
        session = SessionStore()
        session.update({
            "_auth_user_id": str(person.pk), "_auth_user_backend": BACKEND,
            "_auth_user_hash": person.get_session_auth_hash(),
        })  # fmt: skip
        session.create()
        cookies[code] = f"sessionid={session.session_key}"
    sys.stdout.write(json.dumps(cookies))
