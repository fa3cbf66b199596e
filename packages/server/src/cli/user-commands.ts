import { AuthService } from "@quorate/protocol";
import { ConfigError } from "../config/config-error.ts";
import { type Cli, type CommonOptions, examples } from "./cli.ts";
import { withClient } from "./connection.ts";
import { nameAndPassword } from "./read-words.ts";
import { say, showTable } from "./show.ts";
import type { Terminal } from "./terminal.ts";

type Group = Cli["program"];

/** `user`: who may log in, and which roles they have. */
export function addUserCommands(cli: Cli): void {
  const user = cli.program
    .command("user")
    .summary("users and the roles they have")
    .description("Adds, shows, changes and deletes users.");
  addAdd(cli, user);
  addDelete(cli, user);
  addGet(cli, user);
  addList(cli, user);
  addPassword(cli, user);
  addGrants(cli, user);
}

function addAdd({ terminal }: Cli, user: Group): void {
  user
    .command("add <name>")
    .summary("add a user")
    .description(
      "Adds a user. The password is read from standard input, or follows the name after a colon, where other users of this machine can see it.",
    )
    .option("--no-password", "the user logs in with a certificate and no other way")
    .addHelpText(
      "after",
      examples("quorate user add ann < password.txt", "quorate user add --no-password robot"),
    )
    .action(async (text: string, flags: { readonly password: boolean }, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { name, password: given } = nameAndPassword(text);
      const noPassword = !flags.password;
      const password = noPassword ? "" : (given ?? (await readPassword(terminal)));
      await withClient(options, (client) =>
        client.call(AuthService.userAdd, { name, password, options: { noPassword } }, "write"),
      );
      say(terminal, options.output, `user ${name} added`, { user: name });
    });
}

function addDelete({ terminal }: Cli, user: Group): void {
  user
    .command("delete <name>")
    .summary("delete a user")
    .description("Deletes a user; its tokens end at once.")
    .action(async (name: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) => client.call(AuthService.userDelete, { name }, "write"));
      say(terminal, options.output, `user ${name} deleted`, { user: name });
    });
}

function addGet({ terminal }: Cli, user: Group): void {
  user
    .command("get <name>")
    .summary("show a user's roles")
    .description("Shows which roles a user has.")
    .action(async (name: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { roles } = await withClient(options, (client) =>
        client.call(AuthService.userGet, { name }, "read"),
      );
      const sentence = `user ${name}: ${roles.length === 0 ? "no roles" : roles.join(" ")}`;
      say(terminal, options.output, sentence, { user: name, roles });
    });
}

function addList({ terminal }: Cli, user: Group): void {
  user
    .command("list")
    .summary("show all users")
    .description("Shows the names of all users.")
    .action(async (_: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { users } = await withClient(options, (client) =>
        client.call(AuthService.userList, {}, "read"),
      );
      showTable(
        terminal,
        options.output,
        { users },
        ["USER"],
        users.map((name) => [name]),
      );
    });
}

function addPassword({ terminal }: Cli, user: Group): void {
  user
    .command("passwd <name>")
    .summary("change a user's password")
    .description(
      "Changes a password, read from standard input; tokens that the old one got end at once.",
    )
    .addHelpText("after", examples("quorate user passwd ann < password.txt"))
    .action(async (text: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { name, password: given } = nameAndPassword(text);
      const password = given ?? (await readPassword(terminal));
      await withClient(options, (client) =>
        client.call(AuthService.userChangePassword, { name, password }, "write"),
      );
      say(terminal, options.output, `password of ${name} changed`, { user: name });
    });
}

function addGrants({ terminal }: Cli, user: Group): void {
  user
    .command("grant-role <name> <role>")
    .summary("give a user a role")
    .description("Gives a user a role; what it allows holds from now on.")
    .action(async (name: string, role: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) =>
        client.call(AuthService.userGrantRole, { user: name, role }, "write"),
      );
      say(terminal, options.output, `user ${name} has role ${role} now`, { user: name, role });
    });
  user
    .command("revoke-role <name> <role>")
    .summary("take a role from a user")
    .description("Takes a role from a user; what it allowed ends at once.")
    .action(async (name: string, role: string, _: unknown, command: Group) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) =>
        client.call(AuthService.userRevokeRole, { name, role }, "write"),
      );
      say(terminal, options.output, `user ${name} has role ${role} no more`, { user: name, role });
    });
}

/** The first line that comes in. */
async function readPassword(terminal: Terminal): Promise<string> {
  const text = Buffer.from(await terminal.readInput()).toString();
  const [password = ""] = text.split(/\r?\n/);
  if (password === "") throw new ConfigError("The password on standard input must not be empty.");
  return password;
}
