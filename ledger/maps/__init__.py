"""Maps: which column of somebody's table is which field, said in a file and applied to rows."""
