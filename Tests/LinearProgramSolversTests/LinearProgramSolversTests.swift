// The tests come with the solver; a target needs one file.
