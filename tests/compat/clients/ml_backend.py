"""A model on label_studio_ml 1.0.9 as its users write it; it notes what it is told. Arguments: port, model folder, notes."""

import json
import sys

from label_studio_ml.api import init_app
from label_studio_ml.model import LabelStudioMLBase

port, folder, notes = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Mood(LabelStudioMLBase):
    TRAIN_EVENTS = (*LabelStudioMLBase.TRAIN_EVENTS, "START_TRAINING")

    def predict(self, tasks, **kwargs):
        name, control = next(iter(self.parsed_label_config.items()))
        said = []
        for task in tasks:
            choice = control["labels"][0 if "good" in task["data"]["text"] else 1]
            item = {
                "from_name": name,
                "to_name": control["to_name"][0],
                "type": control["type"].lower(),
                "value": {"choices": [choice]},
            }
            said.append({"result": [item], "score": 0.75})
        return said

    def fit(self, tasks, workdir=None, event=None, data=None, **kwargs):
        with open(notes, "a") as out:
            annotation = data.get("annotation")
            about = [annotation["id"], annotation["result"][0]["value"]] if annotation else [data["project"]["id"], None]
            line = [event, *about, data["project"]["label_config"]]
            out.write(json.dumps(line) + "\n")
        return {"trained": True}


if __name__ == "__main__":
    init_app(Mood, model_dir=folder).run(host="127.0.0.1", port=port)
