import { Program } from "./program.ts";
import type { ProgramRandom } from "./random.ts";
import { base64 } from "./requests.ts";
import type { Outcome, Step } from "./step.ts";

const USERS = ["root", "u1", "u2"];
const ROLES = ["root", "r1", "r2"];
const PASSWORDS = ["1", "2"];
/** No two begin with the same key: etcd 3.4 does not always find the second of those to replace it. */
const RANGES: readonly (readonly [string, string])[] = [
  ["a", "c"],
  ["b", ""],
  ["a/", "a0"],
  ["c", "\0"],
  ["\0", "\0"],
  ["key", "key2"],
  ["key2", "l"],
];

/** Users, roles, permissions, and requests in their names. */
export class AuthProgram extends Program {
  #enabled = false;
  readonly #opening: Step[] = [];

  constructor(random: ProgramRandom) {
    super(random);
    if (random.chance(0.8)) this.#opening = this.#usualOpening();
  }

  next(): Step {
    const { random } = this;
    const opening = this.#opening.shift();
    if (opening !== undefined) return opening;
    const kind = random.below(30);
    if (kind < 9) return this.#userStep();
    if (kind < 16) return this.#roleStep();
    if (kind < 17) return this.call("authEnable", {}, this.#someone());
    if (kind < 18) {
      // Mostly somebody who must not: enabled is the interesting state.
      return this.call(
        "authDisable",
        {},
        this.#enabled && random.chance(0.8) ? "u1" : this.#someone(),
      );
    }
    if (kind < 21) {
      const name = random.pick([...USERS, "", "stranger"]);
      return this.#login(name, random.pick(PASSWORDS));
    }
    if (kind < 22) {
      const request = { ...this.requests.interval() };
      return { type: "tryWatch", request, user: this.#someone() };
    }
    return this.keyValueStep(this.#someone());
  }

  override observe(step: Step, outcome: Outcome): void {
    super.observe(step, outcome);
    if (step.type !== "call" || outcome.code !== 0) return;
    if (step.method === "authEnable") this.#enabled = true;
    if (step.method === "authDisable") this.#enabled = false;
  }

  /** What gets to interesting states sooner than chance does. */
  #usualOpening(): Step[] {
    const interval = { key: base64("a"), range_end: base64("c") };
    return [
      this.call("userAdd", { name: "root", password: "1" }),
      this.call("userGrantRole", { user: "root", role: "root" }),
      this.call("userAdd", { name: "u1", password: "1" }),
      this.call("roleAdd", { name: "r1" }),
      this.call("userGrantRole", { user: "u1", role: "r1" }),
      this.call("roleGrantPermission", {
        name: "r1",
        perm: { permType: "READWRITE", ...interval },
      }),
      this.call("authEnable", {}),
      this.#login("root"),
      this.#login("u1"),
    ];
  }

  #login(name: string, password = "1"): Step {
    return { type: "call", method: "authenticate", request: { name, password }, via: "grpc" };
  }

  /** Whose token goes along. While nobody needs one, etcd 3.4 checks it all the same, and later ones do not. */
  #someone(): string | undefined {
    if (!this.#enabled) return undefined;
    return this.random.pick(["root", "root", "u1", "u1", "u2", "nobody", undefined]);
  }

  /** Who changes users and roles: mostly root, so that something happens. */
  #manager(): string | undefined {
    return this.#enabled && this.random.chance(0.7) ? "root" : this.#someone();
  }

  #userStep(): Step {
    const { random } = this;
    const name = random.pick([...USERS, ...USERS, ""]);
    const role = random.pick(ROLES);
    const password = random.pick([...PASSWORDS, ""]);
    const who = this.#manager();
    switch (random.below(8)) {
      case 0:
        return this.call("userAdd", { name, password }, who);
      case 1:
        return this.call("userAdd", { name, options: { no_password: true } }, who);
      case 2:
        return this.call("userGet", { name }, who);
      case 3:
        return this.call("userList", {}, who);
      case 4:
        return random.chance(0.4)
          ? this.call("userDelete", { name }, who)
          : this.call("userAdd", { name, password: "1" }, who);
      case 5:
        return this.call("userChangePassword", { name, password }, who);
      case 6:
        return this.call("userGrantRole", { user: name, role }, who);
      default:
        return random.chance(0.4)
          ? this.call("userRevokeRole", { name, role }, who)
          : this.call("userGrantRole", { user: name, role }, who);
    }
  }

  #roleStep(): Step {
    const { random } = this;
    const role = random.pick([...ROLES, ...ROLES, ""]);
    const [from, to] = random.pick(RANGES);
    const interval = { key: base64(from), ...(to === "" ? {} : { range_end: base64(to) }) };
    const who = this.#manager();
    switch (random.below(8)) {
      case 0:
      case 1:
        return this.call("roleAdd", { name: role }, who);
      case 2:
        return this.call("roleGet", { role }, who);
      case 3:
        return this.call("roleList", {}, who);
      case 4:
        return random.chance(0.4)
          ? this.call("roleDelete", { role }, who)
          : this.call("roleAdd", { name: role }, who);
      case 5:
        return this.call("roleRevokePermission", { role, ...interval }, who);
      default: {
        const permType = random.pick(["READ", "WRITE", "READWRITE"]);
        return this.call(
          "roleGrantPermission",
          { name: role, perm: { permType, ...interval } },
          who,
        );
      }
    }
  }
}
