"""From an XML document to the tree of tags. Never raises: what is wrong with the document is in `problems`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from xml.parsers import expat

from labelwright.labelconfig.attributes import type_attributes
from labelwright.labelconfig.config import START, ConfigNode, ConfigProblem, LabelConfig, Place
from labelwright.labelconfig.tag import tag_schema

MAX_DEPTH = 100
MAX_BYTES = 1_000_000


def parse_config(text: str) -> LabelConfig:
    """The config that the document spells.

    Tag and attribute names may be in any case. Document types and entities are refused, so are documents of more than
    1 MB and tags nested more than 100 deep.

    >>> config = parse_config('<View><Text name="t" value="$text"/><Rating name="r" toName="t"/></View>')
    >>> config.by_name["r"].attrs["maxrating"], config.controls_of("t")[0].place
    (5, Place(line=1, column=37))
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        return _unreadable(text, ConfigProblem(message=f"not a valid text: {error.reason}", fix="Save the config as UTF-8."))
    if len(data) > MAX_BYTES:
        message = f"the config is {len(data)} bytes long, at most {MAX_BYTES} are allowed"
        return _unreadable(text, ConfigProblem(message=message, fix='Take long lists of labels from the task: value="$labels".'))
    reader = _Reader(data)
    try:
        reader.parser.Parse(data, True)
    except _Refused as refused:
        return _unreadable(text, refused.problem)
    except expat.ExpatError as error:
        return _unreadable(text, reader.explain(error))
    root = reader.roots[0]
    return index_config(text, root, tuple(reader.comments))


def as_config(config: LabelConfig | str) -> LabelConfig:
    """The config itself, or parsed from its document."""
    return parse_config(config) if isinstance(config, str) else config


def index_config(source: str, root: ConfigNode, comments: tuple[str, ...] = ()) -> LabelConfig:
    """A config around a tree: what is found by name, what shows and what asks."""
    by_name: dict[str, ConfigNode] = {}
    objects, controls = [], []
    makes_regions = False
    for node in root.walk():
        if not node.name:
            continue
        by_name.setdefault(node.name, node)
        schema = tag_schema(node.tag)
        kind = schema.kind if schema else ("control" if node.to_name else "object")
        if kind == "object" or (kind == "control" and node.to_name == (node.name,)):
            objects.append(node)
        if kind == "control" or (kind == "object" and node.to_name):
            controls.append(node)
            makes_regions = makes_regions or (schema is not None and schema.regions)
    return LabelConfig(
        source=source,
        root=root,
        by_name=MappingProxyType(by_name),
        objects=tuple(objects),
        controls=tuple(controls),
        comments=comments,
        makes_regions=makes_regions,
    )


def make_node(
    written_tag: str,
    written: Mapping[str, str],
    text: str = "",
    children: tuple[ConfigNode, ...] = (),
    place: Place = START,
    offset: int = 0,
) -> ConfigNode:
    """A node from its written parts, attributes typed by the schema of the tag."""
    schema = tag_schema(written_tag)
    raw = {name.lower(): value for name, value in written.items()}
    return ConfigNode(
        tag=schema.name if schema else written_tag,
        written_tag=written_tag,
        name=raw.get("name", ""),
        to_name=tuple(part.strip() for part in raw.get("toname", "").split(",") if part.strip()),
        attrs=MappingProxyType(type_attributes(schema, written)),
        raw=MappingProxyType(raw),
        written=MappingProxyType(dict(written)),
        text=text,
        children=children,
        place=place,
        offset=offset,
    )


