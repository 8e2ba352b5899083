/** Configs with a task (and an answer) each, to look at the editor without a server. */
import type { ResultItem } from "@labelwright/engine";

export interface Example {
  readonly config: string;
  readonly data: Record<string, unknown>;
  readonly result?: readonly ResultItem[];
}

const svg = (body: string) => `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="853">${body}</svg>`)}`;
const street = svg(
  '<rect width="1280" height="853" fill="#bcd3e6"/><rect y="520" width="1280" height="333" fill="#6b7078"/><rect x="60" y="180" width="300" height="360" fill="#a98467"/><rect x="420" y="90" width="240" height="450" fill="#8a9a8b"/><rect x="180" y="560" width="260" height="120" rx="30" fill="#b3202c"/><rect x="700" y="580" width="300" height="140" rx="34" fill="#23527c"/><circle cx="1120" cy="500" r="40" fill="#e6c9a8"/><rect x="1085" y="540" width="70" height="160" rx="20" fill="#394b59"/>',
);
const review =
  "The parcel came two days late and the box was torn, but the lamp itself is lovely: warm light, solid base, and it was easy to put together.\n\nSupport answered within the hour and sent a new shade at no cost. I would buy here again, though I hope they find a better courier.";
const news =
  "Marie Curie was born in Warsaw and moved to Paris in 1891, where she studied at the Sorbonne. In 1903 she shared the Nobel Prize in Physics with Pierre Curie and Henri Becquerel; in 1911 she received the prize in Chemistry.\n\nDuring the First World War she equipped ambulances with X-ray machines.";

const span = (id: string, text: string, label: string): ResultItem => {
  const start = news.indexOf(text);
  return { id, from_name: "label", to_name: "text", type: "labels", value: { start, end: start + text.length, text, labels: [label] } };
};

const box = (id: string, x: number, y: number, width: number, height: number, label: string): ResultItem => ({
  id, from_name: "box", to_name: "image", type: "rectanglelabels", original_width: 1280, original_height: 853, image_rotation: 0,
  value: { x, y, width, height, rotation: 0, rectanglelabels: [label] },
});

function manyWords(count: number): string {
  return Array.from({ length: count }, (_, index) => `word${index % 97}`).join(" ").replace(/((?:\S+ ){16})/g, "$1\n");
}

function manySpans(): Example {
  const text = manyWords(29000);
  const result = Array.from({ length: 2000 }, (_, index): ResultItem => {
    const start = text.indexOf(" ", Math.floor((index * text.length) / 2000)) + 1;
    const end = text.indexOf(" ", start + 6);
    return { id: `s${index}`, from_name: "label", to_name: "text", type: "labels", value: { start, end, text: text.slice(start, end), labels: [index % 2 ? "Person" : "Place"] } };
  });
  return { config: ner, data: { text }, result };
}

const ner = '<View>\n  <Labels name="label" toName="text">\n    <Label value="Person"/>\n    <Label value="Place"/>\n    <Label value="Organisation" alias="ORG"/>\n    <Label value="Date"/>\n  </Labels>\n  <Text name="text" value="$text"/>\n  <Relations><Relation value="lives in"/><Relation value="works at"/></Relations>\n</View>';
const boxes = '<View>\n  <Image name="image" value="$image"/>\n  <RectangleLabels name="box" toName="image">\n    <Label value="Car"/>\n    <Label value="Person"/>\n    <Label value="House"/>\n  </RectangleLabels>\n</View>';

export const examples: Readonly<Record<string, Example>> = {
  "Text classification": {
    config: '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="sentiment" toName="text" required="true">\n    <Choice value="Positive"/>\n    <Choice value="Negative"/>\n    <Choice value="Neutral" hint="Neither, or both in equal measure"/>\n  </Choices>\n</View>',
    data: { text: review },
  },
  "Named entities": { config: ner, data: { text: news }, result: [span("a", "Marie Curie", "Person"), span("b", "Warsaw", "Place"), span("c", "Sorbonne", "ORG"), span("d", "Pierre Curie", "Person"), { from_id: "a", to_id: "b", type: "relation", direction: "right", labels: ["lives in"] }] },
  "Boxes": { config: boxes, data: { image: street }, result: [box("1", 14, 65, 21, 15, "Car"), box("2", 54, 67, 25, 18, "Car"), box("3", 83, 53, 9, 30, "Person"), box("4", 5, 20, 23, 44, "House")] },
  "Boxes with questions": {
    config: '<View>\n  <Header value="Mark every text block and type what it says"/>\n  <Image name="image" value="$image"/>\n  <Labels name="kind" toName="image"><Label value="Sign"/><Label value="Plate"/></Labels>\n  <Rectangle name="box" toName="image"/>\n  <Header value="What does it say?" size="5"/>\n  <TextArea name="words" toName="image" perRegion="true" required="true"/>\n  <Choices name="legible" toName="image" perRegion="true" showInline="true"><Choice value="clear"/><Choice value="blurred"/></Choices>\n  <Choices name="scene" toName="image"><Choice value="Day"/><Choice value="Night"/></Choices>\n</View>',
    data: { image: street },
    result: [{ id: "r", from_name: "box", to_name: "image", type: "rectangle", original_width: 1280, original_height: 853, image_rotation: 0, value: { x: 54, y: 67, width: 25, height: 18, rotation: 0 } }, { id: "r", from_name: "kind", to_name: "image", type: "labels", original_width: 1280, original_height: 853, image_rotation: 0, value: { x: 54, y: 67, width: 25, height: 18, rotation: 0, labels: ["Plate"] } }],
  },
  "All forms": {
    config:
      '<View>\n  <Header value="About the review" size="3"/>\n  <Text name="text" value="$text"/>\n  <Header value="Topics"/>\n  <Choices name="topics" toName="text" choice="multiple" showInline="true"><Choice value="Delivery"/><Choice value="Quality"/><Choice value="Service"/><Choice value="Price"/></Choices>\n  <Header value="Would they come back?"/>\n  <Choices name="back" toName="text" choice="single-radio"><Choice value="Yes"/><Choice value="No"/></Choices>\n  <View visibleWhen="choice-selected" whenTagName="back" whenChoiceValue="No"><Header value="Why not?" size="5"/><TextArea name="why" toName="text" required="true"/></View>\n  <Header value="Rating"/>\n  <Rating name="stars" toName="text"/>\n  <Header value="Department"/>\n  <Taxonomy name="dept" toName="text" showFullPath="true"><Choice value="Sales"><Choice value="Online"/><Choice value="Shops"/></Choice><Choice value="Care"><Choice value="Phone"/><Choice value="Mail"><Choice value="Letters"/></Choice></Choice></Taxonomy>\n  <Header value="Language"/>\n  <Choices name="lang" toName="text" layout="select"><Choice value="English"/><Choice value="German"/></Choices>\n  <Header value="Summary"/>\n  <TextArea name="summary" toName="text" rows="3" maxSubmissions="1" placeholder="One or two sentences"/>\n  <Header value="Days of delay"/>\n  <Number name="days" toName="text" min="0" max="30"/>\n  <Header value="Sent on"/>\n  <DateTime name="sent" toName="text" only="date"/>\n</View>',
    data: { text: review },
    result: [{ id: "1", from_name: "topics", to_name: "text", type: "choices", value: { choices: ["Delivery", "Service"] } }, { id: "2", from_name: "stars", to_name: "text", type: "rating", value: { rating: 4 } }, { id: "3", from_name: "dept", to_name: "text", type: "taxonomy", value: { taxonomy: [["Sales", "Online"]] } }],
  },
  "Nested choices": {
    config: '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="topic" toName="text" choice="multiple" allowNested="true">\n    <Choice value="Goods"><Choice value="Lamp"/><Choice value="Packaging"/></Choice>\n    <Choice value="People"><Choice value="Courier"/><Choice value="Support"/></Choice>\n    <Choice value="Other"/>\n  </Choices>\n</View>',
    data: { text: review },
    result: [{ id: "1", from_name: "topic", to_name: "text", type: "choices", value: { choices: [["Goods", "Lamp"]] } }],
  },
  "Custom layout": {
    config: '<View>\n  <Style>.ask { padding: 12px 16px; border-left: 3px solid teal; } } body { --x: 1 } .ask { outline: 1px dotted gray; background: url(https://example.org/a.png) } @import url(https://example.org/x.css);</Style>\n  <View style="display: grid; grid-template-columns: 2fr 1fr; gap: 24px">\n    <View style="background: #f6f1e7; padding: 16px; border-radius: 8px"><Text name="text" value="$text"/></View>\n    <View className="ask">\n      <Header value="How helpful is it?" underline="true"/>\n      <Rating name="stars" toName="text" icon="heart"/>\n      <Markdown>**Guide**\n- 5: answers everything\n- 1: says *nothing*</Markdown>\n      <Collapse><Panel value="More"><TextArea name="more" toName="text"/></Panel></Collapse>\n    </View>\n  </View>\n  <Audio name="audio" value="$audio"/>\n</View>',
    data: { text: review, audio: "x.wav" },
  },
  "Pairwise": {
    config: '<View>\n  <Header value="$question"/>\n  <Pairwise name="better" toName="a,b"/>\n  <View style="display: grid; grid-template-columns: 1fr 1fr; gap: 16px"><Text name="a" value="$first"/><Text name="b" value="$second"/></View>\n</View>',
    data: { question: "Which answer is better?", first: "Plants are green because of chlorophyll.", second: "Chlorophyll in leaves absorbs red and blue light and reflects green." },
  },
  "Many labels": {
    config: `<View>\n  <Labels name="label" toName="text">${Array.from({ length: 40 }, (_, index) => `<Label value="Class ${index + 1}"/>`).join("")}</Labels>\n  <Text name="text" value="$text"/>\n</View>`,
    data: { text: news },
  },
  "500 boxes": {
    config: boxes,
    data: { image: street },
    result: Array.from({ length: 500 }, (_, index) => box(`b${index}`, (index % 25) * 4, Math.floor(index / 25) * 5, 3, 4, ["Car", "Person", "House"][index % 3] ?? "Car")),
  },
  "2000 spans": manySpans(),
};
