"""Training: an office that exists only for practice, and a whole working day played by the program itself."""
