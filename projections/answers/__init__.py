"""What an answer says, once, for terminal, page, JSON and files. No click, no colour."""
