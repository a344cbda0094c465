"""What each kind of document says: one module with a function `content` for each."""
