"""Every kind of document behind one set of endpoints; `kinds` says which action does what."""
