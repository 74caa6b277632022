"""The writes of this room in words of their own, for core.joined.Statement; values stand beside each."""

MOVE_PHOTOS = "UPDATE orders_photo SET order_id = %s, draft_id = NULL WHERE draft_id = %s"  # order, draft
DROP_DRAFT = "DELETE FROM orders_draft WHERE key = %s"  # draft
