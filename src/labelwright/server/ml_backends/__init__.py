"""Connected models (ML backends).

In reading order: `client.py` talks to one over HTTP, in the protocol of Label Studio's ML backends; `open_model.py` makes a
client of a stored row; `doctor.py` asks one task and explains in words what is wrong with the answer.
"""
