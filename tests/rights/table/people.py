"""Lines of the room of people."""

from collections.abc import Mapping

from tests.rights.table.line import P

LINES: Mapping[str, P] = {
    # one's own page as a member
    "people:me": P(get="HELP"),
    "people:me_times": P(post="HELP"),
    "people:me_profile": P(post="HELP"),
    "people:me_checkin": P(get="HELP", post="HELP"),
    "people:me_leave": P("checkin", post="HELP"),
    "people:me_rate": P("checkin", post="HELP"),
    "people:me_answer": P("rating", post="HELP"),
    "people:portrait": P(get="worker leader", post="worker leader"),
    "people:portrait_picture": P(get="", also={"worker": "gone", "leader": "gone"}),
    "people:portrait_take_back": P(post="worker leader"),
    # the register of members, service posts
    "people:members": P(get="DESKS clerk"),
    "people:member_add": P(get="DESKS clerk", post="DESKS clerk"),
    "people:member": P("checkin", get="DESKS clerk"),
    "people:member_contact": P("checkin", post="DESKS clerk"),
    "people:member_charges": P("checkin", post="DESKS clerk"),
    "people:member_rate": P("checkin", post="DESKS clerk"),
    "people:member_answer": P("checkin", post="DESKS clerk"),
    "people:member_end": P("checkin", post="DESKS clerk"),
    "people:service": P(get="leader DESKS", post="leader DESKS"),
    "people:service_close": P("service", post="leader DESKS"),
    "people:service_take_back": P("service", post="leader DESKS"),
    # staff, posts, partners
    "people:staff": P(get="leader DESKS admin"),
    "people:staff_gaps": P("gaps", get="leader DESKS admin"),
    "people:person": P("person", get="leader DESKS admin"),
    "people:communities": P(get="leader DESKS admin"),
    "people:post_give": P("scope", get="street district admin", post="street district admin"),
    "people:post_end": P("post", get="street district admin", post="street district admin"),
    "people:post_hand_over": P("post", get="street district admin", post="street district admin"),
    "people:partners": P(get="street district admin"),
    "people:partner_where": P(get="", also={"street": "gone", "district": "gone", "admin": "gone"}),  # no place asked
    "people:partner_new": P("scope", get="street district admin", post="street district admin"),
    # one-day posts
    "people:day": P(get="", also={"*": "gone"}),  # no day of theirs today
    "people:day_act": P(post="", also={"*": "gone"}),  # no day of theirs today
    "people:day_summary": P(post="", also={"*": "gone"}),  # no day of theirs today
    "people:days": P(get="worker leader DESKS admin"),
    "people:day_one": P("day", get="worker leader DESKS admin", post="worker leader DESKS admin"),
    "people:day_where": P(get="", also={"desk": "gone", "street": "gone", "district": "gone", "admin": "gone"}),
    "people:day_new": P("scope", get="DESKS admin", post="DESKS admin"),
    # organisations and centre households
    "people:organisations": P(get="leader DESKS overseer admin"),
    "people:organisation_gaps": P("gaps", get="leader DESKS overseer admin"),
    "people:organisation_tree": P("scope", get="leader DESKS overseer admin"),
    "people:organisation_new": P("organisation", get="", post=""),
    "people:organisation_members": P("organisation", get="", post=""),
    "people:organisation_leave": P("organisation", post=""),
    "people:organisation_dissolve": P("organisation", post=""),
    "people:points": P(get="leader DESKS", post="leader DESKS"),
    "people:point_mine": P(get="", post="", also={"*": "gone"}),
    "people:point_ask": P("point", post="leader DESKS"),
    "people:point_close": P("point", post="leader DESKS"),
    # units that report in
    "people:progress": P(get="overseer"),
    "people:progress_rows": P("show", get="overseer"),
    "people:schemes": P(get="overseer"),
    "people:scheme_write": P(get="overseer", post="overseer"),
    "people:scheme": P("scheme", get="DESKS clerk overseer"),
    "people:units": P(get="DESKS clerk overseer"),
    "people:unit_add": P(get="district overseer", post="district overseer"),
    "people:unit": P("unit", get="DESKS clerk overseer"),
    "people:unit_file": P("unit", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_phone": P("unit", post="DESKS clerk overseer"),
    "people:unit_remind": P("unit", post="overseer"),
    "people:unit_step": P("unit", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_checkin": P("unit", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_pair": P("unit", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_hand_in": P("unit", get="clerk overseer", post="clerk overseer"),
    "people:unit_match": P("unit", post="clerk"),
    "people:unit_assign": P("unit", post="clerk"),
    "people:unit_remind_members": P("unit", post="clerk"),
    "people:unit_roster": P("unit", get="DESKS clerk overseer"),
    "people:row_excuse": P("row", get="clerk", post="clerk"),
    "people:row_excuse_end": P("row", post="clerk"),
    "people:row_settle": P("row", get="clerk", post="clerk"),
    "people:unit_checkin_end": P("unit checkin", post="DESKS clerk overseer"),
    "people:unit_link": P("unit checkin", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_rate": P("unit checkin", get="DESKS clerk overseer", post="DESKS clerk overseer"),
    "people:unit_link_end": P("unit link", post="DESKS clerk overseer"),
    "people:pair_end": P("pair", post="DESKS clerk overseer"),
    "people:units_community": P("code", get="DESKS overseer"),
    "people:units_survey": P("code", get="DESKS", post="DESKS"),
    "people:units_community_rows": P("code", get="DESKS overseer"),
    # lists that are brought
    "people:import": P("list", get="district overseer", post="district overseer", wide=True),  # of units
    "people:import_template": P("county", get="district overseer"),
    "people:import_look": P("list draft", get="", post=""),
    "people:import_progress": P("list draft", get=""),
    "people:import_undo": P("list draft", post=""),
}
