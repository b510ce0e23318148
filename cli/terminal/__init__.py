"""How answers reach a terminal, a pipe or a file: formats, tables, charts."""
