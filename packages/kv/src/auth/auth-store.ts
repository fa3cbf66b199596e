import { compareBytes, equalBytes, intervalEnd, NO_BYTES } from "../bytes/bytes.ts";
import { IntervalSet } from "../bytes/interval-set.ts";
import type { AuthRequest, Permission } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { KeyInterval } from "../key-value.ts";

/** The user and the role that may do everything. */
export const ROOT: string = "root";

export interface User {
  readonly name: string;
  /** Empty for a user without password. */
  readonly passwordHash: string;
  readonly noPassword: boolean;
  /** Sorted. */
  readonly roles: readonly string[];
}

export interface Role {
  readonly name: string;
  /** Sorted by where they begin. */
  readonly permissions: readonly Permission[];
}

/** What one user may read and write, all roles together. */
interface Grants {
  readonly read: IntervalSet;
  readonly write: IntervalSet;
}

/** Users, roles and the switch that makes them count. */
export class AuthStore {
  #enabled = false;
  #revision = 1;
  #users: Map<string, User> = new Map();
  #roles: Map<string, Role> = new Map();
  /** Worked out when first needed, and forgotten with every change. */
  #grants: Map<string, Grants> = new Map();
  /** Changed since `changed` was last reset. */
  changed = false;

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Grows with every change; identities proven at an older one are not trusted any more. */
  get revision(): number {
    return this.#revision;
  }

  user(name: string): User | undefined {
    return this.#users.get(name);
  }

  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Sorted. */
  userNames(): string[] {
    return [...this.#users.keys()].sort(byName);
  }

  /** Sorted. */
  roleNames(): string[] {
    return [...this.#roles.keys()].sort(byName);
  }

  users(): readonly User[] {
    return this.userNames().map((name) => this.#users.get(name) as User);
  }

  roles(): readonly Role[] {
    return this.roleNames().map((name) => this.#roles.get(name) as Role);
  }

  isAdministrator(name: string): boolean {
    return this.#users.get(name)?.roles.includes(ROOT) === true;
  }

  /** Whether the user may do this to every key of the interval. Whether the keys exist does not matter. */
  isAllowed(name: string, access: "read" | "write", interval: KeyInterval): boolean {
    const grants = this.#grantsOf(name);
    const end = intervalEnd(interval.key, interval.rangeEnd);
    return grants[access].contains(interval.key, end);
  }

  /** Takes over a stored state. */
  replace(state: {
    readonly enabled: boolean;
    readonly revision: number;
    readonly users: readonly User[];
    readonly roles: readonly Role[];
  }): void {
    this.#enabled = state.enabled;
    this.#revision = state.revision;
    this.#users = new Map(state.users.map((user) => [user.name, user]));
    this.#roles = new Map(state.roles.map((role) => [role.name, role]));
    this.#grants.clear();
    this.changed = false;
  }

  /** Carries out a change of users, roles or the switch. Who asks was checked before. */
  apply(request: Exclude<AuthRequest, { type: "authenticate" }>): KvError | undefined {
    switch (request.type) {
      case "authEnable":
        return this.#enable();
      case "authDisable":
        if (this.#enabled) {
          this.#enabled = false;
          this.#bump();
        }
        return undefined;
      case "userAdd":
        return this.#addUser(request.name, request.passwordHash, request.noPassword === true);
      case "userDelete":
        return this.#deleteUser(request.name);
      case "userChangePassword":
        return this.#changeUser(request.name, (user) => ({
          ...user,
          passwordHash: user.noPassword ? "" : request.passwordHash,
        }));
      case "userGrantRole":
        return this.#grantRole(request.name, request.role);
      case "userRevokeRole":
        return this.#revokeRole(request.name, request.role);
      case "roleAdd":
        return this.#addRole(request.role);
      case "roleDelete":
        return this.#deleteRole(request.role);
      case "roleGrantPermission":
        return this.#grantPermission(request.role, request.permission);
      case "roleRevokePermission":
        return this.#revokePermission(request.role, request);
    }
  }

  #bump(): void {
    this.#revision++;
    this.#grants.clear();
    this.changed = true;
  }

  #enable(): KvError | undefined {
    if (this.#enabled) return undefined;
    const root = this.#users.get(ROOT);
    if (root === undefined) return kvError("rootUserNotExist");
    if (!root.roles.includes(ROOT)) return kvError("rootRoleNotGranted");
    this.#enabled = true;
    this.changed = true;
    return undefined;
  }

  #addUser(name: string, passwordHash: string, noPassword: boolean): KvError | undefined {
    if (name === "") return kvError("userEmpty");
    if (this.#users.has(name)) return kvError("userAlreadyExists");
    const hash = noPassword ? "" : passwordHash;
    this.#users.set(name, { name, passwordHash: hash, noPassword, roles: [] });
    this.#bump();
    return undefined;
  }

