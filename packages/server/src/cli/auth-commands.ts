import { AuthService } from "@quorate/protocol";
import type { Cli, CommonOptions } from "./cli.ts";
import { withClient } from "./connection.ts";
import { say } from "./show.ts";

/** `auth`: whether users have to say who they are. */
export function addAuthCommands({ program, terminal }: Cli): void {
  const auth = program
    .command("auth")
    .summary("switch access control on and off")
    .description(
      "Access control is off until a user root with the role root exists and it is switched on.",
    );
  auth
    .command("enable")
    .summary("let nobody in without a name")
    .description("Switches access control on. Needs a user root that has the role root.")
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) => client.call(AuthService.authEnable, {}, "write"));
      say(terminal, options.output, "access control is on", { enabled: true });
    });
  auth
    .command("disable")
    .summary("let everybody in")
    .description("Switches access control off. Needs root.")
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      await withClient(options, (client) => client.call(AuthService.authDisable, {}, "write"));
      say(terminal, options.output, "access control is off", { enabled: false });
    });
  auth
    .command("status")
    .summary("show whether access control is on")
    .description("Shows whether access control is on, and how often users and roles have changed.")
    .action(async (_: unknown, command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const { enabled, authRevision } = await withClient(options, (client) =>
        client.call(AuthService.authStatus, {}, "read"),
      );
      const sentence = `access control is ${enabled ? "on" : "off"}, revision ${authRevision}`;
      say(terminal, options.output, sentence, { enabled, authRevision });
    });
}
