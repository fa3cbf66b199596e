// Generated from proto/inspection.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readArray, readObject, readString } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

export interface ExplainRequest {
  readonly language: string;
}
/** What makes a ExplainRequest: zero values may be left out. */
export interface ExplainRequestInit {
  readonly language?: string | undefined;
}
/** @internal */
export function readExplainRequest(r: Reader, end: number): ExplainRequest {
  let language = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        language = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { language };
}
/** @internal */
export function writeExplainRequest(w: Writer, m: ExplainRequestInit): void {
  if (m.language !== undefined && m.language !== "") {
    w.string(10, m.language);
  }
}
/** @internal */
export function jsonExplainRequest(m: ExplainRequestInit): string {
  let s = "";
  if (m.language !== undefined && m.language !== "") s += `,"language":${JSON.stringify(m.language)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseExplainRequest(value: JsonValue): ExplainRequest {
  const o = readObject(value, "ExplainRequest");
  const languageIn = field(o, "language", "language");
  return {
    language: languageIn === undefined ? "" : readString(languageIn, "language"),
  };
}
export const ExplainRequest: MessageCodec<ExplainRequest, ExplainRequestInit> = {
  name: "quorate.v1.ExplainRequest",
  encode(message) {
    sharedWriter.begin();
    writeExplainRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readExplainRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonExplainRequest,
  toJsonPieces: (message) => [jsonExplainRequest(message)],
  fromJson: parseExplainRequest,
};

export interface ExplainResponse {
  readonly header: ResponseHeader | undefined;
  readonly member: string;
  readonly standing: readonly Finding[];
  readonly commit: readonly Finding[];
  readonly reads: readonly Finding[];
  readonly leadership: readonly Finding[];
  readonly election: readonly Finding[];
  readonly warnings: readonly string[];
}
/** What makes a ExplainResponse: zero values may be left out. */
export interface ExplainResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly member?: string | undefined;
  readonly standing?: readonly FindingInit[] | undefined;
  readonly commit?: readonly FindingInit[] | undefined;
  readonly reads?: readonly FindingInit[] | undefined;
  readonly leadership?: readonly FindingInit[] | undefined;
  readonly election?: readonly FindingInit[] | undefined;
  readonly warnings?: readonly string[] | undefined;
}
/** @internal */
export function readExplainResponse(r: Reader, end: number): ExplainResponse {
  let header: ResponseHeader | undefined;
  let member = "";
  let standing: Finding[] | undefined;
  let commit: Finding[] | undefined;
  let reads: Finding[] | undefined;
  let leadership: Finding[] | undefined;
  let election: Finding[] | undefined;
  let warnings: string[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        member = r.string();
        break;
      case 26:
        (standing ??= []).push(readFinding(r, r.enter()));
        break;
      case 34:
        (commit ??= []).push(readFinding(r, r.enter()));
        break;
      case 42:
        (reads ??= []).push(readFinding(r, r.enter()));
        break;
      case 50:
        (leadership ??= []).push(readFinding(r, r.enter()));
        break;
      case 58:
        (election ??= []).push(readFinding(r, r.enter()));
        break;
      case 66:
        (warnings ??= []).push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, member, standing: standing ?? [], commit: commit ?? [], reads: reads ?? [], leadership: leadership ?? [], election: election ?? [], warnings: warnings ?? [] };
}
/** @internal */
export function writeExplainResponse(w: Writer, m: ExplainResponseInit): void {
  if (m.warnings !== undefined) {
    for (let i = m.warnings.length - 1; i >= 0; i -= 1) {
      w.string(66, m.warnings[i] as string);
    }
  }
  if (m.election !== undefined) {
    for (let i = m.election.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeFinding(w, m.election[i] as FindingInit);
      w.length(58, mark);
    }
  }
  if (m.leadership !== undefined) {
    for (let i = m.leadership.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeFinding(w, m.leadership[i] as FindingInit);
      w.length(50, mark);
    }
  }
  if (m.reads !== undefined) {
    for (let i = m.reads.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeFinding(w, m.reads[i] as FindingInit);
      w.length(42, mark);
    }
  }
  if (m.commit !== undefined) {
    for (let i = m.commit.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeFinding(w, m.commit[i] as FindingInit);
      w.length(34, mark);
    }
  }
  if (m.standing !== undefined) {
    for (let i = m.standing.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeFinding(w, m.standing[i] as FindingInit);
      w.length(26, mark);
    }
  }
  if (m.member !== undefined && m.member !== "") {
    w.string(18, m.member);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonExplainResponse(m: ExplainResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.member !== undefined && m.member !== "") s += `,"member":${JSON.stringify(m.member)}`;
  if (m.standing !== undefined && m.standing.length > 0) s += `,"standing":[${m.standing.map(jsonFinding).join(",")}]`;
  if (m.commit !== undefined && m.commit.length > 0) s += `,"commit":[${m.commit.map(jsonFinding).join(",")}]`;
  if (m.reads !== undefined && m.reads.length > 0) s += `,"reads":[${m.reads.map(jsonFinding).join(",")}]`;
  if (m.leadership !== undefined && m.leadership.length > 0) s += `,"leadership":[${m.leadership.map(jsonFinding).join(",")}]`;
  if (m.election !== undefined && m.election.length > 0) s += `,"election":[${m.election.map(jsonFinding).join(",")}]`;
  if (m.warnings !== undefined && m.warnings.length > 0) s += `,"warnings":[${m.warnings.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesExplainResponse(m: ExplainResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.member !== undefined && m.member !== "") {
    s += `${comma}"member":${JSON.stringify(m.member)}`;
    comma = ",";
  }
  if (m.standing !== undefined && m.standing.length > 0) {
    s += `${comma}"standing":[`;
    comma = ",";
    let between = "";
    for (const v of m.standing) {
      yield `${s}${between}${jsonFinding(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.commit !== undefined && m.commit.length > 0) {
    s += `${comma}"commit":[`;
    comma = ",";
    let between = "";
    for (const v of m.commit) {
      yield `${s}${between}${jsonFinding(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.reads !== undefined && m.reads.length > 0) {
    s += `${comma}"reads":[`;
    comma = ",";
    let between = "";
    for (const v of m.reads) {
      yield `${s}${between}${jsonFinding(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.leadership !== undefined && m.leadership.length > 0) {
    s += `${comma}"leadership":[`;
    comma = ",";
    let between = "";
    for (const v of m.leadership) {
      yield `${s}${between}${jsonFinding(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.election !== undefined && m.election.length > 0) {
    s += `${comma}"election":[`;
    comma = ",";
    let between = "";
    for (const v of m.election) {
      yield `${s}${between}${jsonFinding(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.warnings !== undefined && m.warnings.length > 0) {
    s += `${comma}"warnings":[${m.warnings.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
    comma = ",";
  }
  yield `${s}}`;
}
/** @internal */
export function parseExplainResponse(value: JsonValue): ExplainResponse {
  const o = readObject(value, "ExplainResponse");
  const headerIn = field(o, "header", "header");
  const memberIn = field(o, "member", "member");
  const standingIn = field(o, "standing", "standing");
  const commitIn = field(o, "commit", "commit");
  const readsIn = field(o, "reads", "reads");
  const leadershipIn = field(o, "leadership", "leadership");
  const electionIn = field(o, "election", "election");
  const warningsIn = field(o, "warnings", "warnings");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    member: memberIn === undefined ? "" : readString(memberIn, "member"),
    standing: standingIn === undefined ? [] : readArray(standingIn, "standing").map((v) => parseFinding(v)),
    commit: commitIn === undefined ? [] : readArray(commitIn, "commit").map((v) => parseFinding(v)),
    reads: readsIn === undefined ? [] : readArray(readsIn, "reads").map((v) => parseFinding(v)),
    leadership: leadershipIn === undefined ? [] : readArray(leadershipIn, "leadership").map((v) => parseFinding(v)),
    election: electionIn === undefined ? [] : readArray(electionIn, "election").map((v) => parseFinding(v)),
    warnings: warningsIn === undefined ? [] : readArray(warningsIn, "warnings").map((v) => readString(v, "warnings")),
  };
}
export const ExplainResponse: MessageCodec<ExplainResponse, ExplainResponseInit> = {
  name: "quorate.v1.ExplainResponse",
  encode(message) {
    sharedWriter.begin();
    writeExplainResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readExplainResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonExplainResponse,
  toJsonPieces: piecesExplainResponse,
  fromJson: parseExplainResponse,
};

export interface Finding {
  readonly code: string;
  readonly rule: string;
  readonly section: string;
  readonly importance: string;
  readonly sentence: string;
}
/** What makes a Finding: zero values may be left out. */
export interface FindingInit {
  readonly code?: string | undefined;
  readonly rule?: string | undefined;
  readonly section?: string | undefined;
  readonly importance?: string | undefined;
  readonly sentence?: string | undefined;
}
/** @internal */
export function readFinding(r: Reader, end: number): Finding {
  let code = "";
  let rule = "";
  let section = "";
  let importance = "";
  let sentence = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        code = r.string();
        break;
      case 18:
        rule = r.string();
        break;
      case 26:
        section = r.string();
        break;
      case 34:
        importance = r.string();
        break;
      case 42:
        sentence = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { code, rule, section, importance, sentence };
}
/** @internal */
export function writeFinding(w: Writer, m: FindingInit): void {
  if (m.sentence !== undefined && m.sentence !== "") {
    w.string(42, m.sentence);
  }
  if (m.importance !== undefined && m.importance !== "") {
    w.string(34, m.importance);
  }
  if (m.section !== undefined && m.section !== "") {
    w.string(26, m.section);
  }
  if (m.rule !== undefined && m.rule !== "") {
    w.string(18, m.rule);
  }
  if (m.code !== undefined && m.code !== "") {
    w.string(10, m.code);
  }
}
/** @internal */
export function jsonFinding(m: FindingInit): string {
  let s = "";
  if (m.code !== undefined && m.code !== "") s += `,"code":${JSON.stringify(m.code)}`;
  if (m.rule !== undefined && m.rule !== "") s += `,"rule":${JSON.stringify(m.rule)}`;
  if (m.section !== undefined && m.section !== "") s += `,"section":${JSON.stringify(m.section)}`;
  if (m.importance !== undefined && m.importance !== "") s += `,"importance":${JSON.stringify(m.importance)}`;
  if (m.sentence !== undefined && m.sentence !== "") s += `,"sentence":${JSON.stringify(m.sentence)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseFinding(value: JsonValue): Finding {
  const o = readObject(value, "Finding");
  const codeIn = field(o, "code", "code");
  const ruleIn = field(o, "rule", "rule");
  const sectionIn = field(o, "section", "section");
  const importanceIn = field(o, "importance", "importance");
  const sentenceIn = field(o, "sentence", "sentence");
  return {
    code: codeIn === undefined ? "" : readString(codeIn, "code"),
    rule: ruleIn === undefined ? "" : readString(ruleIn, "rule"),
    section: sectionIn === undefined ? "" : readString(sectionIn, "section"),
    importance: importanceIn === undefined ? "" : readString(importanceIn, "importance"),
    sentence: sentenceIn === undefined ? "" : readString(sentenceIn, "sentence"),
  };
}
export const Finding: MessageCodec<Finding, FindingInit> = {
  name: "quorate.v1.Finding",
  encode(message) {
    sharedWriter.begin();
    writeFinding(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readFinding(new Reader(bytes), bytes.length);
  },
  toJson: jsonFinding,
  toJsonPieces: (message) => [jsonFinding(message)],
  fromJson: parseFinding,
};

export const InspectionService: {
  readonly explain: MethodDescriptor<ExplainRequest, ExplainRequestInit, ExplainResponse, ExplainResponseInit, "unary">;
} = {
  explain: { path: "/quorate.v1.Inspection/Explain", kind: "unary", request: ExplainRequest, response: ExplainResponse },
};
