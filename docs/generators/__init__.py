"""One module per generated page of the reference, each with functions that give back the page's text.

`docs/build.py` lists them. What a page says comes from the code that does it; words that the code does not hold stand in the
module, by name, and a name without words stops the build.
"""
