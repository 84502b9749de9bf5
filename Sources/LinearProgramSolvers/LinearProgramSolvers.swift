// The solver comes with its own branch; a target needs one file.
