import type { CoreStatus, Decision } from "@quorate/core";
import { explainStatus, type Finding, type Language, type MemberNaming } from "@quorate/explain";
import {
  type ExplainResponseInit,
  type FindingInit,
  InspectionService as InspectionMethods,
} from "@quorate/protocol";
import { RpcError, STATUS } from "../rpc/status.ts";
import { type ServiceMethod, unary } from "../rpc/typed-method.ts";
import { answerOf, type StoreAccess } from "./store-access.ts";

/** What a member knows of itself. */
export interface MemberInsight {
  readonly name: string;
  status(): CoreStatus;
  /** The newest decisions, oldest first. */
  decisions(): readonly Decision[];
  /** What people should look at; empty when all is well. */
  warnings(): readonly string[];
  readonly nameOf: MemberNaming;
}

/** Why things are as they are: answers of the member itself, also when it has no leader. */
export class InspectionService {
  readonly #store: StoreAccess;
  readonly #insight: MemberInsight;

  constructor(store: StoreAccess, insight: MemberInsight) {
    this.#store = store;
    this.#insight = insight;
  }

  methods(): readonly ServiceMethod[] {
    return [
      unary(InspectionMethods.explain, async ({ language }, call) => {
        const allowed = await this.#store.query({ type: "authorize", need: "user" }, "local", call);
        answerOf(allowed, "authorize");
        return this.#explain(languageOf(language));
      }),
    ];
  }

  #explain(language: Language): ExplainResponseInit {
    const { name, nameOf } = this.#insight;
    const decisions = this.#insight.decisions();
    const explanation = explainStatus(this.#insight.status(), { decisions, nameOf });
    const told = (findings: readonly Finding[]): readonly FindingInit[] =>
      findings.map(({ code, rule, section, importance, sentence }) => {
        return { code, rule, section, importance, sentence: sentence[language] };
      });
    return {
      header: this.#store.header(this.#store.revision),
      member: name,
      standing: told(explanation.standing),
      commit: told(explanation.commit),
      reads: told(explanation.reads),
      leadership: told(explanation.leadership),
      election: told(explanation.election),
      warnings: this.#insight.warnings(),
    };
  }
}

function languageOf(text: string): Language {
  if (text === "" || text === "en") return "en";
  if (text === "zh") return "zh";
  throw new RpcError(STATUS.INVALID_ARGUMENT, `quorate: there is no language "${text}": en or zh`);
}
