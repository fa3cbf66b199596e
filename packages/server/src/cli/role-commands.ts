import { interval } from "@quorate/client";
import { AuthService, type Permission, PermissionType } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { readable } from "./print.ts";
import { say, show, showTable } from "./show.ts";
import { table } from "./table.ts";

type Group = Cli["program"];

const ACCESS: Readonly<Record<string, number>> = {
  read: PermissionType.READ,
  write: PermissionType.WRITE,
  readwrite: PermissionType.READWRITE,
};

interface KeysFlags {
  readonly prefix?: boolean;
  readonly fromKey?: boolean;
}

/** `role`: named sets of permissions. */
export function addRoleCommands(cli: Cli): void {
  const role = cli.program
    .command("role")
    .summary("roles and what they allow")
    .description(
      "Adds, shows, changes and deletes roles. A role is a set of intervals of keys with what may be done there.",
    );
  addPlain(cli, role);
  addGet(cli, role);
  addGrant(cli, role);
  addRevoke(cli, role);
}

function addPlain({ terminal }: Cli, role: Group): void {
  role
    .command("add <name>")
    .summary("add a role")
    .description("Adds a role that allows nothing yet.")
    .action(async (name: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) => client.call(AuthService.roleAdd, { name }, "write"));
      say(terminal, options.output, `role ${name} added`, { role: name });
    });
  role
    .command("delete <name>")
    .summary("delete a role")
    .description("Deletes a role and takes it from all users.")
    .action(async (name: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) =>
        client.call(AuthService.roleDelete, { role: name }, "write"),
      );
      say(terminal, options.output, `role ${name} deleted`, { role: name });
    });
  role
    .command("list")
    .summary("show all roles")
    .description("Shows the names of all roles.")
    .action(async (_: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { roles } = await withClient(options, (client) =>
        client.call(AuthService.roleList, {}, "read"),
      );
      showTable(
        terminal,
        options.output,
        { roles },
        ["ROLE"],
        roles.map((name) => [name]),
      );
    });
}

function addGet({ terminal }: Cli, role: Group): void {
  role
    .command("get <name>")
    .summary("show what a role allows")
    .description("Shows the intervals of keys of a role and what may be done there.")
    .action(async (name: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { perm } = await withClient(options, (client) =>
        client.call(AuthService.roleGet, { role: name }, "read"),
      );
      const rows = perm.map((permission) => [accessOf(permission), keysOf(permission)]);
      const text = (): string => table(["ACCESS", "KEYS"], rows);
      show(terminal, options.output, {
        json: { role: name, permissions: rows.map(([access, keys]) => ({ access, keys })) },
        table: text,
        plain: text,
      });
    });
}

function addGrant({ terminal }: Cli, role: Group): void {
  role
    .command("grant-permission <name> <access> <key> [end]")
    .summary("let a role do something")
    .description(
      "Lets a role read, write or readwrite one key, or all keys from <key> up to but not including [end].",
    )
    .option("--prefix", "all keys that begin with <key>; an empty key means every key")
    .option("--from-key", "all keys from <key> on")
    .addHelpText("after", examples("quorate role grant-permission app readwrite /app/ --prefix"))
    .action(
      async (
        name: string,
        access: string,
        key: string,
        end: string | undefined,
        flags: KeysFlags,
        command: Group,
      ) => {
        const options: CommonOptions = command.optsWithGlobals();
        const permType = ACCESS[access];
        if (permType === undefined) {
          throw new ConfigError(`<access> must be read, write or readwrite, not "${access}".`);
        }
        const keys = interval(key, { ...flags, end });
        const perm = { permType, ...keys };
        await withClient(options, (client) =>
          client.call(AuthService.roleGrantPermission, { name, perm }, "write"),
        );
        const shown = keysOf(keys);
        say(terminal, options.output, `role ${name} may ${access} ${shown}`, {
          role: name,
          access,
          keys: shown,
        });
      },
    );
}

function addRevoke({ terminal }: Cli, role: Group): void {
  role
    .command("revoke-permission <name> <key> [end]")
    .summary("take a permission from a role")
    .description("Takes back what was granted for exactly this interval of keys.")
    .option("--prefix", "as it was granted")
    .option("--from-key", "as it was granted")
    .action(
      async (
        name: string,
        key: string,
        end: string | undefined,
        flags: KeysFlags,
        command: Group,
      ) => {
        const options: CommonOptions = command.optsWithGlobals();
        const keys = interval(key, { ...flags, end });
        await withClient(options, (client) =>
          client.call(AuthService.roleRevokePermission, { role: name, ...keys }, "write"),
        );
        const shown = keysOf(keys);
        say(terminal, options.output, `role ${name} may no more touch ${shown}`, {
          role: name,
          keys: shown,
        });
      },
    );
}

function accessOf({ permType }: Permission): string {
  return Object.keys(ACCESS).find((name) => ACCESS[name] === permType) ?? String(permType);
}

function keysOf({
  key,
  rangeEnd,
}: {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}): string {
  if (rangeEnd.length === 0) return readable(key);
  const isOpen = rangeEnd.length === 1 && rangeEnd[0] === 0;
  return isOpen ? `[${readable(key)}, …)` : `[${readable(key)}, ${readable(rangeEnd)})`;
}
