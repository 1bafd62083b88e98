"""A local government's merging of proposals that say the same, and its undoing."""
