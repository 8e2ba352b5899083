"""Boxes of a video track between its key frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_FRAMES = 1_000_000
"""Tracks that would get more frames come back as they are (nine hours at 30 frames a second)."""

_MOVING = ("x", "y", "width", "height", "rotation")


def interpolate_key_frames(result: list[Any]) -> list[Any]:
    """The result with a box for every frame on which a track is alive, marked `auto: true` where no key frame says so.

    Between two key frames a box moves linearly; after an enabled last key frame it stays until `framesCount`. A track without any
    key frame is left out. Times are seconds, rounded to hundredths. Results of other kinds, and tracks not shaped like one, come
    back as they are.
    """
    return [filled for item in result if (filled := _fill_track(item)) is not None]


def _fill_track(item: Any) -> Any:
    try:
        if item["type"].lower() != "videorectangle":
            return item
        value = item["value"]
        if not value["sequence"]:
            return None
        key_frames = sorted(value["sequence"], key=lambda frame: frame["frame"])
        if max(key_frames[-1]["frame"], value.get("framesCount", 0)) - key_frames[0]["frame"] > MAX_FRAMES:
            return item
        between = [
            frame
            for index, start in enumerate(key_frames)
            if start["enabled"]
            for frame in _frames_after(start, key_frames[index + 1 : index + 2], value)
        ]
        sequence = sorted([*value["sequence"], *between], key=lambda frame: frame["frame"])
    except (KeyError, TypeError, AttributeError):
        return item
    return {**item, "value": {**value, "sequence": sequence}}


def _frames_after(start: dict[str, Any], following: list[dict[str, Any]], value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Frames after `start` up to the next key frame, which neither repeats; to the end of the video if none follows."""
    end = following[0] if following else None
    steps = (end["frame"] if end else value.get("framesCount", 0)) - start["frame"]
    stop_s = end["time"] if end else None
    for step in range(1, steps + (0 if end else 1)):
        share = step / max(1, steps)
        moved = {name: start[name] + (end[name] - start[name]) * share if end else start[name] for name in _MOVING}
        if stop_s is not None and stop_s != start["time"]:
            time_s = start["time"] + (stop_s - start["time"]) * share
        elif value.get("duration", 0) > 0:
            time_s = start["time"] + (value["duration"] - start["time"]) * share
        else:
            time_s = start["time"]
        yield {**start, **moved, "frame": start["frame"] + step, "time": round(time_s, 2), "auto": True}
