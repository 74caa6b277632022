"""The pages of the people room, one file of views for each subject."""
