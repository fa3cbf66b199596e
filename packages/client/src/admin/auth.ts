import { AuthService, type Permission, PermissionType } from "@quorate/protocol";
import { type Bytes, toBytes } from "../keys/bytes.ts";
import { type IntervalOptions, interval } from "../keys/interval.ts";
import type { CallOptions, Requests } from "../requests.ts";

/** What a role may do with keys. */
export type Access = "read" | "write" | "readWrite";

const ACCESS: Readonly<Record<Access, PermissionType>> = {
  read: PermissionType.READ,
  write: PermissionType.WRITE,
  readWrite: PermissionType.READWRITE,
};

/** Users, roles, and whether they count. */
export class UserAdministration {
  readonly #requests: Requests;

  /** @internal */
  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** From now on every call needs a user. There must be a user `root` with the role `root`. */
  async enable(options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.authEnable, {}, "identified", options);
  }

  /** From now on everybody may do everything. */
  async disable(options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.authDisable, {}, "identified", options);
  }

  /** Whether users count. */
  async enabled(options: CallOptions = {}): Promise<boolean> {
    return (await this.#requests.call(AuthService.authStatus, {}, "read", options)).enabled;
  }

  /** Adds a user. Without a password it can only prove itself with a certificate. */
  async addUser(
    name: string,
    password: string | undefined,
    options: CallOptions = {},
  ): Promise<void> {
    const request =
      password === undefined
        ? { name, options: { noPassword: true } }
        : { name, password, options: { noPassword: false } };
    await this.#requests.call(AuthService.userAdd, request, "write", options);
  }

  /** Deletes a user. */
  async deleteUser(name: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.userDelete, { name }, "write", options);
  }

  /** Gives a user another password. Its tokens end. */
  async changePassword(name: string, password: string, options: CallOptions = {}): Promise<void> {
    const request = { name, password };
    await this.#requests.call(AuthService.userChangePassword, request, "identified", options);
  }

  /** The names of all users. */
  async users(options: CallOptions = {}): Promise<readonly string[]> {
    return (await this.#requests.call(AuthService.userList, {}, "read", options)).users;
  }

  /** The roles of a user. */
  async rolesOf(name: string, options: CallOptions = {}): Promise<readonly string[]> {
    return (await this.#requests.call(AuthService.userGet, { name }, "read", options)).roles;
  }

  /** Gives a user a role. */
  async grantRole(user: string, role: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.userGrantRole, { user, role }, "write", options);
  }

  /** Takes a role from a user. */
  async revokeRole(name: string, role: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.userRevokeRole, { name, role }, "write", options);
  }

  /** Adds a role, which may nothing at first. */
  async addRole(name: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.roleAdd, { name }, "write", options);
  }

  /** Deletes a role and takes it from everybody. */
  async deleteRole(role: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.call(AuthService.roleDelete, { role }, "write", options);
  }

  /** The names of all roles. */
  async roles(options: CallOptions = {}): Promise<readonly string[]> {
    return (await this.#requests.call(AuthService.roleList, {}, "read", options)).roles;
  }

  /** What a role may do. */
  async permissionsOf(role: string, options: CallOptions = {}): Promise<readonly Permission[]> {
    return (await this.#requests.call(AuthService.roleGet, { role }, "read", options)).perm;
  }

  /** Lets a role read or write a key, or many. Granting it again changes nothing. */
  async permit(
    role: string,
    access: Access,
    key: Bytes,
    options: CallOptions & IntervalOptions = {},
  ): Promise<void> {
    const perm = { permType: ACCESS[access], ...interval(key, options) };
    const request = { name: role, perm };
    await this.#requests.call(AuthService.roleGrantPermission, request, "identified", options);
  }

  /** Takes back what `permit` gave for exactly these keys. */
  async forbid(
    role: string,
    key: Bytes,
    options: CallOptions & IntervalOptions = {},
  ): Promise<void> {
    const where = interval(toBytes(key), options);
    await this.#requests.call(
      AuthService.roleRevokePermission,
      { role, ...where },
      "write",
      options,
    );
  }
}
