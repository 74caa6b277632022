"""The codes of a county's communities, told by a process of its own: python -m tests.storm.communities COUNTY"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from sandan.places.models import Place

    rows = Place.objects.filter(kind="community", code__startswith=sys.argv[1]).values_list("code", flat=True)
    sys.stdout.write(json.dumps(sorted(rows)))
