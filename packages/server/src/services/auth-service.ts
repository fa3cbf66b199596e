import type {
  AuthRequest,
  Permission as KvPermission,
  PermissionType as KvPermissionType,
  WriteRequest,
} from "@quorate/kv";
import {
  type AuthenticateRequest,
  type AuthenticateResponseInit,
  AuthService as AuthMethods,
  type AuthUserAddRequest,
  type Permission,
  type PermissionInit,
  PermissionType,
  type ResponseHeaderInit,
} from "@quorate/protocol";
import type { CallContext } from "../rpc/call.ts";
import { type ServiceMethod, unary } from "../rpc/typed-method.ts";
import { kvFailure } from "./failure.ts";
import { answerOf, resultOf, type StoreAccess } from "./store-access.ts";

/** Makes and checks password hashes, off the event loop's thread. */
export interface Passwords {
  hash(password: string): Promise<string>;
  matches(password: string, hash: string): Promise<boolean>;
}

/** Makes tokens for users whose password was right. */
export interface TokenIssuer {
  issue(name: string, passwordHash: string, call: CallContext): Promise<string>;
}

const ACCESS: readonly KvPermissionType[] = ["read", "write", "readwrite"];

/** Users, roles and who may log in. */
export class AuthService {
  readonly #store: StoreAccess;
  readonly #passwords: Passwords;
  readonly #tokens: TokenIssuer;

  constructor(store: StoreAccess, passwords: Passwords, tokens: TokenIssuer) {
    this.#store = store;
    this.#passwords = passwords;
    this.#tokens = tokens;
  }

  methods(): readonly ServiceMethod[] {
    return [...this.#switchMethods(), ...this.#userMethods(), ...this.#roleMethods()];
  }

  #switchMethods(): readonly ServiceMethod[] {
    return [
      unary(AuthMethods.authEnable, (_, call) => this.#change({ type: "authEnable" }, call)),
      unary(AuthMethods.authDisable, (_, call) => this.#change({ type: "authDisable" }, call)),
      unary(AuthMethods.authStatus, async (_, call) => {
        const answer = await this.#store.query({ type: "authStatus" }, "local", call);
        const { enabled, authRevision, revision } = answerOf(answer, "authStatus");
        return { header: this.#store.header(revision), enabled, authRevision };
      }),
      unary(AuthMethods.authenticate, (request, call) => this.#authenticate(request, call)),
    ];
  }

  #userMethods(): readonly ServiceMethod[] {
    return [
      unary(AuthMethods.userAdd, (request, call) => this.#addUser(request, call)),
      unary(AuthMethods.userGet, async ({ name }, call) => {
        const answer = await this.#store.query({ type: "userGet", name }, "linearizable", call);
        const { roles, revision } = answerOf(answer, "userGet");
        return { header: this.#store.header(revision), roles };
      }),
      unary(AuthMethods.userList, async (_, call) => {
        const answer = await this.#store.query({ type: "userList" }, "linearizable", call);
        const { users, revision } = answerOf(answer, "userList");
        return { header: this.#store.header(revision), users };
      }),
      unary(AuthMethods.userDelete, ({ name }, call) =>
        this.#change({ type: "userDelete", name }, call),
      ),
      unary(AuthMethods.userChangePassword, async ({ name, password }, call) => {
        const passwordHash = password === "" ? "" : await this.#passwords.hash(password);
        return this.#change({ type: "userChangePassword", name, passwordHash }, call);
      }),
      unary(AuthMethods.userGrantRole, ({ user, role }, call) =>
        this.#change({ type: "userGrantRole", name: user, role }, call),
      ),
      unary(AuthMethods.userRevokeRole, ({ name, role }, call) =>
        this.#change({ type: "userRevokeRole", name, role }, call),
      ),
    ];
  }

  #roleMethods(): readonly ServiceMethod[] {
    return [
      unary(AuthMethods.roleAdd, ({ name }, call) =>
        this.#change({ type: "roleAdd", role: name }, call),
      ),
      unary(AuthMethods.roleGet, async ({ role }, call) => {
        const answer = await this.#store.query({ type: "roleGet", role }, "linearizable", call);
        const { permissions, revision } = answerOf(answer, "roleGet");
        return { header: this.#store.header(revision), perm: permissions.map(permissionOut) };
      }),
      unary(AuthMethods.roleList, async (_, call) => {
        const answer = await this.#store.query({ type: "roleList" }, "linearizable", call);
        const { roles, revision } = answerOf(answer, "roleList");
        return { header: this.#store.header(revision), roles };
      }),
      unary(AuthMethods.roleDelete, ({ role }, call) =>
        this.#change({ type: "roleDelete", role }, call),
      ),
      unary(AuthMethods.roleGrantPermission, ({ name, perm }, call) => {
        if (perm === undefined) throw kvFailure("permissionNotGiven");
        const permission = permissionIn(perm);
        return this.#change({ type: "roleGrantPermission", role: name, permission }, call);
      }),
      unary(AuthMethods.roleRevokePermission, ({ role, key, rangeEnd }, call) =>
        this.#change({ type: "roleRevokePermission", role, key, rangeEnd }, call),
      ),
    ];
  }

  async #change(
    request: Exclude<AuthRequest, { readonly type: "authenticate" }> & WriteRequest,
    call: CallContext,
  ): Promise<{ readonly header: ResponseHeaderInit }> {
    const { revision } = resultOf(await this.#store.propose(request, call), "authChanged");
    return { header: this.#store.header(revision) };
  }

  async #addUser(
    { name, password, options }: AuthUserAddRequest,
    call: CallContext,
  ): Promise<{ readonly header: ResponseHeaderInit }> {
    const noPassword = options?.noPassword === true;
    const passwordHash = noPassword ? "" : await this.#passwords.hash(password);
    return this.#change({ type: "userAdd", name, passwordHash, noPassword }, call);
  }

  /** The hash is checked here, once, and named in the log entry: a password changed meanwhile is noticed there. */
  async #authenticate(
    { name, password }: AuthenticateRequest,
    call: CallContext,
  ): Promise<AuthenticateResponseInit> {
    const answer = await this.#store.query({ type: "userPassword", name }, "linearizable", call);
    const { passwordHash, revision } = answerOf(answer, "userPassword");
    if (!(await this.#passwords.matches(password, passwordHash))) throw kvFailure("authFailed");
    const token = await this.#tokens.issue(name, passwordHash, call);
    return { header: this.#store.header(revision), token };
  }
}

function permissionIn({ permType, key, rangeEnd }: Permission): KvPermission {
  const access = ACCESS[permType];
  if (access === undefined) throw kvFailure("invalidAuthManagement");
  return { access, key, rangeEnd };
}

function permissionOut({ access, key, rangeEnd }: KvPermission): PermissionInit {
  const types = {
    read: PermissionType.READ,
    write: PermissionType.WRITE,
    readwrite: PermissionType.READWRITE,
  };
  return { permType: types[access], key, rangeEnd };
}
