import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseExtensions, serializeExtensions } from "./extension-header.js";

const token = fc.string({
  unit: fc.constantFrom(..."abcXYZ019!#$%&'*+-.^_`|~"),
  minLength: 1,
  maxLength: 8,
});
const plain = { noNullPrototype: true };
const parameter = fc.oneof(
  fc.record({ name: token }, plain),
  fc.record({ name: token, value: token }, plain),
);
const extension = fc.record({ name: token, parameters: fc.array(parameter, { maxLength: 4 }) }, plain);
const extensions = fc.array(extension, { minLength: 1, maxLength: 4 });

describe("parseExtensions", () => {
  const read: [string, ReturnType<typeof parseExtensions>][] = [
    ["foo", [{ name: "foo", parameters: [] }]],
    [
      "foo, bar; baz=2",
      [
        { name: "foo", parameters: [] },
        { name: "bar", parameters: [{ name: "baz", value: "2" }] },
      ],
    ],
    [
      "\tfoo ;\ta ; b = 1 ,foo;a;a",
      [
        { name: "foo", parameters: [{ name: "a" }, { name: "b", value: "1" }] },
        { name: "foo", parameters: [{ name: "a" }, { name: "a" }] },
      ],
    ],
    ['foo; a="10"', [{ name: "foo", parameters: [{ name: "a", value: "10" }] }]],
    ['foo; a="\\1\\0"; b', [{ name: "foo", parameters: [{ name: "a", value: "10" }, { name: "b" }] }]],
  ];
  for (const [value, expected] of read) {
    it(`reads ${JSON.stringify(value)}`, () => assert.deepEqual(parseExtensions(value), expected));
  }

  const broken = [
    ...["", " ", ",", "foo,", ",foo", "foo,,bar", "foo;", "foo;;a", ";a", "foo bar", "foo=1", "f(o)", "é"],
    ...["foo; a=", "foo; =1", "foo; a b", "foo; a=b c", "foo; a=b=c", "foo; a/b", "foo; a=é"],
    // what stands in quotation marks has to be a token as well
    ...['foo; a=""', 'foo; a="b c"', 'foo; a="b,c"', 'foo; a="b;c"', 'foo; a="\\""'],
    ...['foo; a="b', 'foo; a="b\\"', 'foo; a=b"', 'foo; a="b"c', 'foo; a="b""c"', '"foo"', 'foo; "a"', '"'],
  ];
  for (const value of broken) {
    it(`refuses ${JSON.stringify(value)}`, () => assert.equal(parseExtensions(value), undefined));
  }

  it("reads what serializeExtensions writes", () => {
    fc.assert(
      fc.property(extensions, (list) => assert.deepEqual(parseExtensions(serializeExtensions(list)), list)),
    );
  });

  it("reads quoted values and white space like plain ones", () => {
    const space = fc.constantFrom("", " ", "\t", "  ");
    fc.assert(
      fc.property(extensions, space, space, (list, before, after) => {
        const text = list
          .map(({ name, parameters }) => {
            const quoted = parameters.map((parameter) =>
              "value" in parameter
                ? `${parameter.name}${before}=${after}"\\${parameter.value}"`
                : parameter.name,
            );
            return [name, ...quoted].join(`${after};${before}`);
          })
          .join(`${before},${after}`);
        assert.deepEqual(parseExtensions(before + text + after), list);
      }),
    );
  });

  it("ends on any text, with extensions that survive being written and read again", () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab,;="\\ \t1é'), maxLength: 30 });
    fc.assert(
      fc.property(text, (value) => {
        const list = parseExtensions(value);
        if (list !== undefined) assert.deepEqual(parseExtensions(serializeExtensions(list)), list);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("serializeExtensions", () => {
  it("writes names, parameters and values", () => {
    assert.equal(
      serializeExtensions([
        { name: "a", parameters: [{ name: "b" }, { name: "c", value: "1" }] },
        { name: "d", parameters: [] },
      ]),
      "a; b; c=1, d",
    );
    assert.equal(serializeExtensions([]), "");
  });
});
