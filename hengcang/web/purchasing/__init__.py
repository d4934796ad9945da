"""Work pages of purchasing: what the generic list and editor cannot say."""
