import { Option } from "commander";
import { type Cli, examples } from "./cli.ts";
import type { SimLanguage } from "./sim-narration.ts";
import type { ShrinkFlags } from "./sim-shrink.ts";
import type { SoakFlags } from "./sim-soak.ts";

interface RunFlags {
  readonly seed?: string;
  readonly lang: SimLanguage;
  readonly profile: "short" | "long";
  readonly world: "cores" | "nodes";
  readonly without?: string;
  readonly export?: string;
  readonly link?: boolean;
}

/**
 * `sim`: real members on virtual time. What it needs is loaded only when it is called: it would double the time that
 * every other command takes to start.
 */
export function addSimCommands({ program, terminal, end }: Cli): void {
  const sim = program
    .command("sim")
    .summary("play clusters on virtual time: stories of the algorithm, and runs drawn from seeds")
    .description(
      "Plays clusters of real members on virtual time, network and disk, watched by the checkers. Needs no cluster and no server. Ends with 0 when the goal was reached or nothing was violated, with 1 otherwise.",
    );
  sim
    .command("list")
    .summary("list the stories")
    .description("Lists the stories: every situation of the algorithm, one each.")
    .addOption(language())
    .action(async ({ lang }: { readonly lang: SimLanguage }) => {
      const { listStories } = await import("./sim-story.ts");
      terminal.out(listStories(lang));
    });
  sim
    .command("run [id]")
    .summary("play a story, or a run drawn from a seed")
    .description(
      "Plays a story and tells it as it unfolds; without <id>, a whole run that is drawn from --seed: cluster, settings, faults and clients.",
    )
    .option("--seed <number>", "other delays for a story; which run to draw without a story")
    .addOption(language())
    .addOption(
      new Option("--profile <name>", "how long a drawn run is")
        .choices(["short", "long"])
        .default("short"),
    )
    .addOption(world())
    .option("--without <rule>", "switch a rule of the algorithm off, to see what breaks")
    .option("--export <file>", "write the run to a file")
    .option("--link", "print the run as the fragment of a link to the playground")
    .addHelpText(
      "after",
      examples(
        "quorate sim run split-brain",
        "quorate sim run figure-8 --without countOldTerms --lang zh",
        "quorate sim run --seed 42 --profile long --export run.json",
        "quorate sim run --seed 42 --world nodes --link",
      ),
    )
    .action(async (id: string | undefined, flags: RunFlags) => {
      const story = await import("./sim-story.ts");
      const seed = flags.seed === undefined ? undefined : story.seedOf(flags.seed);
      end(
        id === undefined
          ? await story.runSeed(terminal, { ...flags, seed })
          : await story.runStory(terminal, id, { ...flags, seed }),
      );
    });
  sim
    .command("soak")
    .summary("draw and play runs for some minutes")
    .description(
      "Draws and plays runs, one seed after the other, until the time is over or something is violated; then it prints how to repeat it.",
    )
    .requiredOption("--minutes <number>", "for how long; fractions are possible")
    .option("--from <seed>", "the first seed", "1")
    .addOption(
      new Option("--profile <name>", "how long a run is")
        .choices(["short", "long"])
        .default("short"),
    )
    .addOption(world())
    .option("--export <file>", "where a failing run is written to")
    .option("--link", "print a failing run as the fragment of a link to the playground")
    .action(async (flags: SoakFlags) => {
      const { soak } = await import("./sim-soak.ts");
      end(await soak(terminal, flags));
    });
  sim
    .command("replay <run>")
    .summary("play a run from a file or a link")
    .description(
      "Plays a run again, exactly as it was: from a file that `sim run --export`, the playground or a test wrote, or from the text of a link.",
    )
    .option("--test", "print a test file for node --test instead of playing")
    .action(async (source: string, flags: { readonly test?: boolean }) => {
      const { replayRun } = await import("./sim-replay.ts");
      end(await replayRun(terminal, source, flags.test === true));
    });
  sim
    .command("shrink <run>")
    .summary("make a failing run short")
    .description(
      "Leaves out of a failing run what does not matter, as long as the same checker complains, and writes what is left.",
    )
    .option("--seconds <number>", "for how long at most", "60")
    .option("--export <file>", "where the short run is written to; without it, it is printed")
    .option("--link", "print the short run as the fragment of a link to the playground")
    .action(async (source: string, flags: ShrinkFlags) => {
      const { shrinkRun } = await import("./sim-shrink.ts");
      end(await shrinkRun(terminal, source, flags));
    });
}

function world(): Option {
  return new Option(
    "--world <name>",
    "what is real in a drawn run: the cores alone, or whole nodes",
  )
    .choices(["cores", "nodes"])
    .default("cores");
}

function language(): Option {
  return new Option("--lang <code>", "language of the story").choices(["en", "zh"]).default("en");
}
