import { describe, expect, test } from "vitest";
import { parseFile } from "./data-driven.ts";
import { rewriteFile, runFile } from "./run-file.ts";

/** What each directive of a file prints. */
function outputs(text: string): string[] {
  return runFile(text).map(({ actual }) => actual.trimEnd());
}

describe("the format", () => {
  test("comments, continued lines, lists inside lists, empty values", () => {
    const [directive] = parseFile(
      "# a comment\n\n  cmd a key=(1, (2,3), ) \\\n   b= c=d\nsome input\n\nmore\n----\nout\n\n",
    );
    expect(directive).toEqual({
      line: 3,
      command: "cmd",
      args: [
        { key: "a", values: [] },
        { key: "key", values: ["1", "(2,3)", ""] },
        { key: "b", values: [""] },
        { key: "c", values: ["d"] },
      ],
      input: "some input\n\nmore",
      expected: "out\n",
      fault: undefined,
    });
  });

  test("between two double separators the output may hold blank lines", () => {
    const [one, two] = parseFile("a\n----\n----\nx\n\ny\n----\n----\n\nb\n----\nz\n");
    expect(one).toMatchObject({ command: "a", expected: "x\n\ny\n" });
    expect(two).toMatchObject({ command: "b", expected: "z\n" });
  });

  test("marks of subtests are passed over", () => {
    const directives = parseFile("subtest one\n\na\n----\nx\n\nsubtest end\n\nb\n----\ny\n");
    expect(directives.map(({ command, expected }) => [command, expected])).toEqual([
      ["a", "x\n"],
      ["b", "y\n"],
    ]);
  });

  test("a file may end without a separator", () => {
    expect(parseFile("a b\ninput")).toMatchObject([{ input: "input", expected: "" }]);
    expect(parseFile("")).toEqual([]);
  });

  test.each([
    ["add-nodes 1 voters=(1", "unclosed list"],
    ["add-nodes =1", "argument without a name"],
  ])("what cannot be read fails with a sentence, and the rest goes on: %s", (line, sentence) => {
    const [unreadable = "", next] = outputs(`${line}\n----\nok\n\nraft-state\n----\nok\n`);
    expect(unreadable).toContain("the directive cannot be read");
    expect(unreadable).toContain(sentence);
    expect(next).toBe("ok");
  });

  test("output that goes on after its end is a fault of its directive", () => {
    const [first = "", second] = outputs(
      "raft-state\n----\n----\nok\n----\n----\nx\n\nraft-state\n----\nok\n",
    );
    expect(first).toContain("a blank line must follow");
    expect(second).toBe("ok");
  });

  test("a rewritten file passes", () => {
    const text = rewriteFile(
      "# why\nadd-nodes 1 voters=(1) index=2\n----\n\nraft-state\n----\nwrong\n",
    );
    expect(runFile(text).every(({ passed }) => passed)).toBe(true);
    expect(text).toContain("# why");
    expect(text).toContain("1: StateFollower (Voter) Term:0 Lead:0");
  });
});

describe("commands that cannot be carried out fail with a sentence", () => {
  const THREE = "add-nodes 3 voters=(1,2,3) index=2\n----\n\n";

  test.each([
    ["frobnicate 1", "unknown command"],
    ["campaign 9", "no node 9: there are 3"],
    ["campaign", "campaign needs the number of a node"],
    ["campaign one", 'strconv.ParseUint: parsing "one": invalid syntax'],
    ["stabilize 4", "no node 4: there are 3"],
    ["stabilize log-level=loud", "log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]"],
    ["log-level", "log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]"],
    ["add-nodes 1 voters=(4)", "index must be specified as > 1 due to bootstrap"],
    ["add-nodes 1 content=x index=1", "index must be specified as > 1 due to bootstrap"],
    ["add-nodes 1 prevote=perhaps", 'strconv.ParseBool: parsing "perhaps": invalid syntax'],
    ["add-nodes 1 read-only=never", 'invalid read-only option "never"'],
    ["compact 1 2", "requested index is unavailable due to compaction"],
    [
      "report-unreachable 1",
      "must specify exactly two node indexes: node on which to report, and reported node",
    ],
    ["propose-conf-change 1 transition=odd\nv4", "unknown transition odd"],
    ["propose-conf-change 1 odd=1\nv4", "unknown command odd"],
    ["propose-conf-change 1\nv", "unknown token v"],
    ["propose-conf-change 1\nx4", "unknown input: x4"],
    ["propose-conf-change 1\nvx", 'strconv.ParseUint: parsing "x": invalid syntax'],
    [
      "propose-conf-change 1 v1=true\nv4 v5",
      "v1 conf change can only have one operation and no transition",
    ],
    [
      "propose-conf-change 1 v1=1 transition=explicit\nv4",
      "v1 conf change can only have one operation and no transition",
    ],
  ])("%s", (command, sentence) => {
    expect(outputs(`${THREE}${command}\n----\n`).at(-1)).toBe(sentence);
  });

  test("errors are shown even where nothing else is", () => {
    const text = `log-level none\n----\nok\n\n${THREE}campaign 9\n----\n\npropose 1 a\n----\n`;
    expect(outputs(text)).toEqual(["ok", "ok", "no node 9: there are 3", "raft proposal dropped"]);
  });

  test.each([
    ["simple\nv1 l", "unknown token l"],
    ["enter-joint\nq1", "unknown input: q1"],
    ["leave-joint\nv1", "this command takes no input"],
    ["enter-joint autoleave=odd", 'strconv.ParseBool: parsing "odd": invalid syntax'],
    ["update\nu1", "unknown command"],
  ])("in a file of membership changes: %s", (command, sentence) => {
    // They count as directives, so that the next member begins after them.
    const [, failed, next] = outputs(`simple\nv1\n----\n\n${command}\n----\n\nsimple\nv2\n----\n`);
    expect(failed).toBe(sentence);
    expect(next).toBe("voters=(1 2)\n1: StateProbe match=0 next=1\n2: StateProbe match=0 next=2");
  });

  test.each([
    ["vote cfg=(1,2) votes=(y)", "error: mismatched input for voters [1 2]: [y]"],
    ["count cfg=(1)", "unknown command"],
  ])("in a file of majorities: %s", (command, sentence) => {
    expect(outputs(`committed cfg=() idx=()\n----\n\n${command}\n----\n`).at(-1)).toBe(sentence);
  });
});

