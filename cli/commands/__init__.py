"""One file per command; `main` finds them by their names. A file defines `command`."""
