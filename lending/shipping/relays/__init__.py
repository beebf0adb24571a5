"""From school to school: a copy goes on to who has it next without coming home, counted by both schools."""
