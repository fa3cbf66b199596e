import type { MessageTellings } from "./message-telling.ts";

/** What follower and leader say to each other so that the follower may serve a read. */
export const READ_MESSAGES: MessageTellings<"readIndex" | "readIndexReply"> = {
  readIndex: {
    rule: "followerRead",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)} asks ${w.member(m.to)}, which it takes for the leader, up to which index it must have applied before it may serve read ${m.requestId}`,
    zh: (m, w) =>
      `${w.member(m.from)}询问它所认定的领导者${w.member(m.to)}：应用到哪个索引之后才能处理读请求${m.requestId}`,
  },
  readIndexReply: {
    rule: "followerRead",
    importance: "routine",
    en: (m, w) =>
      `${w.subject(m.from)}, the leader of term ${m.term}, lets ${w.member(m.to)} serve read ${m.requestId} as soon as index ${m.index} is applied there`,
    zh: (m, w) =>
      `任期${m.term}的领导者${w.member(m.from)}答复${w.member(m.to)}：应用到索引${m.index}之后即可处理读请求${m.requestId}`,
  },
};
