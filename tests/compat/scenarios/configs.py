"""Label configs the scenarios share; the tutorial's five first."""

SENTIMENT = """
<View>
<Text name="text" value="$review_text"/>
<Choices name="sentiment" toName="text" choice="single">
<Choice value="Positive"/>
<Choice value="Negative"/>
<Choice value="Neutral"/>
</Choices>
</View>
"""
IMAGE_CLASS = """
<View>
<Image name="image" value="$image_url"/>
<Choices name="category" toName="image" choice="single">
<Choice value="Cat"/>
<Choice value="Dog"/>
<Choice value="Other"/>
</Choices>
</View>
"""
BOXES = """
<View>
<Image name="image" value="$image_url"/>
<RectangleLabels name="label" toName="image">
<Label value="Car" background="red"/>
<Label value="Person" background="blue"/>
<Label value="Bicycle" background="green"/>
</RectangleLabels>
</View>
"""
NER = """
<View>
<Labels name="label" toName="text">
<Label value="Person" background="#FF0000"/>
<Label value="Organization" background="#00FF00"/>
<Label value="Location" background="#0000FF"/>
<Label value="Date" background="#FFA500"/>
</Labels>
<Text name="text" value="$text"/>
</View>
"""
SUMMARY = """
<View>
<Text name="document" value="$text"/>
<TextArea name="summary" toName="document"
placeholder="Write a summary..."
maxSubmissions="1" rows="4"/>
</View>
"""
MIXED = """
<View>
  <Header value="$title"/>
  <Text name="text" value="$text"/>
  <Choices name="topic" toName="text" choice="multiple">
    <Choice value="Sport" alias="sp"/><Choice value="News"/><Choice value="Art"/>
  </Choices>
  <Rating name="stars" toName="text" maxRating="5"/>
  <TextArea name="note" toName="text"/>
</View>
"""
TWO_KEYS = """
<View>
  <Text name="a" value="$first"/><Text name="b" value="$second"/>
  <Choices name="c" toName="a"><Choice value="x"/></Choices>
</View>
"""


def choice(value: str, *more: str, control: str = "sentiment", to: str = "text") -> dict[str, object]:
    """A project-level choice as Label Studio writes it."""
    return {"from_name": control, "to_name": to, "type": "choices", "value": {"choices": [value, *more]}}


def box(label: str, x: float, y: float, width: float, height: float, region: str) -> dict[str, object]:
    """A rectangle in percent of a 640 × 480 image."""
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "rectanglelabels": [label]}
    return {
        "id": region,
        "from_name": "label",
        "to_name": "image",
        "type": "rectanglelabels",
        "value": value,
        "original_width": 640,
        "original_height": 480,
        "image_rotation": 0,
    }


def span(label: str, start: int, end: int, text: str, region: str) -> dict[str, object]:
    """A labeled stretch of text, offsets in characters."""
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return {"id": region, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
