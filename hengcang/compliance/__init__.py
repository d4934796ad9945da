"""Evidence: one line for every act, with a hash that shows when a line was altered."""
