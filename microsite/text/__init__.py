"""Facts in words: numbers, dates and citations as the readers of an edition write them."""