  #deleteUser(name: string): KvError | undefined {
    if (this.#enabled && name === ROOT) return kvError("invalidAuthManagement");
    if (!this.#users.delete(name)) return kvError("userNotFound");
    this.#bump();
    return undefined;
  }

  #changeUser(name: string, change: (user: User) => User): KvError | undefined {
    const user = this.#users.get(name);
    if (user === undefined) return kvError("userNotFound");
    this.#users.set(name, change(user));
    this.#bump();
    return undefined;
  }

  #grantRole(name: string, role: string): KvError | undefined {
    const user = this.#users.get(name);
    if (user === undefined) return kvError("userNotFound");
    if (role !== ROOT && !this.#roles.has(role)) return kvError("roleNotFound");
    if (user.roles.includes(role)) return undefined;
    return this.#changeUser(name, () => ({ ...user, roles: [...user.roles, role].sort(byName) }));
  }

  #revokeRole(name: string, role: string): KvError | undefined {
    if (this.#enabled && name === ROOT && role === ROOT) return kvError("invalidAuthManagement");
    const user = this.#users.get(name);
    if (user === undefined) return kvError("userNotFound");
    if (!user.roles.includes(role)) return kvError("roleNotGranted");
    return this.#changeUser(name, () => withoutRole(user, role));
  }

  #addRole(name: string): KvError | undefined {
    if (name === "") return kvError("roleEmpty");
    if (this.#roles.has(name)) return kvError("roleAlreadyExists");
    this.#roles.set(name, { name, permissions: [] });
    this.#bump();
    return undefined;
  }

  #deleteRole(name: string): KvError | undefined {
    if (this.#enabled && name === ROOT) return kvError("invalidAuthManagement");
    if (!this.#roles.delete(name)) return kvError("roleNotFound");
    for (const user of this.users()) {
      if (user.roles.includes(name)) this.#users.set(user.name, withoutRole(user, name));
    }
    this.#bump();
    return undefined;
  }

  #grantPermission(roleName: string, permission: Permission): KvError | undefined {
    if (!isPermissionInterval(permission)) return kvError("invalidAuthManagement");
    const role = this.#roles.get(roleName);
    if (role === undefined) return kvError("roleNotFound");
    const given = copyOf(permission);
    const place = role.permissions.findIndex((other) => sameInterval(other, permission));
    // Those that begin with the same key stay in the order they were granted in.
    const permissions =
      place >= 0 ? role.permissions.with(place, given) : [...role.permissions, given].sort(byKey);
    this.#roles.set(roleName, { name: roleName, permissions });
    this.#bump();
    return undefined;
  }

  #revokePermission(roleName: string, interval: KeyInterval): KvError | undefined {
    const role = this.#roles.get(roleName);
    if (role === undefined) return kvError("roleNotFound");
    const permissions = role.permissions.filter((other) => !sameInterval(other, interval));
    if (permissions.length === role.permissions.length) return kvError("permissionNotGranted");
    this.#roles.set(roleName, { name: roleName, permissions });
    this.#bump();
    return undefined;
  }

  #grantsOf(name: string): Grants {
    const known = this.#grants.get(name);
    if (known !== undefined) return known;
    const grants: Grants = { read: new IntervalSet(), write: new IntervalSet() };
    for (const roleName of this.#users.get(name)?.roles ?? []) {
      for (const permission of this.#roles.get(roleName)?.permissions ?? []) {
        const end = intervalEnd(permission.key, permission.rangeEnd);
        if (permission.access !== "write") grants.read.add(permission.key, end);
        if (permission.access !== "read") grants.write.add(permission.key, end);
      }
    }
    this.#grants.set(name, grants);
    return grants;
  }
}

/** Names are compared by code unit, never by a locale: the order must be the same on every member. */
function byName(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function byKey(a: KeyInterval, b: KeyInterval): number {
  return compareBytes(a.key, b.key);
}

function sameInterval(a: KeyInterval, b: KeyInterval): boolean {
  return equalBytes(a.key, b.key) && equalBytes(a.rangeEnd ?? NO_BYTES, b.rangeEnd ?? NO_BYTES);
}

function withoutRole(user: User, role: string): User {
  return { ...user, roles: user.roles.filter((other) => other !== role) };
}

/** Commands lend their bytes for the duration of `apply` only. */
function copyOf(permission: Permission): Permission {
  return {
    access: permission.access,
    key: permission.key.slice(),
    rangeEnd: permission.rangeEnd?.slice(),
  };
}

function isPermissionInterval(interval: KeyInterval): boolean {
  const end = interval.rangeEnd ?? NO_BYTES;
  if (interval.key.length === 0) return false;
  if (end.length === 0 || (end.length === 1 && end[0] === 0)) return true;
  return compareBytes(interval.key, end) < 0;
}
