"""How people ask: click commands, output formats, the demo."""