describe("options and forms that only some files use", () => {
  test("voters may be written in any order, learners may be none", () => {
    const text =
      "add-nodes 2 voters=(2,1) learners=() index=3 unknown=x\n----\n\nsend-snapshot 1 2\n----\n";
    const [created, sent] = outputs(text);
    expect(created).toContain("INFO newRaft 1 [peers: [1,2], term: 0, commit: 3, applied: 3");
    expect(sent).toContain("Voters:[2 1] VotersOutgoing:[] Learners:[]");
  });

  test("nodes that know nothing: an empty log, no term, no voters", () => {
    const text = "add-nodes 1\n----\n\nraft-log 1\n----\n\ncampaign 1\n----\n\nstatus 1\n----\n";
    expect(outputs(text)).toEqual([
      [
        "INFO 1 switched to configuration voters=()",
        "INFO 1 became follower at term 0",
        "INFO newRaft 1 [peers: [], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]",
      ].join("\n"),
      "log is empty: first index=1, last index=0",
      "WARN 1 is unpromotable and can not campaign",
      "ok",
    ]);
  });

  test("numbers of nodes are hexadecimal in messages and logs, and decimal in states", () => {
    const ids = Array.from({ length: 11 }, (_, at) => at + 1).join(",");
    const [created = "", states = "", campaign = ""] = outputs(
      `add-nodes 11 voters=(${ids}) index=2\n----\n\nraft-state\n----\n\ncampaign 11\n----\n`,
    );
    expect(created).toContain("newRaft b [peers: [1,2,3,4,5,6,7,8,9,a,b]");
    expect(states).toContain("11: StateFollower (Voter)");
    expect(campaign).toContain("INFO b became candidate at term 1");
    expect(campaign).toContain("sent MsgVote request to a at term 1");
  });

  test("what is proposed may look like an argument with a value", () => {
    const text =
      "log-level none\n----\nok\n\nadd-nodes 1 voters=(1) index=2\n----\n\ncampaign 1\n----\n\n" +
      "stabilize\n----\n\npropose 1 a=b\n----\n\nlog-level info\n----\n\nprocess-ready 1\n----\n";
    expect(outputs(text).at(-1)).toContain('EntryNormal "a"');
  });

  test("texts are quoted as the library quotes them", () => {
    const text =
      "log-level none\n----\nok\n\nadd-nodes 1 voters=(1) index=2\n----\n\ncampaign 1\n----\n\n" +
      'stabilize\n----\n\npropose 1 "a\\b"\n----\n\nlog-level info\n----\n\nprocess-ready 1\n----\n';
    expect(outputs(text).at(-1)).toContain('EntryNormal "\\"a\\\\b\\""');
  });

  test("a candidate does not hear a request for a transfer", () => {
    const text =
      "log-level none\n----\nok\n\nadd-nodes 2 voters=(1,2) index=2\n----\n\ncampaign 1\n----\n\n" +
      "log-level debug\n----\n\ntransfer-leadership from=1 to=2\n----\n\n" +
      "transfer-leadership from=2 to=1\n----\n";
    expect(outputs(text).slice(-2)).toEqual([
      "ok",
      "INFO 2 no leader at term 0; dropping leader transfer msg",
    ]);
  });

  test("several nodes at once: a heading for each, what they say two spaces to the right", () => {
    const text =
      "log-level none\n----\nok\n\nadd-nodes 2 voters=(1,2) index=2 async-storage-writes=t\n----\n\n" +
      "log-level info\n----\n\nprocess-append-thread 1 2\n----\n\nprocess-apply-thread 2\n----\n\n" +
      "process-ready 1 2\n----\n\ndeliver-msgs 1 drop=(2)\n----\n";
    expect(outputs(text).slice(-4)).toEqual([
      [
        "> 1 processing append thread",
        "  no append work to perform",
        "> 2 processing append thread",
        "  no append work to perform",
      ].join("\n"),
      "no apply work to perform",
      ["> 1 handling Ready", "  <empty Ready>", "> 2 handling Ready", "  <empty Ready>"].join("\n"),
      "no messages",
    ]);
  });
});
