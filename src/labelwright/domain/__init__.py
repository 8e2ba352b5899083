"""The words of labeling as frozen values. They know no database, no HTTP and no JSON spelling of anybody's.

Read in this order: `jsontext`, `task`, `annotation`, `result`.
"""
