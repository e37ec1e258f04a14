import { describe, expect, it } from "vitest";
import { convert, parseText, rangeOf } from "./text";

const YAML = `# who pays
RoleArn: arn:aws:iam::1:role/x  # the launch role
ResourceConfig:
  InstanceType: "{{aws_instance}}"
  InstanceCount: 1
  Ratio: 1.0
  Big: 12345678901234567890
script: |
  echo one
  echo two
`;

describe("converting a configuration", () => {
  it("keeps numbers digit by digit", () => {
    const json = convert(YAML, "yaml", "json") ?? "";
    expect(json).toContain('"Ratio": 1.0');
    expect(json).toContain('"Big": 12345678901234567890');
    expect(json).toContain('"InstanceType": "{{aws_instance}}"');
    expect(json).toContain('"script": "echo one\\necho two\\n"');
  });

  it("gives the YAML back, comments and all, when nothing changed meanwhile", () => {
    const json = convert(YAML, "yaml", "json") ?? "";
    expect(convert(json, "json", "yaml", YAML)).toBe(YAML);
  });

  it("keeps comments around what was changed in JSON", () => {
    const json = (convert(YAML, "yaml", "json") ?? "").replace('"InstanceCount": 1', '"InstanceCount": 4, "VolumeSizeInGB": 2');
    const yaml = convert(json, "json", "yaml", YAML) ?? "";
    expect(yaml).toContain("# who pays");
    expect(yaml).toContain("# the launch role");
    expect(yaml).toContain("InstanceCount: 4");
    expect(yaml).toContain("VolumeSizeInGB: 2");
    expect(convert(yaml, "yaml", "json")).toBe(convert(json, "json", "json"));
  });

  it("writes block YAML that means the same as the JSON", () => {
    const json = '{"env": ["A=1", "B=on"], "flag": "true", "n": 3, "none": null, "empty": {}, "list": []}';
    const yaml = convert(json, "json", "yaml") ?? "";
    expect(yaml).toBe('env:\n  - A=1\n  - B=on\nflag: "true"\nn: 3\nnone: null\nempty: {}\nlist: []\n');
    expect(parseText(yaml, "yaml").value).toEqual(JSON.parse(json));
  });

  it("keeps the order of keys that look like numbers", () => {
    expect(convert('{"b": 1, "2": 1, "1": 1}', "json", "yaml")).toBe('b: 1\n"2": 1\n"1": 1\n');
  });

  it("resolves anchors and merges", () => {
    const json = convert("base: &b {cpu: 1, mem: 2}\njob:\n  <<: *b\n  mem: 3\nagain: *b\n", "yaml", "json") ?? "";
    expect(JSON.parse(json)).toEqual({ base: { cpu: 1, mem: 2 }, job: { cpu: 1, mem: 3 }, again: { cpu: 1, mem: 2 } });
  });

  it("refuses a text with mistakes and says where", () => {
    expect(convert("{,}", "json", "yaml")).toBeNull();
    const [problem] = parseText('{"a": 1,}', "json").problems;
    expect(problem?.message).toContain("JSON");
    expect(parseText("a: [1", "yaml").problems).toHaveLength(1);
    expect(parseText("a: 1\na: 2\n", "yaml").problems[0]?.message).toMatch(/unique/i);
  });

  it("finds the place of a value", () => {
    const { document } = parseText(YAML, "yaml");
    const range = rangeOf(document, ["ResourceConfig", "InstanceCount"]);
    expect(range && YAML.slice(...range)).toBe("1");
  });
});
