"""From what a customer wrote to lines of an order: pure rules, no database, nothing guessed."""
