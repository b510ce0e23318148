"""All SQL: tables, engines, guards, statements, rows and what sums them up."""
