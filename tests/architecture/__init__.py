"""Rules of the code that no linter knows."""
