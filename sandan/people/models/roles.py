"""What a post lets somebody do."""

from django.db import models


class Role(models.TextChoices):
    """What a post lets somebody do; the rights behind each stand in people.access."""

    MEMBER = "member"  # 在职党员, takes and grabs orders
    GRID_WORKER = "grid_worker"  # 网格员
    GRID_LEADER = "grid_leader"  # 网格长
    DISPATCHER = "dispatcher"  # 社区派单员
    LIAISON = "liaison"  # 街道联络员
    DISTRICT = "district"  # 区级值班
    UNIT_CLERK = "unit_clerk"  # 单位经办人
    PARTNER = "partner"  # 外联单位经办人: sees what was sent to them and nothing else
    OVERSEER = "overseer"  # 主管工委: reads the units of its level and writes schemes; no residents' data
    DAY_WORKER = "day_worker"  # 一日网格员: until midnight, in a mentor's name
    ORG_KEEPER = "org_keeper"  # 组织管理员: the organisations' own space, and nothing else
    AUDITOR = "auditor"  # 审计员: logs only
    SECURITY = "security"  # 安全管理员: accounts, locks, keys; neither settings nor logs nor residents' data
    ADMIN = "admin"  # 系统管理员: no residents' data


HELPING = (Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER)  # those who may grab and are asked
