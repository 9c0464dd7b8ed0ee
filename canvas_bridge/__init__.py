"""Canvas LMS in our words: facts read from it and changes asked of it. Usable without Django."""