class _Refused(Exception):
    def __init__(self, problem: ConfigProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Open:
    """A tag that is still open while reading."""

    __slots__ = ("attributes", "children", "has_markup", "is_foreign", "offset", "place", "start", "tag", "texts")

    def __init__(self, tag: str, attributes: dict[str, str], place: Place, start: int, offset: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.place = place
        self.start = start
        self.offset = offset
        self.texts: list[str] = []
        self.children: list[ConfigNode] = []
        schema = tag_schema(tag)
        self.is_foreign = schema is not None and schema.content == "foreign"
        self.has_markup = False


class _Reader:
    """Listens to expat and builds the tree. Offsets are bytes while reading, characters in the nodes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.on_start
        self.parser.EndElementHandler = self.on_end
        self.parser.CharacterDataHandler = self.on_text
        self.parser.CommentHandler = self.on_comment
        self.parser.StartDoctypeDeclHandler = self.on_doctype
        self.open: list[_Open] = []
        self.roots: list[ConfigNode] = []
        self.comments: list[str] = []
        self.foreign_depth = 0
        self.seen = (0, 0)

    def place(self) -> Place:
        return Place(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def on_doctype(self, name: str, system_id: str | None, public_id: str | None, has_subset: bool) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        message = f"a document type (DOCTYPE) is not allowed in a label config: line {line}, column {column}"
        raise _Refused(ConfigProblem(message=message, fix="Delete the <!DOCTYPE …> part.", place=self.place()))

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        if len(self.open) + self.foreign_depth >= MAX_DEPTH:
            line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
            message = f"tags are nested more than {MAX_DEPTH} deep: line {line}, column {column}"
            raise _Refused(ConfigProblem(message=message, fix="Take some of the enclosing tags away.", place=self.place()))
        if self.foreign_depth or (self.open and self.open[-1].is_foreign):
            self.foreign_depth += 1
            self.open[-1].has_markup = True
            return
        local = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        self.open.append(_Open(name.rpartition("}")[2], local, self.place(), start, self.characters_before(start)))

    def characters_before(self, start: int) -> int:
        """Starts come in order, so each stretch is decoded once."""
        bytes_seen, characters_seen = self.seen
        self.seen = start, characters_seen + len(self.data[bytes_seen:start].decode())
        return self.seen[1]

    def on_end(self, name: str) -> None:
        if self.foreign_depth:
            self.foreign_depth -= 1
            return
        tag = self.open.pop()
        text = "".join(tag.texts)
        if tag.is_foreign and tag.has_markup:
            text = self.inside(tag.start, self.parser.CurrentByteIndex)
        node = make_node(tag.tag, tag.attributes, text, tuple(tag.children), tag.place, tag.offset)
        (self.open[-1].children if self.open else self.roots).append(node)

    def inside(self, start: int, end: int) -> str:
        """What stands between a start tag and its end tag, as written. A `>` may stand inside attribute values."""
        quote = 0
        for index in range(start, end):
            byte = self.data[index]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return self.data[index + 1 : end].decode()
        return ""

    def on_text(self, text: str) -> None:
        if self.open and not self.foreign_depth:
            self.open[-1].texts.append(text)

    def on_comment(self, comment: str) -> None:
        self.comments.append(comment)

    def explain(self, error: expat.ExpatError) -> ConfigProblem:
        """The parser's message as Label Studio gives it (`no element found: line 1, column 6`), and what to do."""
        place = Place(error.lineno, error.offset + 1)
        innermost = self.open[-1] if self.open else None
        if "duplicate attribute" in str(error):
            fix = "Give each attribute once."
        elif innermost is None:
            fix = "Write one <View> … </View> around everything."
        elif error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS] or "mismatched" in str(error):
            fix = f"Close <{innermost.tag}>, opened in line {innermost.place.line}, with </{innermost.tag}>."
        elif "entity" in str(error):
            fix = "Write the character itself, or &amp; for a plain &."
        else:
            fix = 'Check quotes and brackets here: attributes are written name="value", < and & as &lt; and &amp;.'
        return ConfigProblem(message=str(error), fix=fix, tag=innermost.tag if innermost else "", place=place)


def _unreadable(source: str, problem: ConfigProblem) -> LabelConfig:
    return LabelConfig(source=source, root=make_node("View", {}), problems=(problem,))
