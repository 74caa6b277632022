"""The pages of the notices: the inbox, one's own wishes, what did not arrive, and the door of the receipts."""
