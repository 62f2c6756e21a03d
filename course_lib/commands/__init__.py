"""What `course …` does, a module a command or two; `course_lib.cli` only reads the command line and prints."""
