"""Where somebody speaks: what is louder than the recording's background."""

import wave

import numpy as np

from labelwright.ml import LabelwrightMLBase

FRAME_S = 0.02
BRIDGE_S = 0.3  # a shorter pause is part of the speech
SHORTEST_S = 0.1
QUIETEST_DB = -80.0
SILENT_BELOW_DB = -50.0


class VoiceActivity(LabelwrightMLBase):
    INITIAL_MODEL_VERSION = "energy-1"

    def setup(self):
        _, _, self.field = self.get_first_tag_occurence("Labels", "Audio")
        self.over_background_db = float(self.extra_params.get("over_background_db", 12))

    def predict(self, tasks, context=None, **kwargs):
        predictions = []
        for task in tasks:
            try:
                parts = self.listen(self.download(task["data"][self.field], task))
            except (wave.Error, EOFError):
                predictions.append(None)  # no WAV file
                continue
            predictions.append(self.prediction([self.segment(start, end, "Speech") for start, end in parts], score=0.8))
        return predictions

    def listen(self, path):
        """(start, end) of each part that is loud, in seconds."""
        samples, rate = read_wav(path)
        size = max(1, int(rate * FRAME_S))
        frames = samples[: len(samples) // size * size].reshape(-1, size)
        level_db = 10 * np.log10(np.maximum((frames**2).mean(axis=1), 10 ** (QUIETEST_DB / 10)))
        background_db = np.percentile(level_db, 10) if len(level_db) else QUIETEST_DB
        is_loud = level_db > max(background_db + self.over_background_db, SILENT_BELOW_DB)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], is_loud.astype(np.int8), [0]])))
        parts = []
        for start, end in edges.reshape(-1, 2) * size / rate:
            if parts and start - parts[-1][1] < BRIDGE_S:
                parts[-1] = (parts[-1][0], float(end))
            else:
                parts.append((float(start), float(end)))
        return [(start, end) for start, end in parts if end - start >= SHORTEST_S]


def read_wav(path):
    """The sound of all channels together, from -1 to 1, and its samples per second."""
    with wave.open(str(path)) as sound:
        content = sound.readframes(sound.getnframes())
        width, channels, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
    if width == 1:  # 8 bit is unsigned
        samples = (np.frombuffer(content, np.uint8).astype(float) - 128) / 128
    elif width in (2, 4):
        samples = np.frombuffer(content, f"<i{width}").astype(float) / 2 ** (8 * width - 1)
    else:
        raise wave.Error(f"{8 * width} bit are not read")
    return samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1), rate
