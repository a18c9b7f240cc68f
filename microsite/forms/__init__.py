"""The forms in which a page shows facts: inside a sentence, as a block of its own, as a list."""
