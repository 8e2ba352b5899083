import { describe, expect, test } from "vitest";
import type { User } from "../api/models";
import { joinTerms, parseFilter, splitTerms, stateOfText, taskQuery, withState } from "./filter";

const ada = { id: 7, email: "ada@example.com", first_name: "Ada", last_name: "Lovelace" } as User;
const context = {
  columns: [
    { id: "text", type: "String", parent: "data" },
    { id: "price", type: "Number", parent: "data" },
    { id: "id", type: "Number" },
    { id: "created_at", type: "Datetime" },
    { id: "predictions_score", type: "Number" },
  ],
  users: [ada],
  me: 1,
};

test.each([
  ["late parcel", ["late", "parcel"]],
  ['"late parcel" x', ["late parcel", "x"]],
  ['label:"Very good" state:todo', ["label:Very good", "state:todo"]],
  ["score<0.5", ["score<0.5"]],
  ["", []],
  ['"open', ["open"]],
])("splitTerms(%j)", (text, terms) => {
  expect(splitTerms(text).map(({ key, operator, value }) => (key ? key + operator + value : value))).toEqual(terms);
  expect(splitTerms(joinTerms(splitTerms(text)))).toEqual(splitTerms(text));
});

test.each([
  ["late", "data", "contains", "String", "late"],
  ["https://x.example/a", "data", "contains", "String", "https://x.example/a"],
  ["state:todo", "completed_at", "empty", "Datetime", true],
  ["state:DONE", "completed_at", "empty", "Datetime", false],
  ["state:skipped", "cancelled_annotations", "greater", "Number", 0],
  ["state:draft", "draft_exists", "equal", "Boolean", true],
  ["label:Car", "annotations_results", "contains", "String", "Car"],
  ["by:me", "annotators", "contains", "List", 1],
  ["by:lovelace", "annotators", "contains", "List", 7],
  ["id:5", "id", "equal", "Number", 5],
  ["id:5,6", "id", "in_list", "Number", [5, 6]],
  ["id>5", "id", "greater", "Number", 5],
  ["text:late", "data.text", "contains", "String", "late"],
  ["price:5", "data.price", "equal", "Number", 5],
  ["price<5.5", "data.price", "less", "Number", 5.5],
  ["score>0.5", "predictions_score", "greater", "Number", 0.5],
  ["created>2026-01-31", "created_at", "greater", "Datetime", "2026-01-31T00:00:00.000000Z"],
])("%s", (text, column, operator, type, value) => {
  expect(parseFilter(text, context)).toEqual({ items: [{ filter: `filter:tasks:${column}`, operator, type, value }], problems: [] });
});

test.each([
  ["state:maybe", "There is no state “maybe”"],
  ["by:nobody", "Nobody here"],
  ["id:x", "not an id"],
  ["colour:red", "no column “colour”"],
  ["created>soon", "not a date"],
  ["price<cheap", "needs a number"],
])("%s is explained", (text, message) => {
  expect(parseFilter(text, context).problems[0]).toContain(message);
});

describe("state", () => {
  test.each([
    ["state:todo late", "todo", "state:done late", "late"],
    ["late", null, "state:done late", "late"],
    ["state:odd", null, "state:done", ""],
  ])("in %j", (text, state, done, any) => {
    expect(stateOfText(text)).toBe(state);
    expect(withState(text, "done")).toBe(done);
    expect(withState(text, null)).toBe(any);
  });
});

test.each([
  [[], undefined, {}],
  [[], "-data.text", { ordering: ["-tasks:data.text"] }],
  [[], "id", { ordering: ["tasks:id"] }],
])("taskQuery(%j, %j)", (items, sort, query) => {
  expect(taskQuery(items, sort)).toEqual(query);
});
